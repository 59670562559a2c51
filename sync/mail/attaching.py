"""The document that goes with a mail: made for its order, or issued and kept, as the original or a marked copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import sql
import sql.errors
from sync import forms, issuing
from sync.asking import NobodyAsks, as_person, worker_again
from sync.errors import SyncError
from sync.render import pages
from sync.render.issued_pages import title_of
from sync.render.messages import Attachment
from sync.render.order_pages import House
from sync.render.standard import NoSuchDocument
from sync.render.words import joined, side
from sync.shops import SYSTEM_ACCOUNT
from sync.vault import KeyMissing, Vault
from sync.work import RIGHT_MISSING


class NotAttached(SyncError):
    """添付する帳票を作れません。 | The document to be attached cannot be made."""

    hint_default = (
        "帳票の様式を直すか、ひな形の添付を外して、もう一度送ります。"
        " | Mend the template of the document, or attach none, then send it again."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """Which copy of an issued document goes, and for whom it is noted; 1 is the original."""

    issued_document_id: int
    copy_no: int
    account_id: int

    def note(self, connection: sql.Connection, mail_id: int) -> None:
        """Note it, in the transaction that marks the mail. Raises CopyTaken."""
        said = (self.issued_document_id, self.copy_no, self.account_id, mail_id)
        try:
            sql.call(connection, "document.issued_mail_note", *said)
        except sql.errors.ChangedMeanwhile as error:
            raise CopyTaken(error.message) from error


class CopyTaken(SyncError):
    """帳票は、書いている間に出されました。 | The document was handed out meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class For:
    """The mail that a document goes with, and its order."""

    mail_id: int
    sales_order_id: int | None
    document_kind: str
    facts: Mapping[str, Any]
    zone: ZoneInfo


def attached(
    vault: Vault, connection: sql.Connection, wanted: For
) -> tuple[Attachment, Going | None]:
    """The document of an order: made anew, or, of a kind that is issued, the one that is kept.

    Where an order has none yet it is issued, for this mail and no other: whoever begins anew after
    a kill finds it. Nothing is noted as handed out. Raises NotAttached with the reason.
    """
    if not sql.rows(connection, "issued_kind", document_kind=wanted.document_kind):
        made = _made(connection, wanted.document_kind, wanted.facts, wanted.zone)
        return made, None
    person = sql.rows(connection, "mail_made_by", mail_id=wanted.mail_id)[0].made_by
    try:
        if (going := _going(connection, wanted)) is None:
            _issue(vault, connection, wanted, person)
            going = _going(connection, wanted)
        if going is None:
            raise NotAttached
        number, copy_no = going
        (row,) = sql.rows(connection, "issued_by_id", ids=[number])
        one = issuing.Issued(**row._asdict())
        for told in issuing.files_set(vault, connection, [one], _nothing):
            said = ("form_wrong", wanted.facts["shop_id"], None, None, None, one.document_no)
            sql.call(connection, "transit.inbox_note", *said, told["reason"])
        (pdf,) = issuing.files_of(vault, connection, [one])
    except sql.errors.DaichoError as error:
        # Of a right that is missing the database speaks no language of ours
        is_right = error.sqlstate == RIGHT_MISSING
        said = " ".join((type(error).__doc__ or "").split()) if is_right else error.message
        raise NotAttached(joined(str(NotAttached.__doc__), said)) from error
    except (NobodyAsks, issuing.DocumentGone) as error:
        raise NotAttached(joined(str(NotAttached.__doc__), error.message)) from error
    except KeyMissing as error:
        raise NotAttached(joined(str(NotAttached.__doc__), str(KeyMissing.__doc__))) from error
    if copy_no > 1:
        pdf = issuing.marked(pdf, one.locale, copy_no - 1, {})
    name = f"{title_of(one.document_kind, one.locale)}-{one.document_no}.pdf"
    noted = Going(issued_document_id=number, copy_no=copy_no, account_id=person or SYSTEM_ACCOUNT)
    return Attachment(file_name=name, content=pdf), noted


def _going(connection: sql.Connection, wanted: For) -> tuple[int, int] | None:
    """The document and which copy of it, None where one is to be issued. Raises NotAttached."""
    said = (wanted.sales_order_id, wanted.document_kind, wanted.mail_id)
    (row,) = sql.call(connection, "document.issued_going", *said)
    if row.refusal:
        raise NotAttached(joined(str(NotAttached.__doc__), row.refusal))
    return None if row.issued_document_id is None else (row.issued_document_id, row.copy_no)


def _issue(vault: Vault, connection: sql.Connection, wanted: For, person: int | None) -> None:
    """Issue it as whoever asked for the mail, or as the system where a rule did."""
    own = forms.in_force(connection, wanted.document_kind)
    as_whom = (
        as_person(connection, person)
        if person not in (None, SYSTEM_ACCOUNT)
        else sql.transaction(connection)
    )
    order = (wanted.sales_order_id, wanted.document_kind)
    with as_whom:
        said = (*order, "", "", None, wanted.mail_id)
        (row,) = sql.call(connection, "document.document_issue", *said)
        if row.facts is not None:
            # The keys are the worker's alone
            worker_again(connection)
            issuing.facts_kept(
                vault,
                connection,
                row,
                document_kind=wanted.document_kind,
                own=own,
                zone=wanted.zone,
            )


def _made(
    connection: sql.Connection, document_kind: str, facts: Mapping[str, Any], zone: ZoneInfo
) -> Attachment:
    found = sql.rows(connection, "document_kind", document_kind=document_kind)
    if not found:
        raise NoSuchDocument
    kind = forms.Kind(code=document_kind, **found[0]._asdict())
    today: date = sql.value(connection, "base.today")
    language = str(facts["locale"])
    house = House(language=language, zone=zone, issued_on=today)
    made = forms.set_all(kind, house, [facts], forms.in_force(connection, document_kind), _nothing)
    if not made.sheets:
        raise NotAttached(joined(str(NotAttached.__doc__), *(one.reason for one in made.held)))
    return Attachment(
        file_name=f"{side(kind.label, language)}-{facts['order_no']}.pdf",
        content=pages.gathered(made.sheets),
    )


def _nothing(_done: int) -> None:
    """One document is soon done."""
