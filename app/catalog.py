"""The schema as the screens need it: read from pg_catalog in one picture, with the rights of each role."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

SCHEMAS = (
    "base",
    "catalog",
    "channel",
    "customer",
    "sales",
    "stock",
    "shipping",
    "purchasing",
    "accounting",
    "mail",
    "document",
    "transit",
    "staff",
    "report",
    "own",
)
_KEY_TAG = re.compile(r"@key\(([^)]*)\)")
_CHECK_LIST = re.compile(
    r"\(\(?(\w+)\)?(?:::text)? = ANY \(\(?ARRAY\[(.*?)\]\)?(?:::text\[\])?\)\)"
)
_LITERAL = re.compile(r"(E?)'((?:[^']|'')*)'")
_ARRAY = "[]"

_KINDS = {
    "smallint": "integer",
    "integer": "integer",
    "bigint": "integer",
    "numeric": "numeric",
    "real": "float",
    "double precision": "float",
    "boolean": "boolean",
    "date": "date",
    "timestamp with time zone": "moment",
    "timestamp without time zone": "datetime",
    "time without time zone": "time",
    "json": "json",
    "jsonb": "json",
    "uuid": "uuid",
    "bytea": "bytes",
    "interval": "interval",
    "text": "text",
    "character varying": "text",
    "character": "text",
    "name": "text",
    "tstzrange": "range",
    "tsrange": "range",
    "daterange": "range",
    "int4range": "range",
    "int8range": "range",
    "numrange": "range",
}


# Personal data of a row stands apart in a table of this ending, with the row's key
PARTY = "_party"


@cache
def query(name: str) -> str:
    """The text of a named query of the screens."""
    return (Path(__file__).parent / "queries" / f"{name}.sql").read_text(encoding="utf-8")


def kind_of(type_name: str) -> str:
    """The kind of field that a PostgreSQL type needs; what is not known is shown and written as text."""
    if type_name.endswith(_ARRAY):
        return "array"
    return _KINDS.get(re.sub(r"\([\d,]+\)", "", type_name), "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a relation; `generated` ones are never written."""

    name: str
    type: str
    kind: str
    domain: str | None
    nullable: bool
    has_default: bool
    generated: bool
    comment: str | None
    choices: tuple[str, ...] = ()

    @property
    def multiline(self) -> bool:
        return "@multiline" in (self.comment or "")

    @property
    def personal(self) -> bool:
        return "@pii" in (self.comment or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A key, reference or check, with the sentence that staff read when it refuses."""

    name: str
    kind: str
    columns: tuple[str, ...]
    target: str | None
    target_columns: tuple[str, ...]
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A table or view; `key` is empty for a view whose comment names none."""

    oid: int
    schema: str
    name: str
    kind: str
    comment: str | None
    rows: int
    row_security: bool
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    references: Mapping[str, tuple[str, str]]
    search_columns: tuple[str, ...] = ()

    @property
    def full(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def is_table(self) -> bool:
        return self.kind in "rp"

    @property
    def title_columns(self) -> tuple[str, ...]:
        """The columns by which a person knows a row: its code and its name."""
        stems = (self.name, self.name.rpartition("_")[2], self.name.removesuffix(PARTY))
        if "label" in self.columns:
            return ("label",)
        codes = [f"{stem}_{end}" for stem in stems for end in ("code", "no")]
        names = [f"{stem}_name" for stem in stems] + ["display_name", "login_name", "name"]
        found = [
            next((name for name in names_ if name in self.columns), None)
            for names_ in (codes, names)
        ]
        return tuple(dict.fromkeys(name for name in found if name)) or self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One parameter of a function."""

    name: str
    type: str
    kind: str
    has_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function that staff may be granted; overloaded names are not offered.

    `results` are the columns that it answers with, where it names them.
    """

    oid: int
    schema: str
    name: str
    comment: str | None
    arguments: tuple[Argument, ...]
    returns: str
    returns_set: bool
    results: tuple[Argument, ...] = ()

    @property
    def full(self) -> str:
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What one database role may do; names of relations are `schema.table`."""

    role: str
    read: Mapping[str, frozenset[str]]
    insert: Mapping[str, frozenset[str]]
    update: Mapping[str, frozenset[str]]
    delete: frozenset[str]
    execute: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """One picture of the schema; a changed schema is another picture with another signature."""

    signature: str
    relations: Mapping[str, Relation]
    functions: Mapping[str, Function]
    schemas: Mapping[str, str | None]
    messages: Mapping[str, Constraint]
    children: Mapping[str, tuple[tuple[Relation, str], ...]]

    def column_like(self, name: str, schema: str = "") -> tuple[Relation, Column] | None:
        """The first column of this name, in the function's own area before others.

        Function parameters take their label and reference from it.
        """
        # A shop's own column of the same name says nothing about a function of ours
        near = sorted(
            self.relations.values(), key=lambda one: (one.schema == "own", one.schema != schema)
        )
        for relation in near:
            if name in relation.columns and relation.is_table and name in relation.references:
                return relation, relation.columns[name]
        for relation in near:
            if name in relation.columns and relation.is_table:
                column = relation.columns[name]
                # The words of another area may fit, its codes do not
                is_near = not schema or relation.schema == schema
                return relation, column if is_near else replace(column, choices=())
        return None


def signature(connection: Connection) -> str:
    """A text that differs whenever a screen would."""
    found = connection.scalar(sa.text(query("signature")), {"schemas": list(SCHEMAS)})
    return str(found)


def read(connection: Connection) -> Catalog:
    """Read the whole catalogue; run it in one repeatable-read transaction."""
    schemas = {"schemas": list(SCHEMAS)}
    mark = signature(connection)
    relations = {
        f"{row.schema}.{row.name}": _relation(row)
        for row in connection.execute(sa.text(query("relations")), schemas)
    }
    relations = _pointing(relations)
    others = connection.execute(sa.text(query("functions")), schemas).all()
    children: dict[str, list[tuple[Relation, str]]] = {}
    for relation in (found for found in relations.values() if found.is_table):
        for column, (target, _) in relation.references.items():
            children.setdefault(target, []).append((relation, column))
    messages = {
        constraint.name: constraint
        for relation in relations.values()
        for constraint in relation.constraints
    } | {
        row.name: Constraint(
            name=row.name, kind="c", columns=(), target=None, target_columns=(), comment=row.comment
        )
        for row in others
        if row.what == "domain"
    }
    return Catalog(
        signature=mark,
        relations=MappingProxyType(relations),
        functions=MappingProxyType(_functions(others)),
        schemas={row.name: row.comment for row in others if row.what == "schema"},
        messages=messages,
        children={target: tuple(found) for target, found in children.items()},
    )


def rights(connection: Connection, catalog: Catalog, role: str) -> Rights:
    """What the grants let this role do, for everything in the catalogue: one query."""
    rows = connection.execute(
        sa.text(query("rights")), {"schemas": list(SCHEMAS), "role": role}
    ).all()
    by_oid = {row.oid: row for row in rows if row.what == "relation"}
    callable_ = {row.oid for row in rows if row.what == "function" and row.may}
    named = [
        (name, by_oid[relation.oid])
        for name, relation in catalog.relations.items()
        if relation.oid in by_oid
    ]
    return Rights(
        role=role,
        read={name: frozenset(row.may_read) for name, row in named if row.may_read},
        insert={
            name: frozenset(row.may_insert)
            for name, row in named
            if row.may_insert and catalog.relations[name].is_table
        },
        update={
            name: frozenset(row.may_update)
            for name, row in named
            if row.may_update and catalog.relations[name].is_table
        },
        delete=frozenset(
            name for name, row in named if row.may and catalog.relations[name].is_table
        ),
        execute=frozenset(
            name for name, found in catalog.functions.items() if found.oid in callable_
        ),
    )


def _relation(row: sa.Row[tuple[object, ...]]) -> Relation:
    constraints = tuple(
        Constraint(
            name=found["name"],
            kind=found["kind"],
            columns=tuple(found["columns"] or ()),
            target=found["target"],
            target_columns=tuple(found["target_columns"] or ()),
            comment=found["comment"],
        )
        for found in _json(row.constraints)
    )
    choices = _choices(_json(row.constraints))
    columns = {
        found["name"]: Column(
            kind=kind_of(found["type"]), choices=choices.get(found["name"], ()), **found
        )
        for found in _json(row.columns)
    }
    tag = _KEY_TAG.search(row.comment or "")
    tagged = tuple(part.strip() for part in tag[1].split(",")) if tag else ()
    key = next((found.columns for found in constraints if found.kind == "p"), tagged)
    return Relation(
        oid=row.oid,
        schema=row.schema,
        name=row.name,
        kind=row.kind,
        comment=row.comment,
        rows=row.rows,
        row_security=row.row_security,
        search_columns=tuple(row.search_columns),
        columns=MappingProxyType(columns),
        key=key if all(name in columns for name in key) else (),
        constraints=constraints,
        references=MappingProxyType(
            {
                found.columns[0]: (found.target, found.target_columns[0])
                for found in constraints
                if found.kind == "f" and len(found.columns) == 1 and found.target
            }
        ),
    )


def _pointing(relations: Mapping[str, Relation]) -> dict[str, Relation]:
    """The relations, with references also where a name says it: views have no keys, ledgers save them.

    `sku_id` points to the table `sku`, `released_by` to an account, and in a view a column points
    to the one table that has it as its key.
    """
    owners: dict[str, list[Relation]] = {}
    for relation in sorted(relations.values(), key=lambda one: one.schema == "own"):
        # A shop's own table whose key is named like one of ours takes no reference from it
        if relation.schema == "own" and set(relation.key) & set(owners):
            continue
        if relation.is_table and len(relation.key) == 1:
            owners.setdefault(relation.key[0], []).append(relation)
    account = next(
        (found for found in owners.get("account_id", ()) if found.name == "account"), None
    )
    pointing = {}
    for full, relation in relations.items():
        said = dict(relation.references)
        for column in relation.columns.values():
            if column.name in said or (relation.is_table and column.name in relation.key):
                continue
            targets = owners.get(column.name, [])
            named = [found for found in targets if f"{found.name}_id" == column.name]
            if not relation.is_table and len(targets) == 1:
                named = named or targets
            if column.name.endswith("_by") and account:
                named = [account]
            if len(named) == 1 and named[0].full != full and _fits(column, named[0]):
                said[column.name] = (named[0].full, named[0].key[0])
        pointing[full] = replace(relation, references=MappingProxyType(said))
    return pointing


def _fits(column: Column, target: Relation) -> bool:
    return column.kind == target.columns[target.key[0]].kind


def _functions(rows: Sequence[sa.Row[tuple[object, ...]]]) -> dict[str, Function]:
    found: dict[str, Function] = {}
    overloaded: set[str] = set()
    for row in rows:
        if row.what != "function":
            continue
        full = f"{row.schema}.{row.name}"
        if full in found:
            overloaded.add(full)
        found[full] = Function(
            oid=row.oid,
            schema=row.schema,
            name=row.name,
            comment=row.comment,
            arguments=_arguments(row.arguments),
            returns=row.returns,
            returns_set=row.returns_set,
            results=_arguments(row.results),
        )
    return {full: function for full, function in found.items() if full not in overloaded}


def _arguments(found: Any) -> tuple[Argument, ...]:
    return tuple(Argument(kind=kind_of(one["type"]), **one) for one in _json(found) or ())


def _choices(constraints: Sequence[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Columns whose check is a list of texts: they are chosen, not typed."""
    found: dict[str, tuple[str, ...]] = {}
    for constraint in constraints:
        match = _CHECK_LIST.fullmatch(
            (constraint["definition"] or "").removeprefix("CHECK (").removesuffix(")")
        )
        if match and (values := _LITERAL.findall(match[2])):
            # Written E'…' where it holds a backslash
            found[match[1]] = tuple(
                (value.replace("\\\\", "\\") if escaped else value).replace("''", "'")
                for escaped, value in values
            )
    return found


def _json(value: Any) -> list[dict[str, Any]]:
    return json.loads(value) if isinstance(value, str) else value
