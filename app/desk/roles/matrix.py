"""What a role may do, as a table that people read: areas and tables against see, add, change, delete, and functions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.catalog import Catalog, Relation, Rights
from app.words import label_of, language

VERBS = ("select", "insert", "update", "delete", "execute")
# What is written by columns: a right on some of them, or on all, those of later too
BY_COLUMN = ("insert", "update")
Grants = Mapping[tuple[str, str], frozenset[str]]
"""(object, verb) to its columns; none means all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One right: whether it is held, by how many columns, and what could be chosen."""

    verb: str
    held: bool
    all_columns: bool
    columns: tuple[str, ...]
    choices: tuple[tuple[str, str], ...] = ()
    offered: bool = False
    offered_all: bool = False
    common: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A table, view or function with its cells."""

    name: str
    label: str
    cells: tuple[Cell, ...]

    @property
    def is_common(self) -> bool:
        """Whether everybody who works here may do all of it."""
        return all(cell.common for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The rows of one schema."""

    name: str
    label: str
    tables: tuple[Row, ...]
    functions: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between what a role holds and what it is to hold."""

    added: bool
    area: str
    label: str
    verb: str
    columns: tuple[str, ...]


def areas_of(catalog: Catalog, held: Rights, common: Rights) -> list[Area]:
    """What a role may do, all in all; what everybody who works here may is marked."""

    def cells(relation: Relation) -> tuple[Cell, ...]:
        found = []
        for verb in VERBS[:4]:
            mine, all_ = _columns(held, verb, relation), _columns(common, verb, relation)
            whole = mine == frozenset(relation.columns)
            names = (
                () if whole else tuple(label(relation, name) for name in _ordered(relation, mine))
            )
            found.append(
                Cell(
                    verb=verb, held=bool(mine), all_columns=whole, columns=names, common=bool(all_)
                )
            )
        return tuple(found)

    def functions(schema: str) -> Iterable[Row]:
        for function in catalog.functions.values():
            if function.schema == schema and function.full in held.execute:
                yield Row(
                    name=function.full,
                    label=label_of(function.comment, function.name, language()),
                    cells=(
                        Cell(
                            verb="execute",
                            held=True,
                            all_columns=True,
                            columns=(),
                            common=function.full in common.execute,
                        ),
                    ),
                )

    return _areas(catalog, cells, functions)


def choices_of(catalog: Catalog, grants: Grants, mine: Rights, common: Rights) -> list[Area]:
    """What may be chosen for a role: what the reader holds, with what the role has already."""

    def cell(relation: Relation, verb: str) -> Cell:
        has = grants.get((relation.full, verb))
        # Rights on own columns are given on the page of own columns
        ours = frozenset(name for name in relation.columns if not name.startswith("x_"))
        can = _columns(mine, verb, relation) & ours
        names = (
            tuple((name, label(relation, name)) for name in _ordered(relation, can))
            if verb in BY_COLUMN
            else ()
        )
        return Cell(
            verb=verb,
            held=has is not None,
            all_columns=has == frozenset(),
            columns=tuple(sorted((has or frozenset()) & ours)),
            choices=names,
            offered=bool(can),
            offered_all=can == ours,
            common=bool(_columns(common, verb, relation)),
        )

    def cells(relation: Relation) -> tuple[Cell, ...]:
        return tuple(cell(relation, verb) for verb in VERBS[:4])

    def functions(schema: str) -> Iterable[Row]:
        for function in catalog.functions.values():
            if function.schema == schema and function.full in mine.execute:
                held = (function.full, "execute") in grants
                yield Row(
                    name=function.full,
                    label=label_of(function.comment, function.name, language()),
                    cells=(
                        Cell(
                            verb="execute",
                            held=held,
                            all_columns=True,
                            columns=(),
                            offered=True,
                            common=function.full in common.execute,
                        ),
                    ),
                )

    # Rights on own tables are given on the page of own tables
    return _areas(catalog, cells, functions, without=frozenset({"own"}))


def grants_said(said: Iterable[str]) -> dict[tuple[str, str], frozenset[str]]:
    """What a form says: `select:sales.hold`, `update:sales.hold_rule:is_on`; without a column, all of them."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    whole: set[tuple[str, str]] = set()
    for text in said:
        verb, _, rest = text.partition(":")
        name, _, column = rest.partition(":")
        if verb not in VERBS or not name:
            continue
        if column:
            found[name, verb] = found.get((name, verb), frozenset()) | {column}
        else:
            whole.add((name, verb))
    return found | dict.fromkeys(whole, frozenset())


def changes(catalog: Catalog, before: Grants, after: Grants) -> list[Change]:
    """What would be taken and what given, in words, in the order of the areas."""
    found = []
    for name, verb in sorted({*before, *after}):
        old, new = before.get((name, verb)), after.get((name, verb))
        if old == new:
            continue
        for added, columns in _difference(old, new):
            found.append(_change(catalog, name, verb, added=added, columns=columns))
    return found


def _difference(
    old: frozenset[str] | None, new: frozenset[str] | None
) -> Iterable[tuple[bool, frozenset[str]]]:
    """(whether it is given, columns; none means all) for one object and verb, own columns left aside."""
    if old and new:
        if old - new:
            yield False, old - new
        if new - old:
            yield True, new - old
        return
    if old is not None:
        yield False, old
    if new is not None:
        yield True, new


def _change(
    catalog: Catalog, name: str, verb: str, *, added: bool, columns: frozenset[str]
) -> Change:
    schema = name.partition(".")[0]
    relation, function = catalog.relations.get(name), catalog.functions.get(name)
    comment = relation.comment if relation else function.comment if function else None
    return Change(
        added=added,
        area=label_of(catalog.schemas.get(schema), schema, language()),
        label=label_of(comment, name.partition(".")[2], language()),
        verb=verb,
        columns=tuple(
            label(relation, column) if relation else column for column in sorted(columns)
        ),
    )


def label(relation: Relation, name: str) -> str:
    """The label of a column, or its name when it is there no more."""
    column = relation.columns.get(name)
    return label_of(column.comment, name, language()) if column else name


def _areas(
    catalog: Catalog,
    cells: Callable[[Relation], tuple[Cell, ...]],
    functions: Callable[[str], Iterable[Row]],
    without: frozenset[str] = frozenset(),
) -> list[Area]:
    found = []
    for schema, comment in catalog.schemas.items():
        if schema in without:
            continue
        rows = [
            Row(
                name=relation.full,
                label=label_of(relation.comment, relation.name, language()),
                cells=cells(relation),
            )
            for relation in sorted(catalog.relations.values(), key=lambda one: one.name)
            if relation.schema == schema
        ]
        rows = [row for row in rows if any(cell.held or cell.offered for cell in row.cells)]
        calls = sorted(functions(schema), key=lambda one: one.label)
        if rows or calls:
            found.append(
                Area(
                    name=schema,
                    label=label_of(comment, schema, language()),
                    tables=tuple(rows),
                    functions=tuple(calls),
                )
            )
    return found


def _columns(held: Rights, verb: str, relation: Relation) -> frozenset[str]:
    if verb == "delete":
        return frozenset(relation.columns) if relation.full in held.delete else frozenset()
    rights = {"select": held.read, "insert": held.insert, "update": held.update}[verb]
    return frozenset(rights.get(relation.full, ()))


def _ordered(relation: Relation, names: Iterable[str]) -> list[str]:
    wanted = set(names)
    return [name for name in relation.columns if name in wanted]
