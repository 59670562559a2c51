"""Documents of chosen orders: which one is asked for, then a job makes the file."""

import json
from typing import Any

import sqlalchemy as sa
from flask import abort, jsonify, redirect, url_for
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may
from app.catalog import query
from app.desk.chosen import ChoiceWrong, Chosen, chosen, relation_of, sent, wants_json
from app.errors import refusal, side_of
from app.fab.addresses import address
from app.messages import done, stop
from app.words import t
from sync.render.order_pages import ORDERS_MAX

ORDERS = ("sales", "sales_order")
# Whoever may read what documents say may print them
READS = "document.order_pages"


class Documents(BaseView):
    """POST `/documents/choose` with chosen orders, then `/documents/make` with a `document_kind`."""

    route_base = "/documents"

    @expose("/choose", methods=["POST"])
    def choose(self) -> Any:
        rows = _rows()
        if not isinstance(rows, Chosen):
            return rows
        form = sent()
        kept = [
            (name, value) for name in ("condition", "all", "rowid") for value in form.getlist(name)
        ]
        return self.render_template(
            "daicho/documents.html",
            title=t("帳票を作る | Make documents"),
            kinds=_kinds(),
            count=_count(rows),
            most=ORDERS_MAX,
            kept=kept,
            list_url=address(rows.relation, "list"),
            side_of=side_of,
        )

    @expose("/make", methods=["POST"])
    def make(self) -> Any:
        rows = _rows()
        if not isinstance(rows, Chosen):
            return rows
        kind = sent().get("document_kind", "")
        label = next((one.label for one in _kinds() if one.document_kind == kind), None)
        if label is None:
            return _refused(t("その帳票はありません。 | There is no such document."), 422)
        arguments = {**rows.arguments, "document_kind": kind}
        japanese, _, english = str(label).partition(" | ")
        try:
            number = (
                data()
                .execute(
                    sa.text(query("work_ask")),
                    {
                        "job": "make_documents",
                        "label": f"{japanese}を作る | Make: {english}",
                        "arguments": json.dumps(arguments),
                    },
                )
                .scalar_one()
            )
            data().commit()
        except DBAPIError as error:
            data().rollback()
            why = refusal(error, generation().catalog)
            return _refused(why.sentence, why.status)
        link = url_for("Jobs.show", number=number)
        if wants_json():
            return jsonify(number=number, link=link)
        done(
            t(
                "作り始めました。できると、ここから受け取れます。 | It has begun; fetch the file here when it is done."
            )
        )
        return redirect(link)


def _rows() -> Any:
    """The chosen orders, or the answer that says why there are none."""
    relation = relation_of(*ORDERS)
    if not may("execute", READS):
        abort(403)
    form = sent()
    if not form.getlist("rowid") and not form.get("all"):
        return _refused(t("受注を選んでください。 | Choose orders first."), 422)
    try:
        return chosen(relation, form)
    except ChoiceWrong as error:
        return _refused(str(error), 422)


def _kinds() -> list[Any]:
    return list(data().execute(sa.text(query("document_kinds"))))


def _count(rows: Chosen) -> int:
    """How many orders were chosen; no further than one more than may be."""
    if rows.keys is not None:
        return len(rows.keys)
    statement = sa.text(query("list_count")).bindparams(sa.bindparam("tree", type_=sa.JSON))
    tree = {"relation": rows.relation.full, "tree": rows.condition or {}, "most": ORDERS_MAX + 1}
    return int(data().execute(statement, tree).scalar_one())


def _refused(sentence: str, status: int) -> Any:
    if wants_json():
        return jsonify(message=sentence), status
    stop(sentence)
    return redirect(address(generation().catalog.relations[".".join(ORDERS)], "list"))
