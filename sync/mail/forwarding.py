"""A mail that came in, written for a help desk that only takes mail: readable at once, and enclosed as it came."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import sql
from sync.mail.reasons import InquiryGone
from sync.render.mails import Written
from sync.render.messages import AddressWrong, one_address
from sync.render.words import side
from sync.shops import Context
from sync.vault import DataKeys, known_data_keys
from vault import inquiry_context

SUBJECT_MAX: Final = 500
FORWARDED: Final = "X-Daicho-Forwarded"
"""By this header a mail that comes back is known and not forwarded once more."""

CAME: Final = "{shop} に届いた問い合わせです。返信はお客様に届きます。 | A mail that came to {shop}. Your reply goes to the customer."
ORDER: Final = "受注: {order} | Order: {order}"
NO_ORDER: Final = "受注: 結び付いていません | Order: not linked to one"
SENDER: Final = "差出人: {sender} | From: {sender}"
SUBJECT: Final = "件名: {subject} | Subject: {subject}"
AT: Final = "日時: {at} | At: {at}"
PART: Final = "大きすぎるメールなので、本文だけです。全体は店舗の受信箱にあります。 | Too large: its text alone. The whole of it is in the shop's mailbox."
UNREAD: Final = (
    "本文を読めませんでした。添付の元のメールを見ます。"
    " | Its text could not be read; see the mail that is enclosed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """What a help desk gets: the mail, what of it came, and by what it is found."""

    to_address: str
    written: Written
    reply_to: str
    headers: Sequence[tuple[str, str]]
    earlier: Sequence[str]
    """Message-IDs of what was forwarded of this inquiry before, oldest first."""

    original: bytes | None
    keys: DataKeys
    inquiry_id: int


def forwarded(context: Context, shop_id: int, mail_id: int, zone: ZoneInfo) -> Forwarded:
    """Read and write what is to be forwarded. Raises InquiryGone when it was forgotten."""
    found = sql.rows(context.connection, "mail_forward", mail_id=mail_id)
    if not found:
        raise InquiryGone
    row = found[0]
    keys = known_data_keys(context.connection, context.vault, shop_id, [row.data_key_id])
    number = row.inquiry_message_id
    plain = keys.open(row.data_key_id, inquiry_context("body", number), row.body)
    if plain is None:
        raise InquiryGone
    original = None
    if not row.is_truncated:
        original = keys.open(row.data_key_id, inquiry_context("raw", number), row.raw)
    return Forwarded(
        to_address=one_address(row.forward_to),
        written=written(row, json.loads(plain), zone),
        reply_to=_reply_to(row.address),
        headers=headers(row),
        earlier=list(reversed(row.earlier)),
        original=original,
        keys=keys,
        inquiry_id=row.inquiry_id,
    )


def written(row: Any, body: dict[str, Any], zone: ZoneInfo) -> Written:  # noqa: ANN401 - a row of the query
    """Subject and text: which shop, which order, who wrote, and what."""
    language = str(row.locale)
    shop = side(row.shop_name, language)
    order = " / ".join(one for one in (row.order_no, row.external_order_no) if one)
    subject = row.subject or ""
    at: datetime = row.received_at
    lines = [
        side(CAME, language).format(shop=shop),
        "",
        side(ORDER, language).format(order=order) if order else side(NO_ORDER, language),
        side(SENDER, language).format(sender=row.address or "-"),
        side(SUBJECT, language).format(subject=subject or "-"),
        side(AT, language).format(at=f"{at.astimezone(zone):%Y-%m-%d %H:%M}"),
    ]
    if row.is_truncated:
        lines.append(side(PART, language))
    if body.get("is_unread"):
        lines.append(side(UNREAD, language))
    text = "\n".join([*lines, "", "-" * 40, "", str(body.get("text", "")), ""])
    mark = " ".join(one for one in (shop, row.order_no, row.external_order_no) if one)
    return Written(subject=f"[{mark}] {subject}".strip()[:SUBJECT_MAX], text=text)


def headers(row: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - a row of the query
    """By what rules of a help desk can sort: shop, order, and that it was forwarded."""
    held = (
        (FORWARDED, str(row.inquiry_message_id)),
        ("X-Daicho-Inquiry", str(row.inquiry_id)),
        ("X-Daicho-Shop", row.shop_code),
        ("X-Daicho-Order", row.order_no),
        ("X-Daicho-Shop-Order", row.external_order_no),
    )
    return [(name, str(value)) for name, value in held if value]


def _reply_to(address: str | None) -> str:
    """The customer's address, where it can be written to."""
    try:
        return one_address(address or "")
    except AddressWrong:
        return ""
