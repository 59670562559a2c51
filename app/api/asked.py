"""What a request for rows asks: conditions, columns, order, place; in an address as lists have it, or in Rison."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import prison
from werkzeug.datastructures import MultiDict

from app.api.refused import Refused
from app.catalog import Relation
from app.fab import conditions, paging
from app.fab.paging import Order, Place
from app.words import t

PAGE_MAX = 1_000
PAGE_SIZE = 25
SKIP_MAX = 10_000
TEXT_MAX = 200_000
RISON_MAX = 8_000
ARGUMENTS = (
    "search",
    "where",
    "sort",
    "dir",
    "after",
    "before",
    "size",
    "cols",
    "labels",
    "q",
)
_RISON = {
    "filters": list,
    "columns": list,
    "keys": list,
    "order_column": str,
    "order_direction": str,
    "page": int,
    "page_size": int,
}
# How Flask-AppBuilder's clients name comparisons
_OPERATIONS = {"neq": "ne", "ct": "contains", "sw": "starts"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What may be asked of a relation: its readable columns, those that can be searched, those that sort."""

    relation: Relation
    names: Sequence[str]
    search: Sequence[str]
    order: Sequence[str]
    key: Sequence[str]
    base_order: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question for rows, understood."""

    tree: conditions.Tree
    columns: Sequence[str]
    order: Order
    place: Place
    size: int
    labels: bool


def asked(known: Known, arguments: MultiDict[str, str]) -> Asked:
    """Read the arguments of a request; what cannot be understood is refused, never left out."""
    for name in arguments:
        if name not in ARGUMENTS and not name.startswith("f."):
            raise Refused(
                400,
                t(
                    "「{name}」という引数はありません。使えるもの: {said} | There is no argument {name}. These can be used: {said}",
                    name=name[:60],
                    said="f.<column>, " + ", ".join(ARGUMENTS),
                ),
            )
    rison = _rison(arguments.get("q", ""))
    order = _order(known, arguments, rison)
    return Asked(
        tree=_tree(known, arguments, rison),
        columns=_columns(known, arguments, rison),
        order=order,
        place=_place(known, arguments, rison, order),
        size=_size(arguments.get("size"), rison.get("page_size")),
        labels=arguments.get("labels", "") in ("1", "true", "yes"),
    )


def columns_asked(known: Known, arguments: MultiDict[str, str]) -> list[str]:
    """The columns that a request for one row wants."""
    return _columns(known, arguments, _rison(arguments.get("q", "")))


def _rison(text: str) -> dict[str, Any]:
    """A Rison object with the keys that Flask-AppBuilder's clients send."""
    if not text:
        return {}
    try:
        # Some texts make the library's parser recurse without end
        found = prison.loads(text) if len(text) <= RISON_MAX else None
    except (prison.decoder.ParserException, RecursionError, ValueError, IndexError, TypeError):
        found = None
    if not isinstance(found, dict) or any(
        key not in _RISON or not isinstance(value, _RISON[key]) or isinstance(value, bool)
        for key, value in found.items()
    ):
        raise Refused(
            400,
            t(
                "引数 q が読めません。Risonの ({keys}) です。 | The argument q cannot be read. It is Rison: ({keys}).",
                keys=",".join(f"{key}:…" for key in _RISON),
            ),
        )
    return found


def _tree(
    known: Known, arguments: MultiDict[str, str], rison: Mapping[str, Any]
) -> conditions.Tree:
    parts: list[conditions.Tree] = []
    if where := arguments.get("where", "").strip():
        parts.append(_where(where))
    if words := arguments.get("search", "").strip():
        parts.append({"op": "search", "value": words})
    for name, text in arguments.items(multi=True):
        asks = name.startswith("f.") and text.strip()
        if asks and not conditions.may_ask(known.search, name):
            said = "「{name}」では絞り込めません。 | Rows cannot be narrowed by {name}."
            raise Refused(400, t(said, name=name[:80]))
    narrowed = MultiDict([(k, v) for k, v in arguments.items(multi=True) if k.startswith("f.")])
    parts += conditions.tree_of(known.relation, known.search, narrowed).get("all", ())
    parts += [_leaf(one) for one in rison.get("filters", ())]
    if "\x00" in str(parts) or "\\u0000" in json.dumps(parts):
        raise Refused(
            400, t("使えない文字（NUL）があります。 | A NUL character cannot be searched.")
        )
    return {"all": parts} if parts else {}


def _where(text: str) -> conditions.Tree:
    try:
        found = json.loads(text) if len(text) <= TEXT_MAX else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused(
            400,
            t(
                "引数 where は条件のJSONです。例: {example} | The argument where is a condition in JSON, such as {example}",
                example='{"all": [{"column": "status", "op": "eq", "value": "on_hold"}]}',
            ),
        )
    return found


def _leaf(one: object) -> conditions.Tree:
    if not isinstance(one, dict) or set(one) - {"col", "opr", "value"} or "opr" not in one:
        raise Refused(
            400,
            t(
                "filters の各要素は (col:…,opr:…,value:…) です。 | Each of the filters is (col:…,opr:…,value:…)."
            ),
        )
    op = _OPERATIONS.get(str(one["opr"]), str(one["opr"]))
    leaf = {"column": one["col"], "op": op} if "col" in one else {"op": op}
    return leaf | ({"value": one["value"]} if "value" in one else {})


def _columns(known: Known, arguments: MultiDict[str, str], rison: Mapping[str, Any]) -> list[str]:
    said = arguments.get("cols", "")
    wanted = [name for name in said.split(",") if name] or [
        str(name) for name in rison.get("columns", ())
    ]
    for name in wanted:
        if name not in known.names:
            raise Refused(400, _no_column(name))
    return list(dict.fromkeys(wanted)) or list(known.names)


def _no_column(name: str) -> str:
    return t(
        "列「{name}」はないか、見る権限がありません。 | The column {name} is not there, or you may not see it.",
        name=name[:60],
    )


def _order(known: Known, arguments: MultiDict[str, str], rison: Mapping[str, Any]) -> Order:
    column = arguments.get("sort") or rison.get("order_column") or ""
    direction = arguments.get("dir") or rison.get("order_direction") or "asc"
    if direction not in ("asc", "desc"):
        raise Refused(400, t("dir は asc か desc です。 | dir is asc or desc."))
    if not column:
        column, direction = known.base_order or ("", "asc")
    elif column not in known.order:
        raise Refused(
            400,
            t(
                "「{name}」では並べられません。 | Rows cannot be sorted by {name}.",
                name=column[:60],
            ),
        )
    return Order(column=column, descending=direction == "desc")


def _place(
    known: Known, arguments: MultiDict[str, str], rison: Mapping[str, Any], order: Order
) -> Place:
    mark = arguments.get("after") or arguments.get("before") or ""
    if mark and not paging.readable(known.relation, order.names(known.key), mark):
        raise Refused(
            400,
            t(
                "この after・before は、この並び順のものではありません。 | This mark after or before is none of this order."
            ),
        )
    back = "after" not in arguments and "before" in arguments
    return Place(mark=mark, back=back, skip=0 if mark else _skip(rison))


def _size(said: str | None, rison: int | None) -> int:
    if said is None:
        size = PAGE_SIZE if rison is None else rison
    else:
        size = int(said) if said.isdecimal() and len(said) < 10 else 0
    if said is not None and size < 1:
        raise Refused(
            400, t("size は1から{n}です。 | size is between 1 and {n}.", n=f"{PAGE_MAX:,}")
        )
    return PAGE_MAX if size < 1 else min(size, PAGE_MAX)


def _skip(rison: Mapping[str, Any]) -> int:
    size = _size(None, rison.get("page_size"))
    skip = max(rison.get("page", 0), 0) * size
    if skip > SKIP_MAX:
        raise Refused(
            400,
            t(
                "{n}行より先は、after で続きを読みます。 | Beyond {n} rows read on with after.",
                n=f"{SKIP_MAX:,}",
            ),
        )
    return skip
