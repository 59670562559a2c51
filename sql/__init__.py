"""The door to the database: the only module that speaks psycopg."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg
from psycopg import sql as compose
from psycopg.rows import namedtuple_row
from psycopg.types.json import Jsonb

from sql import errors

Connection = psycopg.Connection[Any]
Json = Jsonb
ROOT = Path(__file__).resolve().parent
CONNECT_TIMEOUT_S = 10
NAME = re.compile(r"[a-z_][a-z0-9_]*")


def connect(url: str, *, account_id: int | None = None, autocommit: bool = True) -> Connection:
    """Open a connection whose rows are named tuples.

    ``account_id`` states who acts, for the web and worker logins alone (`access.account_id()`).
    Errors of the schema (SQLSTATE DCnnn) come as `sql.errors.DaichoError` from the functions here.
    """
    options = f"-c daicho.account_id={account_id:d}" if account_id is not None else ""
    with errors.translated():
        return psycopg.connect(
            url,
            autocommit=autocommit,
            row_factory=cast("Any", namedtuple_row),
            options=options,
            connect_timeout=CONNECT_TIMEOUT_S,
        )


def identifier(name: str) -> compose.Composable:
    """Quote ``schema.name``; anything else than lower-case words is refused with ValueError."""
    parts = name.split(".")
    if not all(NAME.fullmatch(part) for part in parts):
        message = f"{name!r} is not a name of the schema"
        raise ValueError(message)
    return compose.Identifier(*parts)


def call(connection: Connection, function: str, *arguments: object) -> list[Any]:
    """Call a function of the schema and return its rows; a scalar comes as a row of one column."""
    places = compose.SQL(", ").join(compose.Placeholder() for _ in arguments)
    query = compose.SQL("select * from {}({})").format(identifier(function), places)
    with errors.translated():
        return connection.execute(query, arguments).fetchall()


def value(connection: Connection, function: str, *arguments: object) -> Any:  # noqa: ANN401 - of any type the schema has
    """Call a function of the schema that returns one value."""
    return call(connection, function, *arguments)[0][0]


@functools.cache
def query_text(name: str) -> LiteralString:
    """Read a named query from ``sql/queries``; FileNotFoundError when there is none."""
    return cast("LiteralString", (ROOT / "queries" / f"{name}.sql").read_text(encoding="utf-8"))


def rows(connection: Connection, query: str, **parameters: object) -> list[Any]:
    """Run a named query of ``sql/queries`` and return its rows; none for a statement without."""
    with errors.translated():
        cursor = connection.execute(query_text(query), parameters)
        return cursor.fetchall() if cursor.description else []


def run(connection: Connection, statement: str, values: object = None) -> list[Any]:
    """Run a statement that a command or benchmark of ours put together from names of the schema.

    Never for what a person wrote: values go in ``values``, what screens ask goes by `rows`.
    """
    with errors.translated():
        cursor = connection.execute(cast("LiteralString", statement), cast("Any", values))
        return cursor.fetchall() if cursor.description else []


def copy(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    records: Iterable[Sequence[object]],
) -> None:
    """Append records to a table by COPY, values in the order of ``columns``."""
    names = compose.SQL(", ").join(identifier(column) for column in columns)
    statement = compose.SQL("copy {} ({}) from stdin").format(identifier(table), names)
    with errors.translated(), connection.cursor() as cursor, cursor.copy(statement) as into:
        for record in records:
            into.write_row(record)


@contextlib.contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Run the block in one transaction, or in a savepoint of the one that is open."""
    with errors.translated(), connection.transaction():
        yield


def listen(url: str, channel: str) -> Connection:
    """Open a connection of its own that listens; ring it by `sql.waited`."""
    connection = connect(url)
    connection.execute(compose.SQL("listen {}").format(identifier(channel)))
    return connection


def waited(connection: Connection, seconds: float) -> bool:
    """Wait for the bell at most ``seconds``; true when it rang. Rings in between count as one."""
    with errors.translated():
        return any(True for _ in connection.notifies(timeout=seconds, stop_after=1))
