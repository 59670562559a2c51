"""A worker does something as a person: under the person's role, with the person's scope."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import sql
from sync.errors import SyncError
from sync.shops import SYSTEM_ACCOUNT

STATEMENT_TIMEOUT_MS: Final = 300_000
LOCK_TIMEOUT_MS: Final = 5_000


class NobodyAsks(SyncError):
    """頼んだ人はもういません。 | Whoever asked for this does not work here any more."""

    hint_default = "今いる人が頼み直します。 | Somebody who works here must ask again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is asking, as their account says now."""

    account_id: int
    staff_role: str
    locale: str
    role: str


@contextlib.contextmanager
def as_person(
    connection: sql.Connection,
    account_id: int,
    *,
    asked_as: str | None = None,
    statement_timeout_ms: int = STATEMENT_TIMEOUT_MS,
) -> Iterator[Person]:
    """Run the block in a transaction of its own, with the rights that a person has now.

    The worker login becomes the person's staff role, and states the account, until the
    transaction ends: grants, row policies, functions and the audit see the person. What the
    account may do is read here, so the rights at the time of running decide, not those at the
    time of asking; ``asked_as`` is the lesser role of an API token. Raises `NobodyAsks` when the
    account has ended, is not there, is the system's or holds less than that role by now. The connection must not be in a transaction: its end is what ends the disguise.

    For statements and functions of the schema with bound values, as on the web login: both
    logins are members of every role, and SQL written by a person could leave it.
    """
    if connection.info.transaction_status:
        raise RuntimeError("as_person needs a connection without an open transaction")
    with sql.transaction(connection):
        found = sql.rows(
            connection,
            "person_begin",
            account_id=account_id,
            asked_as=asked_as,
            statement_ms=str(statement_timeout_ms),
            lock_ms=str(LOCK_TIMEOUT_MS),
        )
        if not found:
            raise NobodyAsks
        row = found[0]
        yield Person(
            account_id=account_id, staff_role=row.staff_role, locale=row.locale, role=row.role
        )


def worker_again(connection: sql.Connection) -> None:
    """Be the worker itself for the rest of a person's transaction: to say how far their job is.

    In one transaction with the work, so that both are kept or neither.
    """
    sql.rows(connection, "person_aside", account_id=SYSTEM_ACCOUNT)
