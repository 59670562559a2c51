"""Statements of a closing date: numbered one by one for the customers who are due, kept, and set as other issued documents are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

import sql
import sql.errors
from sync import documenting, forms, issuing
from sync.asking import as_person, worker_again
from sync.errors import SyncError
from sync.render.words import joined
from sync.shops import SYSTEM_ACCOUNT, Context
from sync.work import RIGHT_MISSING, ArgumentWrong, Done, Running, refusals_said, tell

KIND: Final = "statement"
KEY: Final = ("customer_id", "issuer", "currency_code", "tax_inclusive")


class NobodyDue(SyncError):
    """この締日に締める顧客がいません。 | Nobody's account is to be closed on this day."""

    hint_default = (
        "締日と、顧客の「掛売の条件」を確かめます。 | "
        "Check the closing date, and the credit terms of the customers."
    )


def issue_statements(context: Context, running: Running) -> Done:
    """Issue the statements of a closing date, all that are due or the chosen ones. One refused holds up no other; run again, it goes on."""
    closes_on, chosen = _wanted(running.arguments)
    with (
        refusals_said(),
        sql.connect(context.settings.worker_database_url, account_id=SYSTEM_ACCOUNT) as connection,
    ):
        with as_person(connection, running.person, asked_as=running.asked_as) as person:
            kind = documenting.kind_of(connection, KIND)
            house = documenting.house_of(connection, person)
            rows = sql.call(connection, "document.statements_due", closes_on)
            own = forms.in_force(connection, KIND)
        due = [row for row in rows if chosen is None or _key(row._asdict()) in chosen]
        made_before = sql.rows(connection, "issued_of_job", job_request_id=running.job_request_id)
        if not due and not made_before:
            raise NobodyDue
        reasons = _numbered(context, connection, running, closes_on=closes_on, due=due, own=own)
        return issuing.handed_out(
            context, connection, running, kind=kind, house=house, reasons=reasons
        )


def _wanted(arguments: Mapping[str, Any]) -> tuple[date, set[tuple[Any, ...]] | None]:
    """The closing date, and whose accounts; None for all that are due."""
    keys = arguments.get("keys")
    try:
        chosen = None if keys is None else {_key(key) for key in keys}
        return date.fromisoformat(str(arguments.get("closes_on"))), chosen
    except (ValueError, KeyError, TypeError) as error:
        raise ArgumentWrong from error


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEY)


def _numbered(
    context: Context,
    connection: sql.Connection,
    running: Running,
    *,
    closes_on: date,
    due: Sequence[Any],
    own: Mapping[int, forms.Form],
) -> list[dict[str, str]]:
    """Number a statement for each, in a transaction of its own; say who was refused."""
    reasons: list[dict[str, str]] = []
    zone = ZoneInfo(str(sql.value(connection, "base.setting_text", "time_zone")))
    for done, row in enumerate(due):
        tell(context, running, step=issuing.NUMBERING, done=done, of_all=len(due))
        said = (*_key(row._asdict()), closes_on, running.job_request_id)
        try:
            with as_person(connection, running.person, asked_as=running.asked_as):
                (made,) = sql.call(connection, "document.statement_issue", *said)
                if made.facts is not None:
                    # The keys are the worker's alone
                    worker_again(connection)
                    issuing.facts_kept(
                        context.vault, connection, made, document_kind=KIND, own=own, zone=zone
                    )
        except sql.errors.DaichoError as error:
            if error.sqlstate == RIGHT_MISSING:
                raise
            who = row.addressee or str(row.customer_id)
            reasons.append({"row": who, "reason": joined(error.message, error.hint or "")})
    return reasons
