"""The messages of an inquiry, opened for who may read them."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.asking import data
from app.catalog import query
from app.words import t
from vault import DataKey, KeyMissing, answer_context, inquiry_context

FORGOTTEN = "お客様の情報を消去したので、もう読めません。 | The customer was forgotten; it cannot be read any more."
UNREAD = "本文を読めませんでした。元のメールは残してあります。 | Its text could not be read; the mail is kept as it came."
_QUOTE = re.compile(
    r"^\s*(>|＞|On .{5,200} wrote:$|\d{4}年.{4,120}<[^<>@]+@[^<>@]+>[:：]$|.{0,80}のメール[:：]$|-{3,}\s*(Original|元の))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as a page shows it: `pieces` are texts, and whether each is quoted."""

    number: int
    is_ours: bool
    at: datetime
    address: str
    subject: str
    pieces: Sequence[tuple[bool, str]]
    files: Sequence[dict[str, Any]]
    is_truncated: bool
    is_known_address: bool | None
    why: str
    made_by: int | None
    mail_id: int | None
    mail_state: str
    mail_label: str
    forward_id: int | None
    forward_state: str
    forward_label: str


def key_of(inquiry_id: int) -> DataKey | None:
    """The key of an inquiry; None when it was forgotten or no key of the house opens it."""
    row = data().execute(sa.text(query("inquiry_key")), {"inquiry_id": inquiry_id}).first()
    if row is None:
        return None
    vault = current_app.extensions["vault"]
    try:
        return DataKey.unwrapped(vault, row.wrapped_key, row.shop_id, row.external_no)
    except KeyMissing:
        return None


def opened(rows: Sequence[Any], key: DataKey | None) -> list[Message]:
    """The messages of a thread, oldest first."""
    return [_opened(row, key) for row in rows]


def _opened(row: Any, key: DataKey | None) -> Message:
    is_ours = row.answer_key is not None
    context = (
        answer_context(str(row.answer_key))
        if is_ours
        else inquiry_context("body", row.inquiry_message_id)
    )
    plain = key.open(row.body, context) if key is not None and row.body is not None else None
    body = json.loads(plain) if plain is not None else {}
    why = t(FORGOTTEN) if plain is None else t(UNREAD) if body.get("is_unread") else ""
    return Message(
        number=row.inquiry_message_id,
        is_ours=is_ours,
        at=row.received_at,
        address=row.address or "",
        subject=row.subject or "",
        pieces=pieces_of(str(body.get("text", ""))),
        files=body.get("files", []),
        is_truncated=row.is_truncated,
        is_known_address=row.is_known_address,
        why=why,
        made_by=row.made_by,
        mail_id=row.mail_id,
        mail_state=row.mail_state or "",
        mail_label=row.mail_label or "",
        forward_id=row.forward_id,
        forward_state=row.forward_state or "",
        forward_label=row.forward_label or "",
    )


def pieces_of(text: str) -> list[tuple[bool, str]]:
    """A text cut where quoting begins and ends."""
    pieces: list[tuple[bool, list[str]]] = []
    for line in text.splitlines():
        is_quoted = bool(_QUOTE.match(line)) or (
            not line.strip() and bool(pieces) and pieces[-1][0]
        )
        if not pieces or pieces[-1][0] != is_quoted:
            pieces.append((is_quoted, []))
        pieces[-1][1].append(line)
    return [(is_quoted, "\n".join(lines).strip("\n")) for is_quoted, lines in pieces]
