"""What a list page shows: rows in an order under conditions, with the columns that the reader chose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Query

from app.asking import data, generation
from app.catalog import Column, Relation
from app.errors import Refusal, label, refusal, side_of
from app.fab import conditions, paging
from app.fab.beside import Beside, beside, rows_beside
from app.fab.cells import EMPTY, Cell, cells, changes_told, is_number
from app.fab.interface import Interface
from app.fab.labels import Labels, options
from app.fab.paging import Order, Place
from app.fab.screen import Screen, Screens
from app.words import t

FACETS_MAX = 7
_NEVER_FACETS = ("version", "created_at", "updated_at", "changed_at")


class Listed(Protocol):
    """What the list of a relation knows of its screen."""

    relation: Relation
    screens: Screens
    screen: Screen
    datamodel: Interface
    search_columns: Sequence[str]
    order_columns: Sequence[str]
    base_order: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One column of the list: its name in the address, its words, whether it sorts and how it stands."""

    name: str
    relation: Relation
    column: Column
    sortable: bool
    number: bool

    @property
    def label(self) -> str:
        return label(self.column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: the text of its key, and its cells in the order of the heads."""

    key: str | None
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One condition as the bar offers it: how it is asked, what is set, what may be chosen."""

    column: Column
    kind: str
    values: Sequence[str]
    low: str
    high: str
    choices: Sequence[tuple[str, str]]
    said: str
    is_set: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list page; `problem` is a sentence when the conditions could not be read."""

    heads: Sequence[Head]
    lines: Sequence[Line]
    page: paging.Page
    order: Order
    tree: conditions.Tree
    problem: str


def columns_of(view: Listed, wanted: Sequence[str]) -> list[Head]:
    """The columns by these names; what is gone or not granted is left out."""
    other = beside(view.relation, wanted)
    heads = []
    for name in wanted:
        if name in view.datamodel.names:
            column = view.relation.columns[name]
            heads.append(_head(view.relation, name, column, name in view.order_columns))
        elif name in other:
            heads.append(_head(other[name].relation, name, other[name].column, sortable=False))
    return heads


def _head(relation: Relation, name: str, column: Column, sortable: bool) -> Head:  # noqa: FBT001 - one of a table
    return Head(
        name=name,
        relation=relation,
        column=column,
        sortable=sortable,
        number=is_number(relation, column),
    )


def listing(view: Listed, wanted: Sequence[str], size: int, further: Mapping[str, Any]) -> Listing:
    """The page that the address asks for, under further conditions of a saved search."""
    tree = conditions.tree_of(view.relation, view.search_columns, request.args)
    if further:
        tree = {"all": [dict(further), *tree.get("all", ())]}
    order, heads = order_of(view), columns_of(view, wanted)
    place = Place(
        mark=request.args.get("after", "") or request.args.get("before", ""),
        back="before" in request.args or request.args.get("at") == "end",
    )
    try:
        query = narrowed(view, _query(view, heads), tree)
        found = paging.page(query, view.datamodel.obj, view.relation, order, place, size)
        problem = ""
    except DBAPIError as error:
        data().rollback()
        why = refusal(error, generation().catalog, view.relation)
        if why.status not in (404, 422):
            raise
        found = paging.Page(rows=(), before=None, after=None)
        problem = problem_of(view, why)
    return Listing(
        heads=heads,
        lines=lines(view, heads, found.rows),
        page=found,
        order=order,
        tree=tree,
        problem=problem,
    )


def problem_of(view: Listed, why: Refusal) -> str:
    """Why conditions cannot be read, with the column called as the list calls it."""
    column = view.relation.columns.get(why.column or "")
    if column is None or column.name not in view.datamodel.names:
        return why.sentence
    said = label(column)
    return why.sentence.replace(f"「{column.name}」", f"「{said}」").replace(
        f'"{column.name}"', f'"{said}"'
    )


def order_of(view: Listed) -> Order:
    """How the address wants the list sorted; else as the screen does."""
    column, direction = request.args.get("sort", ""), request.args.get("dir", "asc")
    if column not in view.order_columns or direction not in ("asc", "desc"):
        column, direction = view.base_order or ("", "asc")
    return Order(column=column, descending=direction == "desc")


def narrowed(view: Listed, query: Query[Any], tree: conditions.Tree) -> Query[Any]:
    """The query under these conditions."""
    text = conditions.compiled(view.relation, tree)
    return query if text is None else query.filter(text)


def _query(view: Listed, heads: Sequence[Head]) -> Query[Any]:
    own = [head.name for head in heads if head.name in view.datamodel.names]
    order = order_of(view).names(view.datamodel.key)
    # Amounts are said in the row's currency, wherever that column stands
    money = ["currency_code"] if "currency_code" in view.datamodel.names else []
    names = dict.fromkeys((*view.relation.key, *order, *own, *money))
    model = view.datamodel.obj
    return data().query(*(getattr(model, name) for name in names if hasattr(model, name)))


def lines(view: Listed, heads: Sequence[Head], rows: Sequence[Any]) -> list[Line]:
    """The rows' cells; labels of all references in one statement, other relations in one each."""
    relation, key = view.relation, view.datamodel.key
    other: dict[str, Beside] = beside(relation, [head.name for head in heads])
    keys = [getattr(row, key[0]) for row in rows] if len(key) == 1 else []
    further = rows_beside(relation, other, keys) if other else {}
    labels = Labels()
    labels.learn(
        (
            head.relation,
            head.column.name,
            [getattr(row, head.column.name) for row in _rows_of(head, relation, rows, further)],
        )
        for head in heads
        if head.column.name in head.relation.references
    )
    labels.learn(pair for head in heads for pair in changes_told(rows, head.column))
    said: dict[str, Callable[[Any, Column], Cell]] = {
        full: cells(view.screens, found, labels)
        for full, found in {head.relation.full: head.relation for head in heads}.items()
    }
    made = []
    for row in rows:
        found = []
        for head in heads:
            source = row
            if head.name in other:
                source = further[head.relation.full].get(getattr(row, key[0]))
            found.append(
                said[head.relation.full](source, head.column) if source is not None else EMPTY
            )
        made.append(Line(key=view.datamodel.key_text(row) if key else None, cells=found))
    return made


def _rows_of(
    head: Head, relation: Relation, rows: Sequence[Any], further: Mapping[str, Mapping[object, Any]]
) -> Sequence[Any]:
    return rows if head.relation is relation else list(further[head.relation.full].values())


def facets(view: Listed) -> tuple[list[Facet], list[Facet]]:
    """The conditions of the bar, and all others."""
    names = list(view.screen.facets) or _likely(view)
    names = [name for name in names if name in view.search_columns]
    references = [n for n in view.search_columns if n in view.relation.references]
    choices = options(view.relation, references)
    said = {name: _facet(view, name, choices) for name in view.search_columns}
    bar = [said[name] for name in names]
    return bar, [facet for name, facet in said.items() if name not in names]


def _likely(view: Listed) -> list[str]:
    """Codes, references, yes and no, days: what people narrow lists by."""
    relation = view.relation
    found = []
    for name in view.search_columns:
        column = relation.columns[name]
        coded = column.choices or name in relation.references or column.kind == "boolean"
        if (coded or column.kind in ("date", "moment")) and name not in (
            *relation.key,
            *_NEVER_FACETS,
        ):
            found.append(name)
    return found[:FACETS_MAX]


def _facet(view: Listed, name: str, choices: Mapping[str, Sequence[tuple[str, str]]]) -> Facet:
    column = view.relation.columns[name]
    chosen = request.args.getlist(f"f.{name}")
    low, high = request.args.get(f"f.{name}.from", ""), request.args.get(f"f.{name}.to", "")
    offered: list[tuple[str, str]] = list(choices.get(name, ()))
    kind = "text"
    if column.choices:
        kind, offered = "choices", [(v, _word(view, column, v)) for v in column.choices]
    elif name in choices:
        kind = "choices"
    elif column.kind == "boolean":
        kind, offered = (
            "choices",
            [("true", _word(view, column, True)), ("false", _word(view, column, False))],
        )
    elif name in view.relation.references:
        kind = "reference"
    elif column.kind in conditions.RANGED:
        kind = column.kind if column.kind in ("date", "moment", "datetime") else "number"
    words = dict(offered)
    said = "、".join(words.get(value, value) for value in chosen)
    if low or high:
        known = {
            "@today": "今日から | From today",
            "@today-6": "7日間 | Last 7 days",
            "@today-29": "30日間 | Last 30 days",
        }
        said = t(known[low]) if low in known and not high else f"{low}〜{high}"
    return Facet(
        column=column,
        kind=kind,
        values=chosen,
        low=low,
        high=high,
        choices=offered,
        said=said,
        is_set=bool([v for v in chosen if v.strip()] or low or high),
    )


def _word(view: Listed, column: Column, value: object) -> str:
    if isinstance(value, bool):
        return t("はい | Yes") if value else t("いいえ | No")
    said = view.screens.value_label(column.name, value)
    return side_of(said) if said else str(value)
