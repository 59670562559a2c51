"""What a person tries before it matters: a test mail to an address of theirs, the connection of an account."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import sql
from sync.errors import SyncError
from sync.mail.account import DKIM_KEY, PROBE, account_of, signed
from sync.mail.server import Server
from sync.render import mails, messages
from sync.render.mails import Template
from sync.render.messages import Envelope
from sync.shops import Context, DatabaseSecrets
from sync.work import Answer, ArgumentWrong, Running
from vault import test_context

PATIENCE_S: Final = 8.0
MARKS: Final = {"ja": "[テスト] ", "en": "[Test] "}
UNSUBSCRIBE: Final = "https://shop.example/unsubscribe"


class AccountGone(SyncError):
    """この店舗のメール設定がありません。 | This shop has no mail account."""


class SwitchedOff(SyncError):
    """メールの送信が切ってあります。 | Sending mail is switched off."""


def try_mail_account(context: Context, running: Running) -> Answer:
    """Connect and sign in; what the server says of itself."""
    sender = _sender(context, running)
    account, server = sender.account, sender.server
    try:
        server.open()
        said = server.greeting
        sender.signed(PROBE)
    finally:
        server.quit()
    return {
        "said": "つながりました。{0}サーバー: {1} | Connected. {2}Server: {1}".format(
            "認証できました。" if account.smtp_user else "",
            said,
            "Signed in. " if account.smtp_user else "",
        )
    }


def send_test_mail(context: Context, running: Running) -> Answer:
    """Send a template, written for an order or a sample, to the address that was typed; it is kept nowhere."""
    arguments = running.arguments
    sender = _sender(context, running)
    account, server = sender.account, sender.server
    if not sql.value(context.connection, "transit.outgoing_is_on", "mail"):
        raise SwitchedOff
    try:
        template = Template(
            subject=str(arguments["subject"]),
            text=str(arguments["text"]),
            html=str(arguments["html"]),
        )
        sealed = base64.b64decode(str(arguments["to"]), validate=True)
        locale = str(arguments["locale"])
    except (KeyError, ValueError) as error:
        raise ArgumentWrong from error
    address = context.vault.open(sealed, test_context(running.person)).decode()
    written = mails.write(template, _data(context, running, locale))
    message_no = messages.message_no_of(0, secrets.token_hex(8), account.from_address)
    to_address = messages.one_address(address)
    message = messages.composed(
        mails.Written(
            subject=MARKS.get(locale, MARKS["ja"]) + written.subject,
            text=written.text,
            html=written.html,
        ),
        Envelope(
            from_name=account.from_name or str(account.shop_name),
            from_address=account.from_address,
            to_address=to_address,
            reply_to=account.reply_to or "",
            message_no=message_no,
            dated=datetime.now(UTC),
        ),
    )
    try:
        server.send(account.from_address, to_address, sender.signed(message), lambda: True)
    finally:
        server.quit()
    return {"said": "送りました。 | Sent."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A shop's mail account and its secrets, as they are now."""

    account: Any
    secrets: Mapping[str, str]

    @property
    def server(self) -> Server:
        """Its server, waited for no longer than a person waits."""
        return Server(account_of(self.account, self.secrets), timeout_s=PATIENCE_S)

    def signed(self, content: bytes) -> bytes:
        """The message with its signature. Raises SignatureWrong."""
        key = self.secrets.get(DKIM_KEY, "")
        return signed(self.account.dkim_domain, self.account.dkim_selector, key, content)


def _sender(context: Context, running: Running) -> Sender:
    shop_id = running.arguments.get("shop_id")
    rows = sql.rows(context.connection, "mail_account_any", shop_id=shop_id)
    if not rows:
        raise AccountGone
    found = DatabaseSecrets(lambda: context.connection, context.vault, rows[0].shop_id).read()
    return Sender(account=rows[0], secrets=found)


def _data(context: Context, running: Running, locale: str) -> Mapping[str, Any]:
    """The order that was asked for, else a sample."""
    number = running.arguments.get("sales_order_id")
    if number is None:
        return mails.sample([row.variable for row in sql.rows(context.connection, "mail_known")])
    facts = sql.call(context.connection, "mail.order_facts", [number])
    if not facts:
        raise ArgumentWrong
    house = sql.rows(context.connection, "mail_house", shop_id=running.arguments["shop_id"])[0]
    return mails.data_of(
        facts[0].facts, locale, ZoneInfo(house.time_zone), unsubscribe_url=UNSUBSCRIBE
    )
