"""One turn of a shop that sends its mails: what it took, what it wrote, how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sql
from sync.errors import SyncError
from sync.mail.attaching import Going
from sync.mail.server import Server
from sync.shops import Context

REPLY: Final = "reply"
FORWARD: Final = "forward"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What one turn of a shop did."""

    sent: int
    is_more: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that this worker has taken, as `mail.mails_claim` says."""

    mail_id: int
    sales_order_id: int | None
    mail_event: str
    template_code: str
    mail_template_id: int | None
    attempt: int
    lease: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A mail that could be written, as it is handed over."""

    mail_id: int
    to_address: str
    subject: str
    message_no: str
    sender: str
    content: bytes
    body: bytes
    """The content as it is kept: sealed under the key of its order."""

    data_key_id: int
    version: int
    going: Going | None = None
    """Which copy of an issued document it has with it."""


@dataclass(slots=True)
class Turn:
    """One turn of one shop: its account, its server, the lease of the mails that it took."""

    context: Context
    shop_id: int
    account: Any
    secrets: Mapping[str, str]
    server: Server
    lease: int = 0
    sent: int = 0
    taken: tuple[int, str] | None = None
    """The mail that the server has and the database does not know of yet."""

    def note_taken(self) -> None:
        """Say that the last mail is sent, where the mark of a next one did not."""
        if self.taken is not None:
            sql.call(self.context.connection, "mail.mail_sent", *self.taken)
            self.taken = None

    def end(
        self, claimed: Claimed, state: str, error: SyncError, after: timedelta | None = None
    ) -> None:
        """Say why a mail was not sent."""
        sql.call(
            self.context.connection,
            "mail.mail_not_sent",
            claimed.mail_id,
            self.lease,
            state,
            error.message,
            after,
        )
