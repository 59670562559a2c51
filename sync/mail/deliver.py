"""Mails that are due, handed to the shop's server: each at most once.

A mail is marked "handing" and that is committed before the server is given it. Who dies in between
leaves it so; when its lease ends it is "unknown", a person settles it, and nobody sends it again by
itself. One worker hands over one mail at a time: a kill makes at most one uncertain.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final

import structlog

import sql
from sync.errors import SyncError
from sync.mail import writing
from sync.mail.account import PROBE, account_of
from sync.mail.attaching import CopyTaken
from sync.mail.marks import address_key
from sync.mail.reasons import SignatureWrong
from sync.mail.server import (
    MailRefused,
    NotNow,
    Server,
    ServerAway,
    ServerRefuses,
    Uncertain,
)
from sync.mail.turns import FORWARD, Claimed, Ready, Sent, Turn
from sync.shops import Context, DatabaseSecrets

BATCH: Final = 20
ROUND_S: Final = 20.0
"""So long a shop is served before another one has its turn."""

CLAIMED: Final = timedelta(seconds=60)
HANDING: Final = timedelta(seconds=45)
"""Longer than the server is waited for."""

LATER_FIRST_S: Final = 60
LATER_MAX_S: Final = 4 * 3600
ATTEMPTS_MAX: Final = 12
"""Twice as long each time, some two days in all."""

log = structlog.get_logger("sync.mail")


def send_mails(context: Context, shop_id: int) -> Sent:
    """Send what is due of a shop, for some seconds."""
    account = sql.rows(context.connection, "mail_account", shop_id=shop_id)
    if not account:
        return Sent(sent=0, is_more=False)
    found = DatabaseSecrets(lambda: context.connection, context.vault, shop_id).read()
    server = Server(account_of(account[0], found))
    turn = Turn(context=context, shop_id=shop_id, account=account[0], secrets=found, server=server)
    try:
        writing.signed_for(turn, PROBE)
    except SignatureWrong as error:
        _failed(turn, error)
        return Sent(sent=0, is_more=False)
    ends_at = time.monotonic() + ROUND_S
    try:
        while time.monotonic() < ends_at:
            count = _batch(turn)
            if count < BATCH:
                return Sent(sent=turn.sent, is_more=False)
    finally:
        turn.note_taken()
        if turn.lease:
            sql.call(context.connection, "mail.mails_give_back", turn.lease)
        server.quit()
    return Sent(sent=turn.sent, is_more=True)


def _batch(turn: Turn) -> int:
    """Claim, write and hand over some mails; return how many were claimed, 0 when the server is away."""
    connection = turn.context.connection
    claimed = [
        Claimed(*row)
        for row in sql.call(connection, "mail.mails_claim", turn.shop_id, BATCH, CLAIMED)
    ]
    if not claimed:
        return 0
    turn.lease = claimed[0].lease
    try:
        # Before anything is written: a server that is away costs nothing
        turn.server.open()
    except (ServerAway, ServerRefuses) as error:
        _failed(turn, error)
        return 0
    for mail, ready in writing.written(turn, claimed):
        turn.context.alive()
        if isinstance(ready, SyncError):
            turn.end(mail, "refused", ready)
        elif not _handed(turn, mail, ready):
            return 0
    turn.note_taken()
    return len(claimed)


def _handed(turn: Turn, mail: Claimed, ready: Ready) -> bool:
    """Hand over one mail; false when the server should be left alone."""
    connection = turn.context.connection

    def mark() -> bool:
        said = (
            ready.mail_id,
            turn.lease,
            HANDING,
            ready.message_no,
            ready.to_address,
            ready.subject,
            ready.data_key_id,
            ready.body,
            ready.version,
            *(turn.taken or (None, None)),
        )
        if ready.going is None:
            is_marked = bool(sql.value(connection, "mail.mail_handing", *said))
        else:
            # That a copy is out and that its mail is about to be handed over: both or neither
            with sql.transaction(connection):
                is_marked = bool(sql.value(connection, "mail.mail_handing", *said))
                if is_marked:
                    ready.going.note(connection, ready.mail_id)
        turn.taken = None
        return is_marked

    try:
        if not turn.server.send(ready.sender, ready.to_address, ready.content, mark):
            return True
    except MailRefused as error:
        if error.is_address and mail.mail_event != FORWARD:
            _dead(turn, mail, ready.to_address, error)
        turn.end(mail, "refused", error)
    except NotNow as error:
        if mail.attempt >= ATTEMPTS_MAX:
            turn.end(mail, "refused", error)
        else:
            wait_s = min(LATER_MAX_S, LATER_FIRST_S * 2 ** (mail.attempt - 1))
            turn.end(mail, "due", error, timedelta(seconds=wait_s))
    except CopyTaken as error:
        # Written anew at once, with the mark of the copy that it is by now
        turn.end(mail, "due", error)
    except Uncertain as error:
        turn.end(mail, "unknown", error)
        _failed(turn, error)
        return False
    except (ServerAway, ServerRefuses) as error:
        turn.end(mail, "due", error)
        _failed(turn, error)
        return False
    else:
        turn.taken = (ready.mail_id, ready.message_no)
        if turn.sent == 0:
            sql.call(connection, "mail.account_worked", turn.shop_id)
        turn.sent += 1
    return True


def _failed(turn: Turn, error: SyncError) -> None:
    sql.call(
        turn.context.connection,
        "mail.account_failed",
        turn.shop_id,
        error.message,
        isinstance(error, Uncertain),
        isinstance(error, (ServerRefuses, SignatureWrong)),
    )
    log.warning("mail_server_lost", shop=turn.account.shop_code, error=type(error).__name__)


def _dead(turn: Turn, mail: Claimed, address: str, error: MailRefused) -> None:
    sql.call(
        turn.context.connection,
        "mail.address_dead",
        address_key(turn.context.vault, address),
        "bounce",
        mail.mail_id,
        error.message,
    )
