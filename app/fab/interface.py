"""Flask-AppBuilder's way to a table, made fit for large tables, views and row policies."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.exceptions import FABException
from flask_appbuilder.models.filters import BaseFilter, BaseFilterConverter
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy.orm import Query, Session

from app.asking import data, zone
from app.catalog import Relation
from app.fab import values
from app.words import t

COUNT_MAX = 10_000
OFFSET_MAX = 1_000_000


class FilterRefused(FABException):
    """A filter's value is not one of its column; the text is a sentence for the reader."""


class ColumnFilter(BaseFilter):
    """A condition on one column, its value read as the column's kind."""

    datamodel: "Interface"

    def wanted(self, value: object) -> object:
        column = self.datamodel.relation.columns[self.column_name]
        try:
            found = values.from_text(column, str(value), zone())
        except values.NotAValue as error:
            raise FilterRefused(f"{self.column_name}: {error}") from None
        return found

    def column(self) -> Any:
        return getattr(self.model, self.column_name)


class IsEqual(ColumnFilter):
    name = "="
    arg_name = "eq"

    def apply(self, query: Query[Any], value: object) -> Query[Any]:
        wanted = self.wanted(value)
        return query.filter(self.column().is_(None) if wanted is None else self.column() == wanted)


class IsNotEqual(ColumnFilter):
    name = "≠"
    arg_name = "neq"

    def apply(self, query: Query[Any], value: object) -> Query[Any]:
        return query.filter(self.column().is_distinct_from(self.wanted(value)))


class Contains(ColumnFilter):
    name = "~"
    arg_name = "ct"

    def apply(self, query: Query[Any], value: object) -> Query[Any]:
        return query.filter(self.column().icontains(str(self.wanted(value) or ""), autoescape=True))


class StartsWith(ColumnFilter):
    name = "^"
    arg_name = "sw"

    def apply(self, query: Query[Any], value: object) -> Query[Any]:
        return query.filter(
            self.column().istartswith(str(self.wanted(value) or ""), autoescape=True)
        )


class AtLeast(ColumnFilter):
    name = "≥"
    arg_name = "ge"

    def apply(self, query: Query[Any], value: object) -> Query[Any]:
        return query.filter(self.column() >= self.wanted(value))


class AtMost(ColumnFilter):
    name = "≤"
    arg_name = "le"

    def apply(self, query: Query[Any], value: object) -> Query[Any]:
        return query.filter(self.column() <= self.wanted(value))


class Above(ColumnFilter):
    name = ">"
    arg_name = "gt"

    def apply(self, query: Query[Any], value: object) -> Query[Any]:
        return query.filter(self.column() > self.wanted(value))


class Below(ColumnFilter):
    name = "<"
    arg_name = "lt"

    def apply(self, query: Query[Any], value: object) -> Query[Any]:
        return query.filter(self.column() < self.wanted(value))


_EQUAL = (IsEqual, IsNotEqual)
_ORDERED = (*_EQUAL, AtLeast, AtMost, Above, Below)
_FILTERS = {
    "text": (*_EQUAL, Contains, StartsWith),
    "boolean": _EQUAL,
    "uuid": _EQUAL,
    **dict.fromkeys(
        ("integer", "numeric", "float", "date", "moment", "datetime", "time"), _ORDERED
    ),
}
SEARCHABLE = frozenset(_FILTERS)


class ColumnFilters(BaseFilterConverter):
    """Which conditions a column can have."""

    def convert(self, col_name: str) -> list[BaseFilter]:
        column = self.datamodel.relation.columns.get(col_name)
        found = _FILTERS.get(column.kind, ()) if column else ()
        return [kind(col_name, self.datamodel) for kind in found]


class Interface(SQLAInterface):
    """Reads only the columns asked for, counts within a limit, knows rows by any key."""

    filter_converter_class = ColumnFilters

    def __init__(self, model: type, relation: Relation) -> None:
        super().__init__(model)
        self.relation = relation

    @property
    def session(self) -> Session:
        return data()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that the reader may read, in the table's order."""
        return tuple(name for name in self.relation.columns if name in self.list_columns)

    @property
    def key(self) -> tuple[str, ...]:
        """The key, when the reader may read all of it; else nothing identifies a row for them."""
        key = self.relation.key
        return key if key and all(name in self.list_columns for name in key) else ()

    def is_pk_composite(self) -> bool:
        return len(self.relation.key) > 1

    def get_search_columns_list(self) -> list[str]:
        return [n for n in self.names if self.relation.columns[n].kind in SEARCHABLE]

    def get_order_columns_list(self, list_columns: list[str] | None = None) -> list[str]:
        return [
            n for n in list_columns or self.names if self.relation.columns[n].kind in SEARCHABLE
        ]

    def query(
        self,
        filters: Any = None,
        order_column: str = "",
        order_direction: str = "",
        page: int | None = None,
        page_size: int | None = None,
        select_columns: list[str] | None = None,
        outer_default_load: bool = False,  # noqa: FBT001, FBT002 - the library's
    ) -> tuple[int, list[Any]]:
        """A limited count and one page of rows with the columns asked for and the key."""
        wanted = dict.fromkeys((*self.key, *(select_columns or self.names)))
        query = self.session.query(*(getattr(self.obj, name) for name in wanted))
        query = self.apply_filters(query, filters)
        count = self.count(query)
        return count, self.page(
            query, order_column, order_direction, page or 0, page_size or COUNT_MAX
        )

    def count(self, query: Query[Any]) -> int:
        """How many rows, counted no further than one above COUNT_MAX."""
        first = getattr(self.obj, self.names[0])
        inner = query.order_by(None).with_entities(first).limit(COUNT_MAX + 1).subquery()
        return self.session.execute(sa.select(sa.func.count()).select_from(inner)).scalar_one()

    def page(
        self, query: Query[Any], column: str, direction: str, page: int, page_size: int
    ) -> list[Any]:
        """One page in a stable order: the key breaks ties."""
        first = (column,) if column in self.list_columns else ()
        terms = []
        for name in dict.fromkeys((*first, *self.key)):
            attribute = getattr(self.obj, name)
            term = attribute.desc() if direction == "desc" else attribute.asc()
            # Else "newest first" would begin with the rows that have no time.
            terms.append(term.nulls_last() if self.relation.columns[name].nullable else term)
        query = query.order_by(*terms)
        return query.offset(min(page * page_size, OFFSET_MAX)).limit(page_size).all()

    def get(
        self,
        id: Any,  # noqa: A002 - the library's
        filters: Any = None,
        select_columns: list[str] | None = None,
        outer_default_load: bool = False,  # noqa: FBT001, FBT002 - the library's
    ) -> Any:
        """One row by the text of its key, or None; a text that is no key finds nothing."""
        wanted = self.key_values(id)
        if wanted is None:
            return None
        return self.session.query(self.obj).filter(*self.same(wanted)).one_or_none()

    def get_locked(self, key: Any) -> Any:
        """One row, kept from others until the transaction ends."""
        wanted = self.key_values(key)
        if wanted is None:
            return None
        return (
            self.session.query(self.obj).filter(*self.same(wanted)).with_for_update().one_or_none()
        )

    def same(self, wanted: Sequence[object]) -> list[Any]:
        return [
            getattr(self.obj, name) == value for name, value in zip(self.key, wanted, strict=True)
        ]

    def key_values(self, key: Any) -> tuple[object, ...] | None:
        """The values of a key's text: plain for one column, a JSON list for several."""
        if not self.key:
            return None
        parts: Any = [key]
        if len(self.key) > 1:
            try:
                parts = key if isinstance(key, list | tuple) else json.loads(key)
            except (ValueError, RecursionError):
                return None
            if not isinstance(parts, list | tuple) or len(parts) != len(self.key):
                return None
        try:
            found = [
                values.from_text(self.relation.columns[name], str(part), zone())
                for name, part in zip(self.key, parts, strict=True)
            ]
        except values.NotAValue:
            return None
        return None if None in found else tuple(found)

    def key_text(self, row: Any) -> str:
        return key_text(self.key, row)

    def get_keys(self, lst: Sequence[Any]) -> list[Any]:
        return [self.key_text(row) if self.key else None for row in lst]

    def get_pk_value(self, item: Any) -> Any:
        return self.key_text(item)


def search_columns(interface: Interface) -> list[str]:
    """The columns that the search box looks in; `access.search_columns` chooses them."""
    return [name for name in interface.relation.search_columns if name in interface.names]


def searched(
    query: Query[Any], interface: Interface, columns: Sequence[str], words: str
) -> Query[Any]:
    """Rows of which one of the columns holds the words."""
    if "\x00" in words:
        raise FilterRefused(
            t("使えない文字（NUL）があります。 | A NUL character cannot be searched.")
        )
    terms = [getattr(interface.obj, name).icontains(words, autoescape=True) for name in columns]
    return query.filter(sa.or_(*terms)) if terms else query


def key_text(key: Sequence[str], row: Any) -> str:
    """The text by which an address names a row: plain for one column, a JSON list for several."""
    parts = [values.to_json(getattr(row, name)) for name in key]
    if len(parts) == 1:
        return str(parts[0])
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
