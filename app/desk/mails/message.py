"""One mail as it went, and what happened to it, on its page."""

import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa
from flask import abort, current_app
from flask_appbuilder import BaseView, expose

from app.asking import data, may, reader, sessions_of, zone
from app.catalog import query
from app.errors import side_of
from app.web import framed, taken_away
from app.words import t
from vault import DataKey, KeyMissing, mail_context

READS = "mail.body_of"
HEADERS = ("From", "To", "Reply-To", "Subject", "Date")
NOT_YET = "まだ書いていません。送る時に、その時の受注とひな形から書きます。 | Not written yet. It is written when it is sent, from the order and the template of then."
FORGOTTEN = "お客様の情報を消去したので、もう読めません。 | The buyer was forgotten; it cannot be read any more."
KEY_LOST = (
    "設置先の鍵が変わり、読めません。 | The installation's key has changed; it cannot be read."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What went with a mail."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail that was opened."""

    headers: Sequence[tuple[str, str]]
    text: str
    html: str
    files: Sequence[File]


class Mails(BaseView):
    """`/mails/<id>/…`: parts of the page of a mail."""

    route_base = "/mails"

    @expose("/<int:pk>/part", methods=["GET"])
    def part(self, pk: int) -> Any:
        """The mail as it went, and its history in words."""
        row = _row(pk)
        letter, why = _opened(row)
        return self.render_template(
            "daicho/mail_part.html",
            mail_id=pk,
            letter=letter,
            why=why,
            steps=_steps(row),
        )

    @expose("/<int:pk>/html", methods=["GET"])
    def html(self, pk: int) -> Any:
        """Its HTML, for a frame."""
        letter, _ = _opened(_row(pk))
        if letter is None or not letter.html:
            abort(404)
        return framed(letter.html)

    @expose("/<int:pk>/file/<int:place>", methods=["GET"])
    def file(self, pk: int, place: int) -> Any:
        """A file that went with it, byte for byte as it went."""
        letter, _ = _opened(_row(pk))
        if letter is None or not 0 < place <= len(letter.files):
            abort(404)
        found = letter.files[place - 1]
        is_pdf = found.name.endswith(".pdf")
        return taken_away(found.content, found.name, "application/pdf" if is_pdf else "")


def _row(pk: int) -> Any:
    if reader() is None:
        abort(401)
    if not may("execute", READS):
        abort(403)
    where = {"mail_id": pk if pk < 2**63 else -1}
    return data().execute(sa.text(query("mail_state")), where).first() or abort(404)


def _opened(row: Any) -> tuple[Letter | None, str]:
    """The mail, or why it cannot be read."""
    found = data().execute(sa.text(query("mail_body")), {"mail_id": row.mail_id}).first()
    if found is None:
        return None, t(FORGOTTEN if row.handed_at else NOT_YET)
    vault = current_app.extensions["vault"]
    try:
        key = DataKey.unwrapped(vault, found.wrapped_key, found.shop_id, found.external_no)
    except KeyMissing:
        return None, t(KEY_LOST)
    content = key.open(found.body, mail_context(row.mail_id))
    return (letter_of(content), "") if content is not None else (None, t(KEY_LOST))


def letter_of(content: bytes) -> Letter:
    """What a message says."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    return Letter(
        headers=[(name, _said(name, message[name])) for name in HEADERS if message[name]],
        text=_body(message, "plain"),
        html=_body(message, "html"),
        files=[
            File(name=one.get_filename() or "—", content=_content(one))
            for one in message.iter_attachments()
        ],
    )


def _content(part: EmailMessage) -> bytes:
    found: object = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _said(name: str, value: Any) -> str:
    """A header as a reader takes it: the date in the house's time, as everywhere else."""
    at = getattr(value, "datetime", None) if name == "Date" else None
    if not isinstance(at, datetime):
        return str(value)
    return _moment(at if at.tzinfo else at.replace(tzinfo=UTC))


def _body(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    return str(found.get_content()) if found is not None else ""


def _steps(row: Any) -> list[tuple[str, str]]:
    """What happened, oldest first: when, and in words."""
    who = _name(row.made_by) if row.made_by else ""
    found: list[tuple[datetime | None, str]] = [
        (
            row.made_at,
            t("{who}が頼みました。 | Asked for by {who}.", who=who)
            if who
            else t("規則で作られました。 | Made by a rule."),
        )
    ]
    if row.state == "due":
        found.append((row.due_at, t("このころ送ります。 | To be sent about then.")))
    if row.attempt:
        found.append((None, t("試行: {n}回 | Attempts: {n}", n=row.attempt)))
    if row.handed_at:
        found.append((row.handed_at, t("送信サーバーに渡しました。 | Handed to the mail server.")))
    reason = side_of(row.reason) if row.reason else ""
    said = side_of(row.state_label)
    found.append((row.ended_at, f"{said}: {reason}" if reason else said))
    return [(_moment(at) if at else "", words) for at, words in found]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(zone()):%Y-%m-%d %H:%M:%S}"


def _name(account_id: int) -> str:
    rows = sessions_of().plain().execute(sa.text(query("account_names")), {"ids": [account_id]})
    return next((side_of(row.display_name) for row in rows), "")
