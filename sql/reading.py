"""Rows of any relation, in pages and in order, without keeping them all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final, LiteralString, cast

from psycopg import sql as compose
from psycopg.rows import tuple_row

from sql import Connection, Json, errors, value

FINITE: Final = "nullif(nullif({}, '-infinity'), 'infinity')"
Order = Sequence[tuple[str, bool]]


def where_of(
    connection: Connection, relation: str, condition: object, keys: Sequence[object] | None
) -> str:
    """The SQL condition for rows that match a condition tree, or are of these keys, or both.

    Compiled in the database, which checks each name and quotes each value. With neither: all rows.
    """
    return value(
        connection,
        "access.matching_sql",
        relation,
        None if condition is None else Json(condition),
        None if keys is None else Json(keys),
    )


def count(connection: Connection, relation: str, where: str) -> int:
    """How many rows match."""
    query = compose.SQL("select count(*) from {} where {}").format(named(relation), _said(where))
    with errors.translated():
        return connection.execute(query).fetchall()[0][0]


def pages(
    connection: Connection,
    relation: str,
    columns: Sequence[str],
    *,
    where: str,
    order: Order,
    size: int,
    finite: Collection[str] = (),
) -> Iterator[list[tuple[Any, ...]]]:
    """Read rows page by page from one snapshot, by a cursor in the server; needs a transaction.

    ``order`` holds columns, each with whether it goes downwards; empty values come last.
    Days and times without end, of the columns in ``finite``, come as nothing: Python has no word for them.
    """
    terms = [
        compose.SQL("{} {} nulls last").format(
            compose.Identifier(name), compose.SQL("desc" if is_down else "asc")
        )
        for name, is_down in order
    ]
    query = compose.SQL("select {} from {} where {}").format(
        compose.SQL(", ").join(
            compose.SQL(FINITE if name in finite else "{}").format(compose.Identifier(name))
            for name in columns
        ),
        named(relation),
        _said(where),
    )
    if terms:
        query += compose.SQL(" order by {}").format(compose.SQL(", ").join(terms))
    with (
        errors.translated(),
        connection.cursor("daicho_pages", row_factory=tuple_row) as cursor,
    ):
        cursor.execute(query)
        while page := cursor.fetchmany(size):
            yield page


def titles(
    connection: Connection, relation: str, key: str, columns: Sequence[str], wanted: Sequence[Any]
) -> dict[Any, str]:
    """What the rows of these keys are called, by key; rows that are not seen are left out."""
    query = compose.SQL("select {}, concat_ws(' ', {}) from {} where {} = any(%s)").format(
        compose.Identifier(key),
        compose.SQL(", ").join(compose.Identifier(name) for name in columns),
        named(relation),
        compose.Identifier(key),
    )
    with errors.translated():
        return {row[0]: row[1] for row in connection.execute(query, [list(wanted)])}


def beside(
    connection: Connection, relation: str, key: str, column: str, wanted: Sequence[Any]
) -> dict[Any, Any]:
    """One column of the rows of these keys, by key; rows that are not seen are left out."""
    query = compose.SQL("select {}, {} from {} where {} = any(%s)").format(
        compose.Identifier(key),
        compose.Identifier(column),
        named(relation),
        compose.Identifier(key),
    )
    with errors.translated():
        return {row[0]: row[1] for row in connection.execute(query, [list(wanted)])}


def named(relation: str) -> compose.Composable:
    """Quote ``schema.name``, whatever letters an own table has in its name."""
    schema, _, name = relation.partition(".")
    return compose.Identifier(schema, name)


def _said(where: str) -> compose.SQL:
    return compose.SQL(cast("LiteralString", where))
