"""What has been built from one state of the catalogue; a change of the schema makes a new generation."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import g, has_request_context
from sqlalchemy import types
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import declarative_base
from sqlalchemy.sql.elements import ColumnElement

from app import catalog
from app.catalog import Catalog, Column, Relation, Rights

Made = TypeVar("Made")
CHECK_S = 1.0
# psycopg sends an unknown type as text that PostgreSQL reads as the column's own type.
_UNKNOWN = types.NullType


class _Finite(types.TypeDecorator[object]):
    """A date or time whose infinities come as nothing: Python has no word for them."""

    impl = types.DateTime
    cache_ok = True

    def column_expression(self, column: ColumnElement[object]) -> ColumnElement[object]:
        return sa.func.nullif(sa.func.nullif(column, sa.text("'-infinity'")), sa.text("'infinity'"))


class _FiniteDate(_Finite):
    impl = types.Date
    cache_ok = True


_TYPES: dict[str, Callable[[], types.TypeEngine[Any]]] = {
    "text": types.Text,
    "integer": types.BigInteger,
    "numeric": types.Numeric,
    "float": types.Double,
    "boolean": types.Boolean,
    "date": _FiniteDate,
    "moment": lambda: _Finite(timezone=True),
    "datetime": _Finite,
    "time": types.Time,
    "json": lambda: postgresql.JSONB(none_as_null=True),
    "uuid": types.Uuid,
    "bytes": types.LargeBinary,
}


class Generation:
    """Tables, models and views of one signature. Dropped as a whole; requests under way keep theirs."""

    def __init__(self, found: Catalog, watch: Engine) -> None:
        self.catalog = found
        self.base = declarative_base()
        self.made: dict[tuple[object, ...], Any] = {}
        self._watch = watch
        self._lock = threading.RLock()

    def once(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """What was made under this key, made now when it is the first time."""
        if key not in self.made:
            with self._lock:
                if key not in self.made:
                    self.made[key] = make()
        return self.made[key]

    def rights(self, role: str) -> Rights:
        """The rights of a database role, read once in a generation."""

        def read() -> Rights:
            with self._watch.connect() as connection:
                return catalog.rights(connection, self.catalog, role)

        return self.once(("rights", role), read)

    def table(self, relation: Relation) -> sa.Table:
        """The relation as SQLAlchemy's table, with every column left to its default on insert."""

        def make() -> sa.Table:
            return sa.Table(
                relation.name,
                self.base.metadata,
                *(
                    sa.Column(
                        column.name,
                        _type(column),
                        nullable=column.nullable,
                        primary_key=column.name in (relation.key or relation.columns),
                        autoincrement=False,
                        # Columns that a form does not name stay out of the insert: no grant is needed.
                        server_default=sa.FetchedValue(),
                    )
                    for column in relation.columns.values()
                ),
                schema=relation.schema,
            )

        return self.once(("table", relation.full), make)

    def model(self, relation: Relation, columns: Iterable[str]) -> type:
        """A mapped class with these columns: what a role may not read is not in its class."""
        wanted = tuple(name for name in relation.columns if name in set(columns))
        # Readers of other columns have a class of their own, and a base takes each name once
        hidden = ",".join(name for name in relation.columns if name not in wanted)

        def make() -> type:
            return type(
                f"{relation.full} without {hidden}" if hidden else relation.full,
                (self.base,),
                {
                    "__table__": self.table(relation),
                    "__mapper_args__": {
                        "include_properties": list(wanted),
                        "eager_defaults": False,
                        "confirm_deleted_rows": False,
                    },
                },
            )

        return self.once(("model", relation.full, wanted), make)


class Generations:
    """The current generation, looked after in the course of requests, at most once in CHECK_S seconds."""

    def __init__(self, engine: Engine, watch: Engine) -> None:
        self._engine, self._watch = engine, watch
        self._checked = 0.0
        self._busy, self._lock = threading.Lock(), threading.Lock()
        self._current: Generation | None = None
        self._retired: Generation | None = None

    def refresh(self) -> Generation:
        """Look at the signature now; put a new generation in place when it differs."""
        with self._lock:
            current = self._read()
            if current is not self._current:
                self._engine.clear_compiled_cache()  # its keys hold the old generation's tables
                self._forget(self._retired)
                self._retired, self._current = self._current, current
            return current

    def current(self) -> Generation:
        """The generation of this request; it stays the same for the whole request."""
        if has_request_context() and "generation" in g:
            return g.generation
        found = self._current
        if found is None:
            found = self.refresh()
        elif time.monotonic() - self._checked > CHECK_S and self._busy.acquire(blocking=False):
            try:
                found = self.refresh()
            except DBAPIError:
                # The database is away: this request meets it itself, and says so to its reader.
                self._checked = time.monotonic()
            finally:
                self._busy.release()
        if has_request_context():
            g.generation = found
        return found

    def newer(self) -> bool:
        """Whether this request began on a generation that has been replaced; it then goes on with the new one."""
        began = g.pop("generation", None)
        return self.refresh() is not began

    def _read(self) -> Generation:
        with self._watch.connect().execution_options(
            isolation_level="REPEATABLE READ"
        ) as connection:
            if self._current and self._current.catalog.signature == catalog.signature(connection):
                self._checked = time.monotonic()
                return self._current
            found = catalog.read(connection)
        self._checked = time.monotonic()
        return Generation(found, self._watch)

    def _forget(self, retired: Generation | None) -> None:
        # SQLAlchemy's dialect keeps a memo per type object; one that holds metadata never dies by itself.
        if retired is None:
            return
        for table in retired.base.metadata.tables.values():
            for column in table.c:
                self._engine.dialect._type_memos.pop(column.type, None)  # noqa: SLF001


def _type(column: Column) -> types.TypeEngine[Any]:
    if column.kind == "array":
        item = _TYPES.get(catalog.kind_of(column.type.removesuffix("[]")))
        return postgresql.ARRAY(item()) if item else _UNKNOWN()
    return _TYPES.get(column.kind, _UNKNOWN)()
