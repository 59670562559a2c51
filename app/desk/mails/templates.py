"""Templates of mails: written with a live preview on a real order, saved only when they can be written."""

import base64
from typing import Any

import sqlalchemy as sa
from flask import abort, current_app, jsonify, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may, reader, sessions_of
from app.catalog import query
from app.desk.mails import writing
from app.desk.mails.asked import answered
from app.desk.mails.writing import Fault, NoSuchOrder
from app.errors import refusal, side_of
from app.fab.addresses import address
from app.messages import done
from app.web import framed
from app.words import language, t
from sync.render import mails
from sync.render.mails import MailTemplateWrong, Template
from sync.render.messages import AddressWrong, one_address
from vault import test_context

SAVE = "mail.template_save"
TRIES = "mail.test_ask"
LOCALES = ("ja", "en")
PART_MAX = 200_000
SAVED = "保存しました。次のメールから使います。 | Saved. Used from the next mail on."


class MailTemplates(BaseView):
    """`/mails/templates/<id>` and `/mails/templates/new`: the editor."""

    route_base = "/mails/templates"

    @expose("/<int:number>", methods=["GET"])
    def edit(self, number: int) -> Any:
        """Edit a template in use."""
        _allow()
        return self._page(_template(number))

    @expose("/new", methods=["GET"])
    def new(self) -> Any:
        """A new template, from nothing or from a copy of `from`."""
        _allow()
        begun = request.args.get("from", "")
        source = _template(int(begun)) if begun.isdecimal() and len(begun) < 19 else None
        return self._page(None, source=source)

    @expose("/preview.json", methods=["POST"])
    def preview(self) -> Any:
        """How it would read for an order, or what is wrong and where."""
        _allow()
        try:
            order = writing.order_of(_shop_id(), _text("order_no")[:100])
        except NoSuchOrder as error:
            return jsonify(message=t(str(error.__doc__))), 404
        found = writing.shown(_parts(), _locale(), order)
        if found.fault:
            return jsonify(fault=found.fault.said, part=found.fault.part, line=found.fault.line)
        return jsonify(
            subject=found.written.subject if found.written else "",
            text=found.written.text if found.written else "",
            has_html=bool(found.written and found.written.html),
            warning=found.warning,
            order=order.order_no,
            **writing.attached_json(_text("attached_kind")[:60], order),
        )

    @expose("/preview.html", methods=["POST"])
    def preview_html(self) -> Any:
        """Its HTML for an order, for a frame."""
        _allow()
        try:
            found = writing.shown(
                _parts(), _locale(), writing.order_of(_shop_id(), _text("order_no")[:100])
            )
        except NoSuchOrder:
            abort(404)
        return framed(found.written.html if found.written else "")

    @expose("/try.json", methods=["POST"])
    def attempt(self) -> Any:
        """Send what is written here, for the order in the preview, to an address that was typed."""
        _allow()
        who = reader()
        template = _parts()
        try:
            mails.check(template, [row.variable for row in writing.variables()])
            sent_to = one_address(_text("sent_to")[:400])
            order = writing.order_of(_shop_id(), _text("order_no")[:100])
        except MailTemplateWrong as error:
            return jsonify(is_well=False, message=writing.fault_of(error).said), 422
        except AddressWrong as error:
            return jsonify(is_well=False, message=side_of(error.message)), 422
        except NoSuchOrder as error:
            return jsonify(is_well=False, message=t(str(error.__doc__))), 404
        vault = current_app.extensions["vault"]
        sealed = vault.seal(sent_to.encode(), test_context(who.account_id if who else 0))
        is_well, said = answered(
            "mail_test_ask",
            {
                "shop_id": (order.facts or {}).get("shop_id") or _shop_id(),
                "sales_order_id": order.number,
                "locale": _locale(),
                "subject": template.subject,
                "text_body": template.text,
                "html_body": template.html,
                "sealed": base64.b64encode(sealed).decode(),
            },
        )
        return jsonify(is_well=is_well, message=said), 200 if is_well else 422

    @expose("/save", methods=["POST"])
    def save(self) -> Any:
        """Save what can be written; the page again, with its fault, for what cannot."""
        _allow()
        number = _text("number")
        template = _template(int(number)) if number.isdecimal() and len(number) < 19 else None
        try:
            used = mails.check(_parts(), [row.variable for row in writing.variables()])
        except MailTemplateWrong as error:
            return self._page(template, is_typed=True, fault=writing.fault_of(error)), 422
        try:
            saved = data().scalar(sa.text(query("mail_template_save")), _values(template, used))
            data().commit()
        except DBAPIError as error:
            data().rollback()
            why = refusal(error, generation().catalog)
            return self._page(template, is_typed=True, refused=why.sentence), why.status
        done(t(SAVED))
        return redirect(url_for("MailTemplates.edit", number=saved))

    def _page(
        self,
        template: Any,
        *,
        source: Any = None,
        is_typed: bool = False,
        fault: Fault | None = None,
        refused: str = "",
    ) -> Any:
        begun = template or source
        typed = {
            "subject": begun.subject if begun else "",
            "text": begun.text_body if begun else "",
            "html": begun.html_body if begun else "",
            "template_name": begun.template_name if begun else "",
            "template_code": begun.template_code if begun else "",
            "mail_event": begun.mail_event if begun else "chosen",
            "locale": begun.locale if begun else language(),
            "shop_id": str(begun.shop_id or "") if begun else "",
            "is_advertising": bool(begun and begun.is_advertising),
            "attached_kind": (begun.attached_kind or "") if begun else "",
            "version": begun.version if begun else "",
            "order_no": "",
        }
        if is_typed:
            typed |= {name: _text(name) for name in typed if name != "is_advertising"}
            typed["is_advertising"] = bool(request.form.get("is_advertising"))
        relation = generation().catalog.relations["mail.mail_template"]
        return self.render_template(
            "daicho/mail_edit.html",
            title=side_of(template.template_name)
            if template
            else t("新しいひな形 | A new template"),
            held=template,
            typed=typed,
            variables=[(row.variable, side_of(row.label)) for row in writing.variables()],
            events=[
                (row.mail_event, side_of(row.label))
                for row in data().execute(sa.text(query("mail_events")))
            ],
            documents=[
                (row.document_kind, side_of(row.label))
                for row in data().execute(sa.text(query("form_kinds")))
                if row.is_for_buyer and row.made_of == "sales.sales_order"
            ],
            shops=[
                (row.shop_id, side_of(row.shop_name))
                for row in data().execute(sa.text(query("form_shops")))
            ],
            fault=fault,
            refused=refused,
            part_max=PART_MAX,
            list_url=address(relation, "list", **{"f.ended_at.is": "empty"}),
            reset_url=address(relation, "act", name="mail.template_reset"),
            sees_orders=may("execute", writing.READS),
            may_try=may("execute", TRIES),
            own_email=_own_email(),
        )


def _values(template: Any, used: list[str]) -> dict[str, Any]:
    """What is saved: of a template that is there, what it is for stays."""
    return {
        "mail_template_id": template.mail_template_id if template else None,
        "version": int(version) if (version := _text("version")[:9]).isdecimal() else None,
        "template_code": template.template_code if template else _text("template_code").strip(),
        "template_name": _text("template_name").strip(),
        "mail_event": template.mail_event if template else _text("mail_event"),
        "shop_id": template.shop_id if template else _shop_id(),
        "locale": template.locale if template else _locale(),
        "is_advertising": bool(request.form.get("is_advertising")),
        "subject": _text("subject"),
        "text_body": _text("text"),
        "html_body": _text("html"),
        "attached_kind": _text("attached_kind")[:60] or None,
        "variables": used,
    }


def _own_email() -> str:
    """Where the reader's own mail goes: it is read by the web login, as nobody's role may read logins."""
    who = reader()
    where = {"account_id": who.account_id if who else 0}
    return sessions_of().plain().scalar(sa.text(query("own_email")), where) or ""


def _allow() -> None:
    if reader() is None:
        abort(401)
    if not may("execute", SAVE):
        abort(403)


def _template(number: int) -> Any:
    where = {"mail_template_id": number if number < 2**63 else -1}
    return data().execute(sa.text(query("mail_template")), where).first() or abort(404)


def _text(name: str) -> str:
    """What was typed; browsers send line ends of two characters, and nobody types a NUL."""
    return request.form.get(name, "").replace("\r\n", "\n").replace("\0", "")[:PART_MAX]


def _parts() -> Template:
    return Template(subject=_text("subject"), text=_text("text"), html=_text("html"))


def _shop_id() -> int | None:
    found = _text("shop_id")[:18]
    return int(found) if found.isdecimal() else None


def _locale() -> str:
    found = _text("locale")
    return found if found in LOCALES else LOCALES[0]
