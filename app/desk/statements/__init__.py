"""Statements due on a closing date: whose account is to be closed, with what; a job then issues those chosen."""

import json
import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import abort, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may
from app.catalog import query
from app.desk.chosen import relation_of
from app.errors import refusal
from app.fab.addresses import address
from app.messages import done, stop
from app.words import t
from sync.render.amounts import amount

ISSUES = "document.statement_issue"
KEY = ("customer_id", "issuer", "currency_code", "tax_inclusive")
ACCOUNT = re.compile(r"([0-9]{1,18}) (house|T[0-9]{13}) ([A-Z]{3}) ([01])")
LABEL = "締め請求書を作る | Make: Statements"
UNBILLED_SHOWN = 20
SUMS = ("previous_due", "received", "sales", "invoiced_before", "due")


class Statements(BaseView):
    """`/statements/?closes_on=` shows who is due; a POST of their keys to `/statements/make` asks for the job."""

    route_base = "/statements"
    default_view = "index"

    @expose("/", methods=["GET"])
    def index(self) -> Any:
        _allow()
        session = data()
        days = session.execute(sa.text(query("statement_days"))).all()
        closes_on = _day(request.args.get("closes_on", "")) or (days[0].closes_on if days else None)
        unbilled = session.execute(sa.text(query("statement_unbilled"))).all()
        found: list[Any] = []
        problem = None
        if closes_on:
            try:
                found = list(
                    session.execute(
                        sa.text(query("statements_due")), {"closes_on": closes_on}
                    ).mappings()
                )
            except DBAPIError as error:
                session.rollback()
                problem = refusal(error, generation().catalog)
        return self.render_template(
            "daicho/statements.html",
            title=t("締め請求書 | Statements"),
            days=days,
            closes_on=closes_on,
            rows=[_row(row) for row in found],
            sums=_sums(found),
            problem=problem,
            left_out=session.execute(sa.text(query("statement_left_out"))).scalar_one(),
            left_out_url=address(
                relation_of("sales", "sales_order"),
                "list",
                **{"f.payment_method": "credit_sale", "f.status": "shipped"},
            ),
            unbilled=[_unbilled(row) for row in unbilled[:UNBILLED_SHOWN]],
            is_more_unbilled=len(unbilled) > UNBILLED_SHOWN,
            terms_url=address(relation_of("customer", "credit_term"), "list"),
            issued_url=address(relation_of("document", "issued_document"), "list")
            + "?f.document_kind=statement",
        )

    @expose("/make", methods=["POST"])
    def make(self) -> Any:
        _allow()
        closes_on = _day(request.form.get("closes_on", ""))
        keys = [key for said in request.form.getlist("key") if (key := _key(said))]
        if closes_on is None or not keys:
            stop(t("顧客を選んでください。 | Choose customers first."))
            return redirect(url_for("Statements.index", closes_on=closes_on))
        arguments = {"closes_on": closes_on.isoformat(), "keys": keys}
        said = {"job": "issue_statements", "label": LABEL, "arguments": json.dumps(arguments)}
        try:
            number = data().execute(sa.text(query("work_ask")), said).scalar_one()
            data().commit()
        except DBAPIError as error:
            data().rollback()
            stop(refusal(error, generation().catalog).sentence)
            return redirect(url_for("Statements.index", closes_on=closes_on))
        done(
            t(
                "作り始めました。できると、ここから受け取れます。 | It has begun; fetch the file here when it is done."
            )
        )
        return redirect(url_for("Jobs.show", number=number))


def _allow() -> None:
    if not may("execute", ISSUES):
        abort(403)


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _key(said: str) -> dict[str, Any] | None:
    """One account of the form: whose, with whom, in what money."""
    if not (found := ACCOUNT.fullmatch(said)):
        return None
    customer_id, issuer, currency_code, is_inclusive = found.groups()
    values = (int(customer_id), issuer, currency_code, is_inclusive == "1")
    return dict(zip(KEY, values, strict=True))


def _row(row: Any) -> dict[str, Any]:
    """What one line of the page says."""
    currency = row["currency_code"]
    return {
        "key": f"{row['customer_id']} {row['issuer']} {currency} {int(row['tax_inclusive'])}",
        "who": row["addressee"] or str(row["customer_id"]),
        "link": address(relation_of("customer", "customer"), "show", pk=str(row["customer_id"])),
        "issuer": "" if row["issuer"] == "house" else row["issuer"],
        "is_net": not row["tax_inclusive"],
        "orders": row["orders"],
        "payment_on": row["payment_on"],
        "is_named": bool(row["addressee"]),
        **{name: amount(Decimal(row[name]), currency) for name in SUMS},
    }


def _unbilled(row: Any) -> dict[str, str]:
    """An order whose invoice was voided, and where it is."""
    return {
        "order_no": row.order_no,
        "invoice_no": row.invoice_no,
        "statement_no": row.statement_no,
        "link": address(relation_of("sales", "sales_order"), "show", pk=str(row.sales_order_id)),
    }


def _sums(rows: list[Any]) -> list[dict[str, Any]]:
    """What all come to, by currency."""
    found: dict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(SUMS, Decimal()))
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row["currency_code"]] += row["orders"]
        for name in SUMS:
            found[row["currency_code"]][name] += row[name]
    return [
        {
            "orders": counts[currency],
            **{name: amount(said, currency) for name, said in sums.items()},
        }
        for currency, sums in sorted(found.items())
    ]
