"""Documents of chosen orders: which one is asked for, then a job makes the file."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import abort, jsonify, redirect, url_for
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may
from app.catalog import Relation, query
from app.desk.chosen import ChoiceWrong, Chosen, chosen, relation_of, sent, wants_json
from app.errors import refusal, side_of
from app.fab.addresses import address
from app.messages import done, stop
from app.words import t
from sync.render.order_pages import ORDERS_MAX

ORDERS = ("sales", "sales_order")
# Whoever may read what documents say may print them
READS = "document.order_pages"
QUOTATIONS = ("sales", "quotation")
QUOTES = "document.quotation_pages"
ISSUED = ("document", "issued_document")
ISSUES = "document.document_issue"
NAME_MAX = 200
NOTHING = {
    "sales_order": "受注を選んでください。 | Choose orders first.",
    "quotation": "見積を選んでください。 | Choose quotations first.",
}
NOTHING_ISSUED = "帳票を選んでください。 | Choose documents first."


class Documents(BaseView):
    """POST `/documents/choose` with chosen orders, then `/documents/make` with a `document_kind`.

    Of quotations, `/documents/quotations` makes theirs. Of issued documents, `/documents/copies` prints copies and `/documents/files` packs their files.
    """

    route_base = "/documents"

    @expose("/choose", methods=["POST"])
    def choose(self) -> Any:
        rows = _rows(ORDERS, READS)
        if not isinstance(rows, Chosen):
            return rows
        form = sent()
        kept = [
            (name, value) for name in ("condition", "all", "rowid") for value in form.getlist(name)
        ]
        kinds = _kinds()
        return self.render_template(
            "daicho/documents.html",
            title=t("帳票を作る | Make documents"),
            kinds=[kind for kind in kinds if not kind.is_issued],
            issued=[kind for kind in kinds if kind.is_issued],
            count=_count(rows),
            most=ORDERS_MAX,
            name_max=NAME_MAX,
            kept=kept,
            list_url=address(rows.relation, "list"),
            issued_url=address(relation_of(*ISSUED), "list") if may("execute", ISSUES) else "",
            side_of=side_of,
        )

    @expose("/make", methods=["POST"])
    def make(self) -> Any:
        rows = _rows(ORDERS, READS)
        if not isinstance(rows, Chosen):
            return rows
        form = sent()
        wanted = form.get("document_kind", "")
        kind = next((one for one in _kinds() if one.document_kind == wanted), None)
        if kind is None:
            said = t("その帳票はありません。 | There is no such document.")
            return _refused(rows.relation, said, 422)
        arguments = {**rows.arguments, "document_kind": wanted}
        if kind.is_issued and rows.keys is not None and len(rows.keys) == 1:
            # Who it is for and what for is said of one, not of many
            for name in ("addressee", "proviso"):
                if said := form.get(name, "").strip():
                    arguments[name] = said[:NAME_MAX]
        japanese, _, english = str(kind.label).partition(" | ")
        job = "issue_documents" if kind.is_issued else "make_documents"
        return _asked(rows, job, f"{japanese}を作る | Make: {english}", arguments)

    @expose("/quotations", methods=["POST"])
    def quotations(self) -> Any:
        rows = _rows(QUOTATIONS, QUOTES)
        if not isinstance(rows, Chosen):
            return rows
        arguments = {**rows.arguments, "document_kind": "quotation"}
        return _asked(rows, "make_documents", "見積書を作る | Make: Quotation", arguments)

    @expose("/copies", methods=["POST"])
    def copies(self) -> Any:
        rows = _rows(ISSUED, ISSUES)
        if not isinstance(rows, Chosen):
            return rows
        label = "写しを印刷 | Print copies"
        return _asked(rows, "print_issued", label, rows.arguments)

    @expose("/files", methods=["POST"])
    def files(self) -> Any:
        rows = _rows(ISSUED, ISSUES)
        if not isinstance(rows, Chosen):
            return rows
        label = "帳票のファイルを書き出す | Export files of documents"
        return _asked(rows, "export_issued", label, rows.arguments)


def _asked(rows: Chosen, job: str, label: str, arguments: Mapping[str, Any]) -> Any:
    """Ask for a job; the answer is the page on which it is followed."""
    try:
        number = (
            data()
            .execute(
                sa.text(query("work_ask")),
                {"job": job, "label": label, "arguments": json.dumps(arguments)},
            )
            .scalar_one()
        )
        data().commit()
    except DBAPIError as error:
        data().rollback()
        why = refusal(error, generation().catalog)
        return _refused(rows.relation, why.sentence, why.status)
    link = url_for("Jobs.show", number=number)
    if wants_json():
        return jsonify(number=number, link=link)
    done(
        t(
            "作り始めました。できると、ここから受け取れます。 | It has begun; fetch the file here when it is done."
        )
    )
    return redirect(link)


def _rows(where: tuple[str, str], right: str) -> Any:
    """The chosen rows, or the answer that says why there are none."""
    relation = relation_of(*where)
    if not may("execute", right):
        abort(403)
    form = sent()
    if not form.getlist("rowid") and not form.get("all"):
        return _refused(relation, t(NOTHING.get(where[1], NOTHING_ISSUED)), 422)
    try:
        return chosen(relation, form)
    except ChoiceWrong as error:
        return _refused(relation, str(error), 422)


def _kinds() -> list[Any]:
    """What the reader may make."""
    found = data().execute(sa.text(query("document_kinds")))
    return [kind for kind in found if not kind.is_issued or may("execute", ISSUES)]


def _count(rows: Chosen) -> int:
    """How many orders were chosen; no further than one more than may be."""
    if rows.keys is not None:
        return len(rows.keys)
    statement = sa.text(query("list_count")).bindparams(sa.bindparam("tree", type_=sa.JSON))
    tree = {"relation": rows.relation.full, "tree": rows.condition or {}, "most": ORDERS_MAX + 1}
    return int(data().execute(statement, tree).scalar_one())


def _refused(relation: Relation, sentence: str, status: int) -> Any:
    if wants_json():
        return jsonify(message=sentence), status
    stop(sentence)
    return redirect(address(relation, "list"))
