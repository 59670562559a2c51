"""Pages of a list by the last row's key, as quick on the last page as on the first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Query

from app.asking import zone
from app.catalog import Relation
from app.fab import values

MARK_MAX = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a list is sorted: one column and its direction; the key breaks ties in the same direction."""

    column: str
    descending: bool

    def names(self, key: Sequence[str]) -> list[str]:
        return list(dict.fromkeys((*([self.column] if self.column else ()), *key)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page begins: after a row, before one, at the end; without a mark at the start.

    `skip` rows are left out first; the further, the slower.
    """

    mark: str = ""
    back: bool = False
    skip: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Rows in the list's order, and the marks of its neighbours where there are any."""

    rows: Sequence[Any]
    before: str | None
    after: str | None


def page(
    query: Query[Any], model: Any, relation: Relation, order: Order, place: Place, size: int
) -> Page:
    """One page; a mark that is none of this order is read as the start."""
    names = order.names(relation.key)
    terms = [(getattr(model, name), relation.columns[name].nullable) for name in names]
    given = _read(relation, names, place.mark)
    if given is not None:
        query = query.filter(_beyond(terms, given, order, place))
    directed = [_directed(term, nullable, order, place) for term, nullable in terms]
    found = query.order_by(*directed).limit(size + 1).offset(place.skip or None).all()
    more, rows = len(found) > size, found[:size]
    if place.back:
        rows.reverse()
    first = _mark(names, rows[0]) if rows else None
    last = _mark(names, rows[-1]) if rows else None
    started = given is not None
    return Page(
        rows=rows,
        before=first if (more if place.back else started) else None,
        after=last if (started if place.back else more) else None,
    )


def readable(relation: Relation, names: Sequence[str], mark: str) -> bool:
    """Whether a mark is one of an order by these columns."""
    return bool(names) and _read(relation, names, mark) is not None


def _directed(term: Any, nullable: bool, order: Order, place: Place) -> Any:  # noqa: FBT001 - one of a pair
    said = term.desc() if order.descending != place.back else term.asc()
    if not nullable:
        return said
    # Empty ones stand last in either direction: else "newest first" would begin with what has no time
    return said.nulls_first() if place.back else said.nulls_last()


def _beyond(
    terms: Sequence[tuple[Any, bool]], given: Sequence[object], order: Order, place: Place
) -> Any:
    """Rows past the given ones, in the direction that is read."""
    descending = order.descending != place.back
    if not any(nullable for _, nullable in terms):
        left = sa.tuple_(*(term for term, _ in terms))
        right = sa.tuple_(
            *(sa.literal(value, term.type) for value, (term, _) in zip(given, terms, strict=True))
        )
        return left < right if descending else left > right
    steps = []
    for at, (term, _) in enumerate(terms):
        value = given[at]
        if value is None:
            past = term.is_not(None) if place.back else sa.false()
        else:
            past = term < value if descending else term > value
            past = past if place.back else sa.or_(past, term.is_(None))
        same = [
            earlier.is_not_distinct_from(known)
            for (earlier, _), known in zip(terms[:at], given[:at], strict=True)
        ]
        steps.append(sa.and_(*same, past))
    return sa.or_(*steps)


def _mark(names: Sequence[str], row: Any) -> str:
    return json.dumps([values.to_json(getattr(row, name)) for name in names], ensure_ascii=False)


def _read(relation: Relation, names: Sequence[str], mark: str) -> list[object] | None:
    try:
        parts = json.loads(mark) if 0 < len(mark) <= MARK_MAX else None
        if not isinstance(parts, list) or len(parts) != len(names):
            return None
        return [
            values.from_json(relation.columns[n], part, zone())
            for n, part in zip(names, parts, strict=True)
        ]
    except (ValueError, RecursionError):  # NotAValue is one
        return None
