"""A shop's mail account: how its server is reached, and its signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import dkim

from sync.mail.reasons import SignatureWrong
from sync.mail.server import Account

SIGN_IN: Final = "smtp_password"
DKIM_KEY: Final = "dkim_key"
SIGNED: Final = [b"from", b"to", b"subject", b"date", b"message-id", b"reply-to"]
SIGNED_WHERE_THERE: Final = (
    b"in-reply-to",
    b"references",
    b"mime-version",
    b"content-type",
    # One click unsubscribes only where both are signed (RFC 8058)
    b"list-unsubscribe",
    b"list-unsubscribe-post",
)
PROBE: Final = b"From: a@example.com\r\nSubject: x\r\n\r\nx\r\n"


def account_of(row: Any, held: Mapping[str, str]) -> Account:  # noqa: ANN401 - a row of the query
    """How the server of a mail account is reached, with the shop's secrets."""
    return Account(
        host=row.smtp_host,
        port=row.smtp_port,
        security=row.smtp_security,
        user=row.smtp_user or "",
        password=held.get(SIGN_IN, ""),
    )


def signed(domain: str | None, selector: str | None, key: str, content: bytes) -> bytes:
    """The message with the shop's signature, where its account names a domain for one."""
    if not domain or not selector:
        return content
    head = content.partition(b"\r\n\r\n")[0]
    there = {line.partition(b":")[0].lower() for line in head.split(b"\r\n")}
    try:
        signature: bytes = dkim.sign(
            content,
            selector.encode(),
            domain.encode(),
            key.encode(),
            include_headers=[*SIGNED, *(one for one in SIGNED_WHERE_THERE if one in there)],
        )
    except (dkim.DKIMException, ValueError) as error:
        raise SignatureWrong from error
    return signature + content
