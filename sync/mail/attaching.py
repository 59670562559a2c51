"""The document that goes with a mail, made for its order by the template that its shop has in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import sql
from sync import forms
from sync.errors import SyncError
from sync.render import pages
from sync.render.messages import Attachment
from sync.render.order_pages import House
from sync.render.standard import NoSuchDocument
from sync.render.words import joined, side


class NotAttached(SyncError):
    """添付する帳票を作れません。 | The document to be attached cannot be made."""

    hint_default = (
        "帳票の様式を直すか、ひな形の添付を外して、もう一度送ります。"
        " | Mend the template of the document, or attach none, then send it again."
    )


def attached(
    connection: sql.Connection, document_kind: str, facts: Mapping[str, Any], zone: ZoneInfo
) -> Attachment:
    """Make one document of an order. Raises NotAttached with the reason."""
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
