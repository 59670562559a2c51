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
    try:
        signature: bytes = dkim.sign(
            content,
            selector.encode(),
            domain.encode(),
            key.encode(),
            include_headers=SIGNED,
        )
    except (dkim.DKIMException, ValueError) as error:
        raise SignatureWrong from error
    return signature + content
