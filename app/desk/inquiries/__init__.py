"""Inquiries: mails that buyers wrote, read and answered where their order is."""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import abort, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may, reader, sessions_of, zone
from app.catalog import query
from app.desk.inquiries.thread import FORGOTTEN, Message, key_of, opened
from app.errors import refusal, side_of
from app.messages import done, stop
from app.web import taken_away
from app.words import t
from sync.render import incoming, mails
from sync.render.mails import MailTemplateWrong, Template
from vault import answer_context, inquiry_context


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which inquiries a list shows; without a state those of each."""

    states: Sequence[str] = ()
    is_mine: bool = False
    is_nobodys: bool = False
    sales_order_id: int | None = None


ANSWERS = "mail.inquiry_answer"
LIST_MAX = 200
TEXT_MAX = 50_000
SUBJECT_MAX = 500
STATES = {
    "open": ("未対応 | Open", "st-wait", "message"),
    "answered": ("返信済み | Answered", "st-ok", "circle-check"),
    "closed": ("終わり | Closed", "", "check"),
}
SHOWN = {
    "open": ("未対応 | Open", Wanted(states=("open",))),
    "mine": ("自分の担当 | Mine", Wanted(states=("open", "answered"), is_mine=True)),
    "unassigned": ("担当なし | Unassigned", Wanted(states=("open",), is_nobodys=True)),
    "answered": ("返信済み | Answered", Wanted(states=("answered",))),
    "closed": ("終わり | Closed", Wanted(states=("closed",))),
    "all": ("すべて | All", Wanted()),
}
LINKS = {
    "reply": "こちらのメールへの返信から | by the mail of ours that it answers",
    "order_no": "書かれた受注番号から | by an order number in it",
    "address": "差出人のアドレスから | by the sender's address",
    "person": "担当者が結びました | by a person",
}
SENT = "返信を送ります。届くまで少しかかります。 | Your answer is on its way."
NEWER = (
    "その間に新しいメールか返信がありました。下で読んでから、もう一度押します。"
    " | A new mail or answer came meanwhile. Read it below, then press again."
)
EMPTY = "件名と本文を書きます。 | Write a subject and a text."
ACTS = {
    "close": "終わりにしました。 | Closed.",
    "reopen": "未対応に戻しました。 | Open again.",
    "assign": "担当を決めました。 | Assigned.",
    "link": "結び直しました。 | Linked.",
}


class Inquiries(BaseView):
    """`/inquiries`: who waits for an answer, each thread, and answering it."""

    route_base = "/inquiries"
    default_view = "index"

    @expose("/", methods=["GET"])
    def index(self) -> Any:
        """Those of a state, one's own, or all: who waited longest first."""
        _allow()
        chosen = request.args.get("show", "open")
        chosen = chosen if chosen in SHOWN else "open"
        rows = _list(SHOWN[chosen][1])
        return self.render_template(
            "daicho/inquiries.html",
            title=t("問い合わせ | Inquiries"),
            rows=rows,
            chosen=chosen,
            shown={code: t(label) for code, (label, _) in SHOWN.items()},
            states=_states(),
            names=_names({row.account_id for row in rows if row.account_id}),
            moment=_moment,
            list_max=LIST_MAX,
        )

    @expose("/order/<int:pk>/part", methods=["GET"])
    def part(self, pk: int) -> Any:
        """The threads of an order, for its page."""
        _allow()
        order = pk if pk < 2**63 else -1
        rows = _list(Wanted(sales_order_id=order))
        threads = [(row, _thread(row.inquiry_id)) for row in rows]
        said = [one for _, messages in threads for one in messages]
        links = data().execute(sa.text(query("order_links")), {"sales_order_id": order})
        return self.render_template(
            "daicho/inquiry_part.html",
            threads=threads,
            names=_names({one.made_by for one in said if one.made_by}),
            states=_states(),
            moment=_moment,
            links=[(side_of(row.link_name), row.url) for row in links],
        )

    @expose("/<int:number>", methods=["GET"])
    def show(self, number: int) -> Any:
        """One thread and the box to answer it."""
        return self._page(number)

    @expose("/<int:number>/answer", methods=["POST"])
    def answer(self, number: int) -> Any:
        """Keep what was written and make its mail due; one for each form, however often it is sent."""
        row = _row(number)
        subject = " ".join(request.form.get("subject", "").replace("\0", "").split())[:SUBJECT_MAX]
        text = request.form.get("text", "").replace("\r\n", "\n").replace("\0", "")[:TEXT_MAX]
        if not subject or not text.strip():
            return self._page(number, refused=t(EMPTY), subject=subject, text=text), 422
        key = key_of(number)
        if key is None:
            return self._page(number, refused=t(FORGOTTEN), subject=subject, text=text), 422
        given = _uuid(request.form.get("answer_key", ""))
        if _is_newer(number, given):
            return self._page(number, refused=t(NEWER), subject=subject, text=text), 422
        values = {
            "inquiry_id": number,
            "answer_key": given,
            "template_code": _code(row, request.form.get("template", "")),
            "subject": subject,
            "body": key.seal(json.dumps({"text": text}).encode(), answer_context(given)),
        }
        why = _done("inquiry_answer", values)
        if why:
            return self._page(number, refused=why, subject=subject, text=text), 422
        done(t(SENT))
        return redirect(url_for("Inquiries.show", number=number))

    @expose("/<int:number>/<act>", methods=["POST"])
    def act(self, number: int, act: str) -> Any:
        """Close, reopen, give to a person, or link to another order."""
        _row(number)
        person = reader()
        if act not in ACTS or person is None:
            abort(404)
        values: dict[str, Any] = {"inquiry_id": number}
        if act == "close" and _is_newer(number):
            stop(t(NEWER))
            return redirect(url_for("Inquiries.show", number=number))
        if act == "assign":
            # Its own button takes it; a chosen nobody takes it from who has it
            values["account_id"] = _account(request.form.get("account_id"), person.account_id)
        if act == "link":
            values["order_no"] = request.form.get("order_no", "").replace("\0", "").strip()[:100]
        why = _done(f"inquiry_{act}", values)
        if why:
            stop(why)
        else:
            done(t(ACTS[act]))
        if act == "close" and not why:
            return redirect(url_for("Inquiries.index"))
        return redirect(url_for("Inquiries.show", number=number))

    @expose("/<int:number>/file/<int:message_id>/<int:place>", methods=["GET"])
    def file(self, number: int, message_id: int, place: int) -> Any:
        """An attachment, always as a download: it comes from anybody."""
        _row(number)
        where = {"inquiry_id": number, "inquiry_message_id": min(message_id, 2**63 - 1)}
        row = data().execute(sa.text(query("inquiry_raw")), where).first()
        key = key_of(number)
        if row is None or key is None:
            abort(404)
        raw = key.open(row.raw, inquiry_context("raw", row.inquiry_message_id))
        found = incoming.file_of(raw, place) if raw is not None else None
        if found is None:
            abort(404)
        return taken_away(found[1], found[0].name)

    def _page(self, number: int, *, refused: str = "", subject: str = "", text: str = "") -> Any:
        row = _row(number)
        messages = _thread(number)
        templates = _templates(row)
        chosen = request.args.get("template", "")
        if not refused:
            subject, text = _begun(row, templates, chosen)
        names = {message.made_by for message in messages if message.made_by}
        return self.render_template(
            "daicho/inquiry.html",
            title=row.subject or t("（件名なし） | (no subject)"),
            row=row,
            thread=messages,
            names=_names(names | ({row.account_id} if row.account_id else set())),
            states=_states(),
            linked=t(LINKS[row.linked_by]) if row.linked_by else "",
            answerers=_answerers(number),
            me=reader(),
            templates=templates,
            chosen=chosen,
            subject=subject,
            text=text,
            refused=refused,
            answer_key=_uuid(request.form.get("answer_key", "")),
            seen=max((message.number for message in messages), default=0),
            moment=_moment,
            text_max=TEXT_MAX,
        )


def _allow() -> None:
    if reader() is None:
        abort(401)
    if not may("execute", ANSWERS):
        abort(403)


def _row(number: int) -> Any:
    _allow()
    where = {"inquiry_id": number if number < 2**63 else -1}
    return data().execute(sa.text(query("inquiry")), where).first() or abort(404)


def _list(wanted: Wanted) -> list[Any]:
    person = reader()
    where = {
        "states": list(wanted.states) or None,
        "account_id": person.account_id if wanted.is_mine and person else None,
        "is_nobodys": wanted.is_nobodys,
        "sales_order_id": wanted.sales_order_id,
        "most": LIST_MAX,
    }
    return list(data().execute(sa.text(query("inquiry_list")), where))


def _thread(number: int) -> list[Message]:
    rows = data().execute(sa.text(query("inquiry_messages")), {"inquiry_id": number})
    return opened(list(rows), key_of(number))


def _is_newer(number: int, own_key: str = "") -> bool:
    """Whether the thread has what the page of this form did not show; its own answer is nothing new."""
    seen = request.form.get("seen", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 19):
        return False
    rows = data().execute(sa.text(query("inquiry_messages")), {"inquiry_id": number})
    return any(
        row.inquiry_message_id > int(seen) and str(row.answer_key) != own_key for row in rows
    )


def _answerers(number: int) -> list[tuple[int, str]]:
    """Who may answer an inquiry, by name."""
    rows = data().execute(sa.text(query("inquiry_answerers")), {"inquiry_id": number})
    return [(row.account_id, side_of(row.display_name)) for row in rows]


def _account(given: str | None, own: int) -> int | None:
    """Whom a form names: nobody where it says so, who sends it where it names none."""
    if given is None:
        return own
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def _states() -> Mapping[str, tuple[str, str, str]]:
    return {code: (t(label), style, icon) for code, (label, style, icon) in STATES.items()}


def _templates(row: Any) -> list[Any]:
    return list(data().execute(sa.text(query("inquiry_templates")), {"shop_id": row.shop_id}))


def _code(row: Any, chosen: str) -> str:
    """The template that the answer began with, for who counts them."""
    codes = [one.template_code for one in _templates(row)]
    found = [one.template_code for one in _templates(row) if str(one.mail_template_id) == chosen]
    return str((found or codes or ["answer"])[0])


def _begun(row: Any, templates: list[Any], chosen: str) -> tuple[str, str]:
    """Subject and text that the box begins with: of the chosen template, written for the order."""
    plain = re.sub(r"(?i)^((re|返信)\s*[:：]\s*)+", "", row.subject or "")
    subject = f"Re: {plain}"[:SUBJECT_MAX] if plain else "Re:"
    template = next((one for one in templates if str(one.mail_template_id) == chosen), None)
    if template is None or row.sales_order_id is None:
        return subject, ""
    where = {"sales_order_id": row.sales_order_id}
    facts = data().scalar(sa.text(query("inquiry_facts")), where)
    if facts is None:
        return subject, ""
    house = ZoneInfo(zone().key)
    try:
        written = mails.write(
            Template(subject=template.subject, text=template.text_body),
            mails.data_of(facts, template.locale, house),
        )
    except MailTemplateWrong as error:
        stop(side_of(error.message))
        return subject, ""
    return subject, written.text


def _done(name: str, values: Mapping[str, Any]) -> str:
    """Call a function; returns why it was refused, or nothing."""
    try:
        data().execute(sa.text(query(name)), values)
        data().commit()
    except DBAPIError as error:
        data().rollback()
        return refusal(error, generation().catalog).sentence
    return ""


def _names(ids: set[int]) -> Mapping[int, str]:
    """Who: names come from the web login, as not everybody may read accounts."""
    rows = sessions_of().plain().execute(sa.text(query("account_names")), {"ids": sorted(ids)})
    return {row.account_id: side_of(row.display_name) for row in rows} if ids else {}


def _uuid(given: str) -> str:
    """The key of a form: what it holds, or a new one."""
    try:
        return str(uuid.UUID(given))
    except ValueError:
        return str(uuid.uuid4())


def _moment(at: Any) -> str:
    return f"{at.astimezone(zone()):%Y-%m-%d %H:%M}"
