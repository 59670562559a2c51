"""Statements: what `document.statement_facts` says, as their template wants it. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sync.render.amounts import amount, day, percent
from sync.render.issued_pages import (
    Facts,
    addressee,
    day_of,
    line_of,
    rate_said,
    tax_of,
    title_of,
)


def statement(facts: Facts, zone: ZoneInfo) -> dict[str, Any]:
    """What one statement says, in its own language; the same facts say the same."""
    language, currency = str(facts["locale"]), str(facts["currency_code"])

    def t(japanese: str, english: str) -> str:
        return japanese if language == "ja" else english

    def said(name: str) -> str:
        return amount(Decimal(facts[name]), currency)

    def on(value: str) -> str:
        return day_of(value, zone, language)

    orders = [_order(order, currency, language, zone) for order in facts["orders"]]
    mall_paid, before = Decimal(facts["mall_paid"]), Decimal(facts["invoiced_before"])
    return {
        "kind": "statement",
        "title": title_of("statement", language),
        "is_qualified": facts["is_qualified"],
        "document_no": facts["document_no"],
        "issued_on": on(facts["issued_on"]),
        "period": f"{on(facts['begins_on'])}{t('〜', ' – ')}{on(facts['closes_on'])}",
        "payment_on": on(facts["payment_on"]),
        "addressee": addressee(
            str(facts["addressee"]), language, is_company=bool(facts.get("is_company"))
        ),
        "sender": facts["sender"],
        "previous_no": facts["previous_no"],
        "previous_due": said("previous_due"),
        "received": said("received"),
        "carried_over": said("carried_over"),
        "sales": said("sales"),
        "invoiced_before": amount(before, currency)
        if before or any(order["original_no"] for order in facts["orders"])
        else "",
        "due": said("due"),
        # Nothing to pay, and nowhere to pay it to
        "is_due": Decimal(facts["due"]) > 0,
        "is_credit": Decimal(facts["due"]) < 0,
        "orders": orders,
        "payments": [
            {
                "paid_on": on(payment["paid_on"]),
                "order_no": payment["order_no"],
                "amount": amount(Decimal(payment["amount"]), currency),
            }
            for payment in facts["payments"]
        ],
        "tax_lines": [tax_of(tax, facts, currency) for tax in facts["tax_lines"]],
        "tax_inclusive": facts["tax_inclusive"],
        "total": said("total"),
        "tax_total": said("tax_total"),
        "mall_paid": amount(-mall_paid, currency) if mall_paid else "",
        "paid": said("sales"),
        "reduced": percent(Decimal(facts["reduced_rate"]))
        if any(line["is_reduced"] for order in facts["orders"] for line in order["lines"])
        else "",
        "rate_said": rate_said(facts, currency, t),
    }


def _order(order: Facts, currency: str, language: str, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "order_no": order["external_order_no"],
        "shipped_on": day(date.fromisoformat(order["shipped_on"]), zone, language),
        "amount": amount(Decimal(order["amount"]), currency),
        "earlier_no": order["earlier_no"],
        "original_no": order["original_no"],
        "lines": [
            _line(line, currency, language, came_back=bool(order["earlier_no"]))
            for line in order["lines"]
        ],
    }


def _line(line: Facts, currency: str, language: str, *, came_back: bool) -> dict[str, Any]:
    """A line as any other; of what came back, as many fewer."""
    made = line_of({"code": "", **line}, currency, language)
    if came_back and line["quantity"]:
        made["quantity"] = made["quantity"].replace("-", "−")
    return made
