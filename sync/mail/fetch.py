"""Mail that came in: read from a shop's mailbox, each message once, nothing marked there.

A message is stored and committed before the cursor passes it. Who dies in between reads it again, and
the same Message-ID changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Final, Protocol

import structlog

import sql
from sync.mail.mailbox import Box, MailboxAway, MailboxRefuses, Opened, Raw, opened
from sync.mail.marks import address_key, bounce_mark
from sync.render import incoming
from sync.render.incoming import Incoming, Returned
from sync.shops import Context, DatabaseSecrets
from sync.vault import data_keys
from vault import inquiry_context, inquiry_key_no

EVERY: Final = timedelta(seconds=60)
PAGE: Final = 50
PAGE_BYTES: Final = 20_000_000
"""So much is fetched at once, but for one message that is larger."""

WHOLE_MAX: Final = 10_000_000
"""A larger message is kept in part only."""

BEGIN_DAYS: Final = 3
"""A mailbox that is read for the first time, or whose numbers changed, is read from so many days ago."""

SIGN_IN: Final = "imap_password"

log = structlog.get_logger("sync.mail")


class Held(Protocol):
    """A mailbox and how far it has been read, as the query `mailbox` says."""

    shop_id: int
    shop_code: str
    folder: str
    mailbox_kind: str
    read_folder: str | None
    uid_validity: int | None
    uid_read: int
    read_at: datetime | None


def fetch_mail(context: Context, shop_id: int) -> int:
    """Read what is new in a shop's mailbox; return how many messages were."""
    connection = context.connection
    if not sql.value(connection, "mail.mailbox_claim", shop_id, EVERY):
        return 0
    settings = sql.rows(connection, "mailbox", shop_id=shop_id)
    if not settings:
        return 0
    held = settings[0]
    secrets = DatabaseSecrets(lambda: context.connection, context.vault, shop_id).read()
    box = Box(
        host=held.imap_host,
        port=held.imap_port,
        security=held.imap_security,
        user=held.imap_user,
        password=secrets.get(SIGN_IN, ""),
        folder=held.folder,
    )
    try:
        with opened(box) as folder:
            return _read(context, held, folder)
    except (MailboxAway, MailboxRefuses) as error:
        needs_person = isinstance(error, MailboxRefuses)
        sql.call(connection, "mail.mailbox_failed", shop_id, error.message, needs_person)
        log.warning("mailbox_lost", shop=held.shop_code, error=type(error).__name__)
    return 0


def _read(context: Context, held: Held, folder: Opened) -> int:
    """Read page by page, the cursor after each."""
    is_known = held.uid_validity == folder.uid_validity and held.read_folder == held.folder
    if is_known:
        uids = folder.after(held.uid_read)
    else:
        last = held.read_at or datetime.now(UTC)
        uids = folder.since((last - timedelta(days=BEGIN_DAYS)).date())
    # What is older than that was there before us: the cursor passes it
    end = max([held.uid_read if is_known else folder.uid_next - 1, *uids])
    count = 0
    where = (held.shop_id, held.folder, folder.uid_validity)
    for page in _pages(uids, folder):
        for raw in sorted(folder.messages(page, WHOLE_MAX), key=lambda one: one.uid):
            context.alive()
            take(context, held.shop_id, held.mailbox_kind, raw)
            count += 1
        sql.call(context.connection, "mail.mailbox_read", *where, max(page))
    sql.call(context.connection, "mail.mailbox_read", *where, end)
    if count:
        log.info("mail_fetched", shop=held.shop_code, count=count)
    return count


def _pages(uids: Sequence[int], folder: Opened) -> list[dict[int, int]]:
    """UIDs with their sizes, in pages that fit into memory."""
    pages: list[dict[int, int]] = []
    for start in range(0, len(uids), PAGE):
        sizes = folder.sizes(uids[start : start + PAGE])
        room = 0
        for uid in sorted(sizes):
            weight = min(sizes[uid], WHOLE_MAX)
            if not pages or room < weight:
                pages.append({})
                room = PAGE_BYTES
            pages[-1][uid] = sizes[uid]
            room -= weight
    return pages


def take(context: Context, shop_id: int, mailbox_kind: str, raw: Raw) -> None:
    """Store one message: what a machine sent marks its mail, what a person wrote is an inquiry."""
    mail = incoming.read(raw.content)
    if mail.returned is not None:
        if mailbox_kind != "inquiries" or mail.returned.kind == "auto":
            _returned(context, shop_id, mail, mail.returned)
            return
    elif mailbox_kind == "bounces":
        return
    _inquiry(context, shop_id, mail, raw)


def _inquiry(context: Context, shop_id: int, mail: Incoming, raw: Raw) -> None:
    connection, now = context.connection, datetime.now(UTC)
    # Clocks of others may be wrong: nothing came before it was possible, nor in the future
    sent_at = (
        mail.sent_at if mail.sent_at and now - timedelta(days=30) < mail.sent_at < now else now
    )
    with sql.transaction(connection):
        taken = sql.call(
            connection,
            "mail.inquiry_take",
            shop_id,
            mail.message_no,
            list(mail.references),
            mail.words,
            address_key(context.vault, mail.from_address) if mail.from_address else None,
            mail.from_address or None,
            mail.from_name or None,
            mail.subject or None,
            sent_at,
            raw.size,
            not raw.is_whole,
        )
        if not taken:
            return
        inquiry_id, message_id = taken[0]
        key_no = inquiry_key_no(inquiry_id)
        keys = data_keys(connection, context.vault, shop_id, [key_no])
        body = json.dumps(
            {
                "text": mail.text,
                "files": [asdict(one) for one in mail.files],
                "is_unread": mail.is_unread,
            },
            ensure_ascii=False,
        )
        sql.call(
            connection,
            "mail.inquiry_body_keep",
            message_id,
            keys.id_of(key_no),
            keys.seal(key_no, inquiry_context("body", message_id), body.encode()),
            keys.seal(key_no, inquiry_context("raw", message_id), raw.content),
        )
        senders = list(mail.senders)
        sql.call(connection, "mail.inquiry_forward", message_id, senders, mail.is_forwarded)


def _returned(context: Context, shop_id: int, mail: Incoming, told: Returned) -> None:
    """Find the mail that came back: by the address that it came back to, else by its Message-ID."""
    connection = context.connection
    found = None
    if told.kind != "auto":
        numbers = [number for number, _ in mail.marks]
        candidates = sql.rows(
            connection,
            "mail_returned",
            shop_id=shop_id,
            ids=numbers,
            message_no=told.original_no or None,
        )
        marks = set(mail.marks)
        for row in candidates:
            mark = bounce_mark(context.vault, row.message_no)
            is_marked = any(
                number == row.mail_id and compare_digest(mark, given) for number, given in marks
            )
            if is_marked or (found is None and row.message_no == told.original_no):
                found = row
            if is_marked:
                break
    sql.call(
        connection,
        "mail.mail_return_take",
        shop_id,
        mail.message_no,
        told.kind,
        found.mail_id if found else None,
        address_key(context.vault, found.to_address)
        if found and found.to_address and (told.is_address or told.kind == "complaint")
        else None,
        told.status or None,
        told.said or None,
    )
