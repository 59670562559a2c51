"""Rows of other tables that belong to the shown one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.asking import data, generation, rights
from app.catalog import Relation
from app.errors import label
from app.fab.addresses import address
from app.fab.screen import Screens, list_columns
from app.words import label_of, language

ROWS = 20
CHILDREN_MAX = 7


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

    @property
    def is_one(self) -> bool:
        """Whether there is one row at most, which belongs to the shown one as its personal data does."""
        return tuple(self.relation.key) == (self.column,)


def standing(screens: Screens, relation: Relation) -> list[tuple[Relation, str]]:
    """The tables that stand on the page of a row, with the column that points to it, as far as granted."""
    held, found = rights(), list[tuple[Relation, str]]()
    for full, column in screens.of(relation).children[:CHILDREN_MAX]:
        child = generation().catalog.relations.get(full)
        readable = held.read.get(full, frozenset[str]()) if held else frozenset[str]()
        if child is not None and column in readable:
            found.append((child, column))
    return found


def child_of(screens: Screens, child: Relation, column: str, item: Any) -> Child:
    """The rows of one of them."""
    held = rights()
    readable = held.read.get(child.full, frozenset[str]()) if held else frozenset[str]()
    # A view points nowhere: its key has the name of the row's own
    value = getattr(item, child.references[column][1] if column in child.references else column)
    return _child(screens, child, column, value, readable)


def _child(
    screens: Screens, relation: Relation, column: str, value: object, readable: frozenset[str]
) -> Child:
    screen = screens.of(relation)
    own = [name for name in relation.columns if name.startswith("x_")]
    names = [*screen.inside, *own] if screen.inside else list_columns(screen, relation, readable)
    columns = [n for n in names if n != column and n in relation.columns and n in readable]
    key = relation.key if set(relation.key) <= readable else ()
    table = generation().table(relation)
    # Amounts are said in the row's currency, wherever that column stands
    money = ("currency_code",) if "currency_code" in relation.columns.keys() & readable else ()
    select = sa.select(*(table.c[name] for name in dict.fromkeys((*key, *columns, *money))))
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
    screens: Screens,
    relation: Relation,
    item: Any,
    names: Sequence[str],
    shown: Sequence[tuple[Relation, str]],
) -> list[tuple[str, str]]:
    """Lists of other rows that point here, as links alone: (what is said, address)."""
    there = {(child.full, column) for child, column in shown}
    held, found = rights(), list[tuple[str, str]]()
    unlisted = screens.of(relation).unlisted
    for child, column in generation().catalog.children.get(relation.full, ()):
        if child.full in unlisted:
            continue
        target = child.references[column][1]
        readable = held.read.get(child.full, frozenset[str]()) if held else frozenset[str]()
        if (child.full, column) in there or column not in readable or target not in names:
            continue
        said = label_of(child.comment, child.name, language())
        if column not in relation.key:
            said += f"（{label(child.columns[column])}）"
        found.append((said, address(child, "list", **{f"f.{column}": str(getattr(item, target))})))
    return found
