"""What the manual says of a table, view or function: from the catalogue, as far as rights reach. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalog import Catalog, Column, Constraint, Function, Relation, Rights
from app.fab.screen import Screens, writable

EXAMPLE_COLUMNS = 6
EXAMPLE_ROWS = 10
# What PostgreSQL wants in quotes where a column is meant
_RESERVED_WORDS = (
    "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate "
    "collation column concurrently constraint create cross current_date current_role current_time "
    "current_timestamp current_user default deferrable desc distinct do else end except false fetch for "
    "foreign freeze from full grant group having ilike in initially inner intersect into is isnull join "
    "lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or "
    "order outer overlaps placing primary references returning right select session_user similar some "
    "symmetric table tablesample then to trailing true union unique user using variadic verbose when "
    "where window with"
)
_RESERVED = frozenset(_RESERVED_WORDS.split())
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_SAMPLES: Mapping[str, object] = {
    "integer": 1,
    "numeric": "1980",
    "boolean": True,
    "date": "2026-11-24",
    "moment": "2026-11-24T14:02:00+09:00",
    "json": {},
    "array": [],
}
_VERBS = ("read", "insert", "update", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSaid:
    """One column as the manual shows it; `target` is the `schema.table` that it points to, if readable."""

    column: Column
    is_key: bool
    is_required: bool
    may_write: bool
    target: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationSaid:
    """One table or view as its page shows it."""

    relation: Relation
    columns: Sequence[ColumnSaid]
    rules: Sequence[Constraint]
    points_to: Sequence[Relation]
    pointed_by: Sequence[tuple[Relation, Column]]
    functions: Sequence[Function]
    may: Sequence[str]
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSaid:
    """One parameter of a function, with the column that it is about, where there is one."""

    name: str
    type: str
    is_required: bool
    like: tuple[Relation, Column] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSaid:
    """One function as its page shows it; `screens` are the tables whose rows or lists offer it."""

    function: Function
    parameters: Sequence[ParameterSaid]
    screens: Sequence[Relation]
    example: str
    document: str


def identifier(name: str) -> str:
    """A name as SQL wants it: in quotes only where it must be."""
    if _PLAIN.fullmatch(name) and name not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def relation_said(
    catalog: Catalog, held: Rights, screens: Screens, relation: Relation
) -> RelationSaid:
    """Put together what the manual says of a relation that its reader may read."""
    full, read = relation.full, held.read[relation.full]
    write = {*writable(relation, held.insert.get(full, frozenset()))}
    write |= {*writable(relation, held.update.get(full, frozenset()))}
    pointed = [
        (child, child.columns[name])
        for child, name in catalog.children.get(full, ())
        if name in held.read.get(child.full, ())
    ]
    points = [relation.references[name][0] for name in relation.references if name in read]
    screen = screens.of(relation)
    return RelationSaid(
        relation=relation,
        columns=[
            ColumnSaid(
                column=column,
                is_key=column.name in relation.key,
                is_required=column.name in write and not column.nullable and not column.has_default,
                may_write=column.name in write,
                target=_target(relation, column, held),
            )
            for column in relation.columns.values()
            if column.name in read or column.name in write
        ],
        rules=[one for one in relation.constraints if one.comment and set(one.columns) <= read],
        points_to=[catalog.relations[name] for name in dict.fromkeys(points) if name in held.read],
        pointed_by=sorted(pointed, key=lambda one: one[0].full),
        functions=[
            catalog.functions[name]
            for name in dict.fromkeys((*screen.actions, *screen.create_actions))
            if name in held.execute and name in catalog.functions
        ],
        may=[verb for verb in _VERBS if full in getattr(held, verb)],
        example=example_of(relation, [name for name in relation.columns if name in read]),
    )


def _target(relation: Relation, column: Column, held: Rights) -> str | None:
    target = relation.references.get(column.name)
    return target[0] if target and target[0] in held.read else None


def example_of(relation: Relation, names: Sequence[str]) -> str:
    """A question in SQL that runs as it stands, for whoever may read these columns."""
    short = [n for n in names if relation.columns[n].kind not in ("json", "bytes", "array")]
    wanted = (short or list(names))[:EXAMPLE_COLUMNS]
    said = ", ".join(identifier(name) for name in wanted)
    table = f"{identifier(relation.schema)}.{identifier(relation.name)}"
    return f"select {said}\nfrom {table}\nlimit {EXAMPLE_ROWS};"


def function_said(catalog: Catalog, screens: Screens, function: Function) -> FunctionSaid:
    """Put together what the manual says of a function that its reader may call."""
    parameters = [
        ParameterSaid(
            name=argument.name,
            type=argument.type,
            is_required=not argument.has_default,
            like=screens.like(catalog, argument.name, function.schema),
        )
        for argument in function.arguments
    ]
    offering = [
        catalog.relations[full]
        for full, screen in screens.by_relation.items()
        if function.full in (*screen.actions, *screen.create_actions, screen.explain)
        and full in catalog.relations
    ]
    required = [one for one in function.arguments if not one.has_default]
    values = ", ".join(f"{identifier(one.name)} => …" for one in required)
    return FunctionSaid(
        function=function,
        parameters=parameters,
        screens=offering,
        example=f"select *\nfrom {identifier(function.schema)}.{identifier(function.name)}({values});",
        document=json.dumps(
            {one.name: _SAMPLES.get(one.kind, "…") for one in required},
            ensure_ascii=False,
            indent=2,
        ),
    )
