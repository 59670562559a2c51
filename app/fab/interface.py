"""Flask-AppBuilder's way to a table, made fit for large tables, views and row policies."""

import json
from collections.abc import Sequence
from typing import Any

from flask_appbuilder.models.filters import BaseFilter, BaseFilterConverter
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy.orm import Session

from app.asking import data, zone
from app.catalog import Relation
from app.fab import values
from app.fab.conditions import SEARCHABLE


class NoFilters(BaseFilterConverter):
    """Conditions are compiled by the database (`app.fab.conditions`), not by the library."""

    def convert(self, col_name: str) -> list[BaseFilter]:
        return []


class Interface(SQLAInterface):
    """Knows rows by any key, as the reader's role may see them."""

    filter_converter_class = NoFilters

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


def key_text(key: Sequence[str], row: Any) -> str:
    """The text by which an address names a row: plain for one column, a JSON list for several."""
    parts = [values.to_json(getattr(row, name)) for name in key]
    if len(parts) == 1:
        return str(parts[0])
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
