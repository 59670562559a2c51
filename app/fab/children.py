"""Rows of other tables that belong to the shown one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.asking import data, generation, rights
from app.catalog import Relation
from app.errors import label
from app.fab.addresses import address
from app.fab.screen import Screens, list_columns
from app.words import label_of, language

ROWS = 20
CHILDREN_MAX = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """The last rows of another table whose `column` points to the shown row, oldest first."""

    relation: Relation
    column: str
    value: object
    columns: Sequence[str]
    key: Sequence[str]
    rows: Sequence[Any]
    more: bool
    leads: bool = False


def children(screens: Screens, relation: Relation, item: Any) -> list[Child]:
    """The tables that stand on the page of a row, as far as the reader may read them."""
    held, found = rights(), list[Child]()
    screen = screens.of(relation)
    for place, (full, column) in enumerate(screen.children[:CHILDREN_MAX]):
        child = generation().catalog.relations.get(full)
        readable = held.read.get(full, frozenset[str]()) if held else frozenset[str]()
        if child is not None and column in readable:
            value = getattr(item, child.references[column][1])
            made = _child(screens, child, column, value, readable)
            # The lines of a slip stand before everything else of it
            found.append(replace(made, leads=not place and bool(screen.explain)))
    return found


def _child(
    screens: Screens, relation: Relation, column: str, value: object, readable: frozenset[str]
) -> Child:
    columns = [n for n in list_columns(screens.of(relation), relation, readable) if n != column]
    key = relation.key if set(relation.key) <= readable else ()
    table = generation().table(relation)
    select = sa.select(*(table.c[name] for name in dict.fromkeys((*key, *columns))))
    newest = [table.c[name].desc() for name in key]
    rows = data().execute(select.where(table.c[column] == value).order_by(*newest).limit(ROWS + 1))
    found = rows.all()
    return Child(
        relation=relation,
        column=column,
        value=value,
        columns=columns,
        key=key,
        rows=found[:ROWS][::-1],
        more=len(found) > ROWS,
    )


def links(
    relation: Relation, item: Any, names: Sequence[str], shown: Sequence[Child]
) -> list[tuple[str, str]]:
    """Lists of other rows that point here, as links alone: (what is said, address)."""
    standing = {(child.relation.full, child.column) for child in shown}
    held, found = rights(), list[tuple[str, str]]()
    for child, column in generation().catalog.children.get(relation.full, ()):
        target = child.references[column][1]
        readable = held.read.get(child.full, frozenset[str]()) if held else frozenset[str]()
        if (child.full, column) in standing or column not in readable or target not in names:
            continue
        said = label_of(child.comment, child.name, language())
        if column not in relation.key:
            said += f"（{label(child.columns[column])}）"
        found.append((said, address(child, "list", **{f"f.{column}": str(getattr(item, target))})))
    return found
