"""Conditions in the address of a list (`q`, `f.<column>` …) and the tree that `access.condition_sql` reads."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.asking import data
from app.catalog import Column, Relation
from app.fab import values

Tree = dict[str, Any]
VALUES_MAX = 50
RANGED = ("integer", "numeric", "float", "date", "moment", "datetime", "time")
SEARCHABLE = frozenset({"text", "boolean", "uuid", *RANGED})
# What stands behind `f.<column>.`, and the operation that it asks for
_OPS = {"from": "ge", "to": "le", "not": "ne", "has": "contains"} | {
    op: op for op in ("eq", "ge", "le", "gt", "lt", "contains", "starts")
}
_PARTS = {"ge": "from", "le": "to", "ne": "not", "contains": "has", "starts": "starts"}
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})|@today([+-]\d{1,5})?")
_COMPILE = sa.text("select access.condition_sql(:relation, cast(:tree as jsonb))").bindparams(
    sa.bindparam("tree", type_=sa.JSON)
)


def plain_op(relation: Relation, column: Column) -> str:
    """What `f.<column>=value` asks: free texts contain it, everything else is it."""
    free = (
        column.kind == "text"
        and not column.choices
        and column.name not in relation.references
        and column.name not in relation.key
    )
    return "contains" if free else "in"


def tree_of(relation: Relation, columns: Sequence[str], arguments: MultiDict[str, str]) -> Tree:
    """The conditions in an address, as a tree.

    What asks for no column of these, or by no known comparison, stays in it: the database refuses
    it with a sentence, where leaving it out would show every row.
    """
    parts: list[Tree] = []
    if words := arguments.get("q", "").strip():
        parts.append({"op": "search", "value": words})
    for name in dict.fromkeys(arguments):
        column, _, part = name.removeprefix("f.").partition(".")
        given = [text for text in arguments.getlist(name) if text.strip()][:VALUES_MAX]
        if not name.startswith("f.") or not given:
            continue
        if column not in columns:
            parts.append({"column": column, "op": "in", "value": given})
        else:
            parts += _leaves(relation, relation.columns[column], part, given)
    return {"all": parts} if parts else {}


def may_ask(columns: Sequence[str], name: str) -> bool:
    """Whether an argument of an address asks for one of these columns by a comparison that there is."""
    column, _, part = name.removeprefix("f.").partition(".")
    return column in columns and (part in _OPS or part in ("", "is"))


def arguments_of(relation: Relation, tree: Mapping[str, Any]) -> list[tuple[str, str]] | None:
    """The address that says the same as a tree, or None for one that no list address can say."""
    found: list[tuple[str, str]] = []
    if set(tree) - {"all"}:
        return None
    for leaf in tree.get("all", ()):
        op, name, value = leaf.get("op"), leaf.get("column"), leaf.get("value")
        column = relation.columns.get(str(name))
        if op == "search" and name is None:
            found.append(("q", str(value)))
        elif column is None:
            return None
        elif op in ("empty", "filled"):
            found.append((f"f.{name}.is", op))
        elif op in ("in", "eq"):
            said = value if isinstance(value, list) else [value]
            found += [(f"f.{name}", str(one)) for one in said]
        elif op == "lt" and _is_moment(column) and (day := _DAY.fullmatch(str(value))):
            found.append((f"f.{name}.to", _shifted(day, -1)))
        elif op == plain_op(relation, column):
            found.append((f"f.{name}", str(value)))
        elif op in _OPS.values():
            found.append((f"f.{name}.{_PARTS.get(str(op), op)}", str(value)))
        else:
            return None
    return found


def compiled(relation: Relation, tree: Tree) -> sa.TextClause | None:
    """The tree as SQL over the relation's own columns; None when it asks for nothing."""
    if not tree:
        return None
    text = data().execute(_COMPILE, {"relation": relation.full, "tree": tree}).scalar_one()
    # A colon in what a person wrote is no parameter
    return sa.text("(" + text.replace("\\", "\\\\").replace(":", "\\:") + ")")


def _leaves(relation: Relation, column: Column, part: str, given: list[str]) -> list[Tree]:
    if part == "is":
        return [{"column": column.name, "op": op} for op in given]
    op = _OPS.get(part, part) if part else plain_op(relation, column)
    said = [_said(column, text) for text in given]
    if op in ("in", "eq"):
        return [{"column": column.name, "op": "in", "value": said}]
    return [_leaf(column, op, text) for text in said]


def _leaf(column: Column, op: str, text: str) -> Tree:
    if op == "le" and _is_moment(column) and (day := _DAY.fullmatch(text)):
        # "To the 24th" means to the end of that day
        return {"column": column.name, "op": "lt", "value": _shifted(day, 1)}
    return {"column": column.name, "op": op, "value": text}


def _is_moment(column: Column) -> bool:
    return column.kind in ("moment", "datetime")


def _shifted(day: re.Match[str], days: int) -> str:
    """The day so many days later, or as it was when there is no such day: the database says so."""
    if day[1] is None:
        shift = int(day[2] or 0) + days
        return f"@today{shift:+d}" if shift else "@today"
    try:
        return (date.fromisoformat(day[1]) + timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        return day[1]


def _said(column: Column, text: str) -> str:
    return values.plainly(text) if column.kind in ("integer", "numeric", "float") else text
