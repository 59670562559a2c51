"""A mail to chosen orders: who gets it and who does not, how it reads for each, and how far it is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import abort, jsonify, redirect, request
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may, reader
from app.catalog import query
from app.desk.chosen import ChoiceWrong, Chosen, chosen, relation_of, sent
from app.desk.mails import writing
from app.errors import refusal, side_of
from app.fab.addresses import address
from app.messages import done, stop
from app.web import framed
from app.words import language, t
from sync.render.mails import Template

ORDERS = ("sales", "sales_order")
BEGINS = "mail.mailing_begin"
MOST = 5_000
NAMED_MAX = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Orders that get no mail for the same reason; some of them by number."""

    reason: str
    count: int
    named: Sequence[tuple[str, str]]


class Mailings(BaseView):
    """POST `/mailings/choose` with chosen orders, `/mailings/preview.json` for one, `/mailings/begin`."""

    route_base = "/mailings"

    @expose("/choose", methods=["POST"])
    def choose(self) -> Any:
        """Which template, who gets it, and how it reads."""
        rows = _rows()
        if not isinstance(rows, Chosen):
            return rows
        form = sent()
        templates = _templates()
        asked = form.get("template_code", "")
        code = asked if any(one.template_code == asked for one in templates) else ""
        code = code or (templates[0].template_code if templates else "")
        try:
            found = _look(rows, code) if code else []
        except DBAPIError as error:
            return _refused(error)
        gets = [row for row in found if row.reason is None]
        name = next((one.template_name for one in templates if one.template_code == code), "")
        return self.render_template(
            "daicho/mailing.html",
            title=t("メールを送る | Send a mail"),
            templates=[(one.template_code, side_of(one.template_name)) for one in templates],
            code=code,
            label=name,
            is_too_many=len(found) > MOST,
            most=MOST,
            count=len(found),
            gets=[(row.sales_order_id, row.order_no) for row in gets],
            left_out=_left_out([row for row in found if row.reason is not None]),
            kept=[(n, v) for n in ("condition", "all", "rowid") for v in form.getlist(n)],
            list_url=address(rows.relation, "list"),
        )

    @expose("/preview.json", methods=["POST"])
    def preview(self) -> Any:
        """How it reads for one order."""
        found, attached = _one()
        if found.fault:
            return jsonify(fault=found.fault.said)
        written = found.written
        return jsonify(
            subject=written.subject if written else "",
            text=written.text if written else "",
            has_html=bool(written and written.html),
            warning=found.warning,
            **attached,
        )

    @expose("/preview.html", methods=["POST"])
    def preview_html(self) -> Any:
        """Its HTML for one order, for a frame."""
        found, _ = _one()
        return framed(found.written.html if found.written else "")

    @expose("/begin", methods=["POST"])
    def begin(self) -> Any:
        """Begin it for the orders that were looked at."""
        _allow()
        texts = [one for one in request.form.get("ids", "").split(",") if one]
        ids = [int(one) for one in texts if one.isdecimal() and len(one) < 19]
        if not ids or len(ids) != len(texts):
            stop(t("受注を選んでください。 | Choose orders first."))
            return redirect(address(_orders(), "list"))
        values = {
            "template_code": request.form.get("template_code", "").replace("\0", ""),
            "label": request.form.get("label", "").replace("\0", "").strip()[:200]
            or t("一斉送信 | A mailing"),
            "ids": ids,
        }
        try:
            number = data().scalar(sa.text(query("mailing_begin")), values)
            data().commit()
        except DBAPIError as error:
            return _refused(error)
        done(t("送り始めました。進みはここに出ます。 | It has begun; its progress stands here."))
        relation = generation().catalog.relations["mail.mailing"]
        return redirect(address(relation, "show", pk=str(number)))

    @expose("/<int:pk>/part", methods=["GET"])
    def part(self, pk: int) -> Any:
        """How far it is, as a part of its page."""
        _allow()
        where = {"mailing_id": pk if pk < 2**63 else -1}
        mailing = data().execute(sa.text(query("mailing_progress")), where).first() or abort(404)
        states = data().execute(sa.text(query("mailing_states")), where).all()
        seen = sum(row.mails for row in states)
        ended = sum(row.mails for row in states if row.is_ended)
        relation = generation().catalog.relations["mail.mail"]
        return self.render_template(
            "daicho/mailing_part.html",
            mailing=mailing,
            states=[
                (
                    row.state,
                    side_of(row.label),
                    row.mails,
                    address(relation, "list", **{"f.mailing_id": str(pk), "f.state": row.state}),
                )
                for row in states
            ],
            seen=seen,
            ended=ended,
            pk=pk,
        )


def _allow() -> None:
    if reader() is None:
        abort(401)
    if not may("execute", BEGINS):
        abort(403)


def _orders() -> Any:
    return generation().catalog.relations[".".join(ORDERS)]


def _rows() -> Any:
    """The chosen orders, or the answer that says why there are none."""
    _allow()
    relation = relation_of(*ORDERS)
    form = sent()
    if not form.getlist("rowid") and not form.get("all"):
        stop(t("受注を選んでください。 | Choose orders first."))
        return redirect(address(relation, "list"))
    try:
        return chosen(relation, form)
    except ChoiceWrong as error:
        stop(str(error))
        return redirect(address(relation, "list"))


def _templates() -> Sequence[Any]:
    where = {"locale": language()}
    return data().execute(sa.text(query("mail_chosen_templates")), where).all()


def _look(rows: Chosen, code: str) -> Sequence[Any]:
    """Each chosen order, with the reason where it gets none; no further than one more than may be."""
    values: Mapping[str, Any] = {
        "template_code": code,
        "condition": _json(rows.condition or {}) if rows.keys is None else None,
        "keys": _json(rows.keys) if rows.keys is not None else None,
        "most": MOST + 1,
    }
    return data().execute(sa.text(query("mailing_look")), values).all()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _left_out(rows: Sequence[Any]) -> list[LeftOut]:
    """Who gets none, by reason, the most frequent first."""
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.reason, []).append(row)
    return [
        LeftOut(
            reason=side_of(reason),
            count=len(those),
            named=[
                (row.order_no, address(_orders(), "show", pk=str(row.sales_order_id)))
                for row in those[:NAMED_MAX]
            ],
        )
        for reason, those in sorted(grouped.items(), key=lambda pair: -len(pair[1]))
    ]


def _one() -> tuple[writing.Shown, Mapping[str, Any]]:
    """One order's mail and what goes with it, as the form asks; 404 for an order or a template out of sight."""
    _allow()
    asked = request.form.get("sales_order_id", "")[:18]
    number = int(asked) if asked.isdecimal() else -1
    code = request.form.get("template_code", "").replace("\0", "")
    values = {"sales_order_id": number, "template_code": code}
    row = data().execute(sa.text(query("mailing_template")), values).first()
    facts = writing.facts_of(number) if row else None
    if row is None or facts is None:
        abort(404)
    template = Template(subject=row.subject, text=row.text_body, html=row.html_body)
    order = writing.Order(facts=facts, number=number)
    attached = writing.attached_json(row.attached_kind or "", order)
    return writing.shown(template, row.locale, order), attached


def _refused(error: DBAPIError) -> Any:
    data().rollback()
    stop(refusal(error, generation().catalog).sentence)
    return redirect(address(_orders(), "list"))
