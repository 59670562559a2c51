"""Columns of other relations with the same key, read for the rows of one page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.asking import data, generation, rights
from app.catalog import Column, Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One column that stands in a list though it belongs to another relation."""

    name: str
    relation: Relation
    column: Column


def beside(relation: Relation, names: Sequence[str]) -> dict[str, Beside]:
    """The columns `schema.table.column` that exist, are granted, and lie under the same key."""
    held, found = rights(), dict[str, Beside]()
    for name in names:
        full, _, column = name.rpartition(".")
        other = generation().catalog.relations.get(full)
        if not full or other is None or held is None or len(relation.key) != 1:
            continue
        readable = held.read.get(full, frozenset[str]())
        if column in other.columns and {column, relation.key[0]} <= readable:
            found[name] = Beside(name=name, relation=other, column=other.columns[column])
    return found


def rows_beside(
    relation: Relation, wanted: Mapping[str, Beside], keys: Sequence[object]
) -> dict[str, dict[object, Any]]:
    """For each of the other relations its rows by key; one statement a relation."""
    by_relation: dict[str, list[Beside]] = defaultdict(list)
    for one in wanted.values():
        by_relation[one.relation.full].append(one)
    found: dict[str, dict[object, Any]] = {}
    for full, columns in by_relation.items():
        table = generation().table(columns[0].relation)
        key = table.c[relation.key[0]]
        names = dict.fromkeys([relation.key[0], *(one.column.name for one in columns)])
        select = sa.select(*(table.c[name] for name in names)).where(key.in_(list(keys)))
        rows = data().execute(select).all() if keys else ()
        found[full] = {getattr(row, relation.key[0]): row for row in rows}
    return found
