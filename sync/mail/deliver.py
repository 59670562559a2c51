"""Mails that are due, handed to the shop's server: each at most once.

A mail is marked "handing" and that is committed before the server is given it. Who dies in between
leaves it so; when its lease ends it is "unknown", a person settles it, and nobody sends it again by
itself. One worker hands over one mail at a time: a kill makes at most one uncertain.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog

import sql
from sync.errors import SyncError
from sync.mail.account import DKIM_KEY, PROBE, account_of, signed
from sync.mail.attaching import CopyTaken, For, Going, NotAttached, attached
from sync.mail.marks import address_key, bounce_mark, unsubscribe_mark
from sync.mail.reasons import AnswerGone, NoMore, NoPublicAddress, SignatureWrong, Unforeseen
from sync.mail.server import (
    MailRefused,
    NotNow,
    Server,
    ServerAway,
    ServerRefuses,
    Uncertain,
)
from sync.render import mails, messages
from sync.render.mails import LinkForbidden, MailTemplateWrong, Template
from sync.render.messages import AddressWrong, Attachment, Envelope
from sync.render.pages import TemplateEndless, TemplateWrong
from sync.render.standard import NoSuchDocument
from sync.shops import Context, DatabaseSecrets
from sync.vault import DataKeys, Vault, data_keys
from vault import answer_context, inquiry_key_no, mail_context

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

REPLY: Final = "reply"

log = structlog.get_logger("sync.mail")


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
class Sources:
    """From what the mails of one batch are written."""

    facts: Mapping[int | None, Mapping[str, Any]]
    templates: Mapping[int | None, Any]
    answers: Mapping[int, Any]
    dead: frozenset[str]
    keys: DataKeys
    zone: ZoneInfo
    public_url: str


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


def send_mails(context: Context, shop_id: int) -> Sent:
    """Send what is due of a shop, for some seconds."""
    account = sql.rows(context.connection, "mail_account", shop_id=shop_id)
    if not account:
        return Sent(sent=0, is_more=False)
    found = DatabaseSecrets(lambda: context.connection, context.vault, shop_id).read()
    server = Server(account_of(account[0], found))
    turn = Turn(context=context, shop_id=shop_id, account=account[0], secrets=found, server=server)
    try:
        _signed(turn, PROBE)
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
    for mail, ready in _written(turn, claimed):
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
        if error.is_address:
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


NOT_WRITTEN: Final = (
    AddressWrong,
    AnswerGone,
    LinkForbidden,
    MailTemplateWrong,
    NoMore,
    NoPublicAddress,
    NoSuchDocument,
    NotAttached,
    TemplateEndless,
    TemplateWrong,
)
"""Why a mail cannot be written: said of it, and of no other."""


def _written(turn: Turn, claimed: Sequence[Claimed]) -> Iterator[tuple[Claimed, Ready | SyncError]]:
    """Write each claimed mail, or say why that cannot be."""
    sources = _sources(turn, claimed)
    for mail in claimed:
        try:
            yield mail, _one(turn, mail, sources)
        except NOT_WRITTEN as error:
            yield mail, error
        except (LookupError, TypeError, ValueError, ArithmeticError) as error:
            # What nobody foresaw in the data of one mail holds up no other
            log.error("mail_failed", error=type(error).__name__)
            yield mail, Unforeseen(type(error).__name__)


def _sources(turn: Turn, claimed: Sequence[Claimed]) -> Sources:
    connection = turn.context.connection
    replies = [mail.mail_id for mail in claimed if mail.mail_event == REPLY]
    answers = {row.mail_id: row for row in sql.rows(connection, "mail_answers", ids=replies)}
    others = [mail for mail in claimed if mail.mail_id not in answers]
    orders = sorted({mail.sales_order_id for mail in others if mail.sales_order_id is not None})
    ids = sorted({mail.mail_template_id for mail in others if mail.mail_template_id is not None})
    facts = {
        row.sales_order_id: row.facts for row in sql.call(connection, "mail.order_facts", orders)
    }
    templates = {
        row.mail_template_id: row for row in sql.rows(connection, "mail_templates", ids=ids)
    }
    keys = {address_key(turn.context.vault, str(one["buyer_email"])) for one in facts.values()} | {
        address_key(turn.context.vault, row.address) for row in answers.values() if row.address
    }
    house = sql.rows(connection, "mail_house", shop_id=turn.shop_id)[0]
    return Sources(
        facts=facts,
        templates=templates,
        answers=answers,
        dead=frozenset(
            str(row.address_key) for row in sql.rows(connection, "mail_dead", keys=sorted(keys))
        ),
        keys=data_keys(
            connection,
            turn.context.vault,
            turn.shop_id,
            [
                *(str(one["external_order_no"]) for one in facts.values()),
                # One that is gone was forgotten: it is not made anew
                *(inquiry_key_no(row.inquiry_id) for row in answers.values() if row.body),
            ],
        ),
        zone=ZoneInfo(house.time_zone),
        public_url=house.public_url or "",
    )


def _one(turn: Turn, mail: Claimed, sources: Sources) -> Ready:
    if mail.mail_event == REPLY:
        return _answer(turn, mail, sources)
    vault = turn.context.vault
    facts, row = sources.facts[mail.sales_order_id], sources.templates[mail.mail_template_id]
    to_address = messages.one_address(str(facts["buyer_email"]))
    if address_key(turn.context.vault, str(facts["buyer_email"])) in sources.dead:
        raise NoMore
    unsubscribe = ""
    if row.is_advertising:
        if not sources.public_url:
            raise NoPublicAddress
        unsubscribe = unsubscribe_url(sources.public_url, vault, mail.mail_id)
    template = Template(subject=row.subject, text=row.text_body, html=row.html_body or "")
    written = mails.write(
        template,
        mails.data_of(facts, row.locale, sources.zone, unsubscribe_url=unsubscribe),
    )
    mails.forbidden_link(written, facts["mail_rules"])
    files: list[Attachment] = []
    going = None
    if row.attached_kind:
        wanted = For(
            mail_id=mail.mail_id,
            sales_order_id=mail.sales_order_id,
            document_kind=row.attached_kind,
            facts=facts,
            zone=sources.zone,
        )
        file, going = attached(vault, turn.context.connection, wanted)
        files.append(file)
    return _ready(
        turn,
        mail,
        written,
        sources.keys,
        to_address=to_address,
        shop_name=str(facts["shop_name"]),
        key_no=str(facts["external_order_no"]),
        version=row.version,
        unsubscribe=unsubscribe,
        attachments=files,
        going=going,
    )


def _ready(
    turn: Turn,
    mail: Claimed,
    written: mails.Written,
    keys: DataKeys,
    *,
    to_address: str,
    shop_name: str,
    key_no: str,
    version: int,
    unsubscribe: str = "",
    answers: Sequence[str] = (),
    attachments: Sequence[Attachment] = (),
    going: Going | None = None,
) -> Ready:
    """A written mail as it is handed over, and sealed under the key of what it is about."""
    account = turn.account
    message_no = messages.message_no_of(mail.mail_id, secrets.token_hex(8), account.from_address)
    message = messages.composed(
        written,
        Envelope(
            from_name=account.from_name or shop_name,
            from_address=account.from_address,
            to_address=to_address,
            reply_to=account.reply_to or "",
            message_no=message_no,
            dated=datetime.now(UTC),
            answers=answers,
            unsubscribe_url=unsubscribe,
        ),
        attachments,
    )
    content = _signed(turn, message)
    return Ready(
        mail_id=mail.mail_id,
        to_address=to_address,
        subject=written.subject,
        message_no=message_no,
        sender=_sender(turn, mail.mail_id, message_no),
        content=content,
        body=keys.seal(key_no, mail_context(mail.mail_id), content),
        data_key_id=keys.id_of(key_no),
        version=version,
        going=going,
    )


def _sender(turn: Turn, mail_id: int, message_no: str) -> str:
    """The envelope's sender: an address that names the mail, where the account has one."""
    account = turn.account
    if not account.bounce_address:
        return str(account.from_address)
    mark = bounce_mark(turn.context.vault, message_no)
    return messages.bounce_to(account.bounce_address, mail_id, mark)


def _answer(turn: Turn, mail: Claimed, sources: Sources) -> Ready:
    """The mail of an answer: what a person wrote, in the thread that it answers."""
    row = sources.answers.get(mail.mail_id)
    if row is None or not row.body or not row.address:
        raise AnswerGone
    key_no = inquiry_key_no(row.inquiry_id)
    plain = sources.keys.open(row.data_key_id, answer_context(str(row.answer_key)), row.body)
    if plain is None:
        raise AnswerGone
    to_address = messages.one_address(row.address)
    if address_key(turn.context.vault, row.address) in sources.dead:
        raise NoMore
    written = mails.Written(subject=row.subject, text=json.loads(plain)["text"])
    mails.forbidden_link(written, row.mail_rules)
    return _ready(
        turn,
        mail,
        written,
        sources.keys,
        to_address=to_address,
        shop_name=str(row.shop_name),
        key_no=key_no,
        version=0,
        answers=row.answers,
    )


def unsubscribe_url(public_url: str, vault: Vault, mail_id: int) -> str:
    """Where the reader of a mail says that they want no more of its kind."""
    mark = unsubscribe_mark(vault, mail_id)
    return f"{public_url.rstrip('/')}/in/unsubscribe/{mail_id}-{mark}"


def _signed(turn: Turn, content: bytes) -> bytes:
    account, key = turn.account, turn.secrets.get(DKIM_KEY, "")
    return signed(account.dkim_domain, account.dkim_selector, key, content)
