"""Invoices, receipts and return invoices: what `document.issued_facts` says, as their template wants it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from sync.render.amounts import amount, day, percent
from sync.render.words import side

STAMP_FROM: Final = Decimal(50_000)
"""A receipt on paper for so many yen without tax needs a revenue stamp, unless it was paid by card."""

STANDARD: Final = ("a-2b",)
"""As what an issued document is kept: a PDF that can be read in years to come."""

PROVISO: Final = "お品代として | For goods"
_COMPANY: Final = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|[（(][株有同][）)]|[㈱㈲]|法人|組合|協会|財団|学校|大学|病院|医院|役所|銀行"
    r"|\b(?:inc|ltd|llc|gmbh|corp|co)\b\.?",
    re.IGNORECASE,
)
_HONOURED: Final = re.compile(r"(?:様|御中|殿|先生)$")
Facts = Mapping[str, Any]


def issued(facts: Facts, zone: ZoneInfo) -> dict[str, Any]:
    """What one issued document says, in its own language; the same facts say the same."""
    language, currency = str(facts["locale"]), str(facts["currency_code"])

    def t(japanese: str, english: str) -> str:
        return japanese if language == "ja" else english

    def said(value: str) -> str:
        return amount(Decimal(value), currency)

    total, mall_paid = Decimal(facts["total"]), Decimal(facts["mall_paid"])
    kind = str(facts["document_kind"])
    paid = total - mall_paid
    return {
        "kind": kind,
        "title": title_of(kind, language),
        "is_qualified": facts["is_qualified"],
        "document_no": facts["document_no"],
        "issued_on": day_of(facts["issued_on"], zone, language),
        "transaction_on": day_of(facts["transaction_on"], zone, language),
        "order_no": facts["order_no"],
        "external_order_no": facts["external_order_no"],
        "addressee": addressee(str(facts["addressee"]), language),
        "proviso": str(facts.get("proviso") or side(PROVISO, language)),
        "sender": facts["sender"],
        "original": _original(facts, zone, language),
        "lines": [line_of(line, currency, language) for line in facts["lines"]],
        "tax_lines": [tax_of(tax, facts, currency) for tax in facts["tax_lines"]],
        "tax_inclusive": facts["tax_inclusive"],
        "total": said(facts["total"]),
        "tax_total": said(facts["tax_total"]),
        "mall_paid": amount(-mall_paid, currency) if mall_paid else "",
        "paid": amount(paid, currency),
        "payment": side(str(facts.get("payment_label") or ""), language),
        "needs_stamp": kind == "receipt"
        and currency == "JPY"
        and facts["payment_method"] != "card"
        and paid - Decimal(facts["tax_total"]) >= STAMP_FROM,
        "reduced": percent(Decimal(facts["reduced_rate"]))
        if any(line["is_reduced"] for line in facts["lines"])
        else "",
        "rate_said": rate_said(facts, currency, t),
    }


def title_of(document_kind: str, language: str) -> str:
    """What the document calls itself."""
    titles = {
        "receipt": "領収書 | Receipt",
        "return_invoice": "返還請求書 | Return invoice",
        "statement": "請求書 | Statement",
    }
    return side(titles.get(document_kind, "請求書 | Invoice"), language)


def addressee(name: str, language: str, *, is_company: bool = False) -> str:
    """A name with its honorific: 御中 for a company, 様 for a person, none twice and none in English."""
    if not name or language != "ja" or _HONOURED.search(name):
        return name
    # A person of a company is a person
    is_company = is_company or bool(_COMPANY.search(name) and " " not in name.strip())
    return f"{name} {'御中' if is_company else '様'}"


def day_of(said: str, zone: ZoneInfo, language: str) -> str:
    return day(date.fromisoformat(said), zone, language)


def _original(facts: Facts, zone: ZoneInfo, language: str) -> dict[str, str]:
    if not facts["original_no"]:
        return {}
    return {
        "document_no": str(facts["original_no"]),
        "issued_on": day_of(facts["original_on"], zone, language),
        "transaction_on": day_of(facts["original_transaction_on"], zone, language),
    }


def line_of(line: Facts, currency: str, language: str) -> dict[str, Any]:
    is_goods = line["part_kind"] == "goods"
    return {
        "name": side(line["name"], language) if not is_goods else line["name"],
        "option": line["option"],
        "code": line["code"],
        "quantity": f"{line['quantity']:,}" if is_goods and line["quantity"] else "",
        "unit_price": amount(Decimal(line["unit_price"]), currency) if is_goods else "",
        "tax_rate": percent(Decimal(line["tax_rate"])),
        "is_reduced": line["is_reduced"],
        "amount": amount(Decimal(line["amount"]), currency),
    }


def tax_of(tax: Facts, facts: Facts, currency: str) -> dict[str, str]:
    base = str(facts["base_currency"])
    return {
        "rate": percent(Decimal(tax["tax_rate"])),
        "amount": amount(Decimal(tax["amount"]), currency),
        "tax": amount(Decimal(tax["tax"]), currency),
        "tax_base": amount(Decimal(tax["tax_base"]), base) if base != currency else "",
    }


def rate_said(facts: Facts, currency: str, t: Any) -> str:  # noqa: ANN401 - a function of two words
    base = str(facts["base_currency"])
    if base == currency:
        return ""
    rate = amount(Decimal(facts["exchange_rate"]), base)
    return str(
        t(f"消費税額の換算 {currency} 1 = {rate}", f"Tax converted at {currency} 1 = {rate}")
    )
