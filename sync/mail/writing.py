"""Mails written for who gets them: of an order by its template, an answer as a person wrote it, a mail sent on."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog

import sql
from sync.errors import SyncError
from sync.mail.account import DKIM_KEY, signed
from sync.mail.attaching import For, Going, NotAttached, attached
from sync.mail.forwarding import Forwarded, forwarded
from sync.mail.marks import address_key, bounce_mark, unsubscribe_mark
from sync.mail.reasons import AnswerGone, InquiryGone, NoMore, NoPublicAddress, Unforeseen
from sync.mail.turns import FORWARD, REPLY, Claimed, Ready, Turn
from sync.render import mails, messages
from sync.render.mails import LinkForbidden, MailTemplateWrong, Template
from sync.render.messages import AddressWrong, Attachment, Envelope
from sync.render.pages import TemplateEndless, TemplateWrong
from sync.render.standard import NoSuchDocument
from sync.vault import DataKeys, Vault, data_keys
from vault import answer_context, inquiry_key_no, mail_context

log = structlog.get_logger("sync.mail")


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


NOT_WRITTEN: Final = (
    AddressWrong,
    AnswerGone,
    InquiryGone,
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


def written(turn: Turn, claimed: Sequence[Claimed]) -> Iterator[tuple[Claimed, Ready | SyncError]]:
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
    others = [mail for mail in claimed if mail.mail_event not in (REPLY, FORWARD)]
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
    if mail.mail_event == FORWARD:
        return _forward(turn, mail, sources.zone)
    vault = turn.context.vault
    facts, row = sources.facts[mail.sales_order_id], sources.templates[mail.mail_template_id]
    to_address = messages.one_address(str(facts["buyer_email"]))
    if address_key(vault, str(facts["buyer_email"])) in sources.dead:
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
    sent_on: Forwarded | None = None,
) -> Ready:
    """A written mail as it is handed over, and sealed under the key of what it is about."""
    account = turn.account
    message_no = messages.message_no_of(mail.mail_id, secrets.token_hex(8), account.from_address)
    envelope = Envelope(
        from_name=account.from_name or shop_name,
        from_address=account.from_address,
        to_address=to_address,
        reply_to=sent_on.reply_to if sent_on else account.reply_to or "",
        message_no=message_no,
        dated=datetime.now(UTC),
        answers=answers,
        unsubscribe_url=unsubscribe,
        headers=sent_on.headers if sent_on else (),
        is_by_itself=sent_on is None,
    )
    original = sent_on.original if sent_on else None
    content = signed_for(turn, messages.composed(written, envelope, attachments, original))
    # What is enclosed is kept already, at its inquiry
    kept = content if original is None else messages.composed(written, envelope, attachments)
    return Ready(
        mail_id=mail.mail_id,
        to_address=to_address,
        subject=written.subject,
        message_no=message_no,
        sender=_sender(turn, mail.mail_id, message_no),
        content=content,
        body=keys.seal(key_no, mail_context(mail.mail_id), kept),
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


def _forward(turn: Turn, mail: Claimed, zone: ZoneInfo) -> Ready:
    """A mail that came in, for the help desk; its answer goes to who wrote it."""
    sent_on = forwarded(turn.context, turn.shop_id, mail.mail_id, zone)
    return _ready(
        turn,
        mail,
        sent_on.written,
        sent_on.keys,
        to_address=sent_on.to_address,
        shop_name=str(turn.account.shop_name),
        key_no=inquiry_key_no(sent_on.inquiry_id),
        version=0,
        answers=sent_on.earlier,
        sent_on=sent_on,
    )


def unsubscribe_url(public_url: str, vault: Vault, mail_id: int) -> str:
    """Where the reader of a mail says that they want no more of its kind."""
    mark = unsubscribe_mark(vault, mail_id)
    return f"{public_url.rstrip('/')}/in/unsubscribe/{mail_id}-{mark}"


def signed_for(turn: Turn, content: bytes) -> bytes:
    account, key = turn.account, turn.secrets.get(DKIM_KEY, "")
    return signed(account.dkim_domain, account.dkim_selector, key, content)
