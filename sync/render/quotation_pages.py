"""Quotations: what `document.quotation_pages` says, as their template wants it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sync.render.amounts import amount, day, percent
from sync.render.house import House

Page = Mapping[str, Any]


def quotation(page: Page, house: House) -> dict[str, Any]:
    """One quotation; a draft says that it is one."""
    currency, to = str(page["currency_code"]), page["addressee"]
    lines = [_line(line, currency) for line in page["lines"]]
    return {
        "quotation_no": page["order_no"],
        "is_draft": page["is_draft"],
        "issued_on": _day(page["issued_on"], house),
        "valid_until": _day(page["valid_until"], house),
        "addressee": {
            **to,
            # Of a firm and a person the person is honoured as one, and the firm stands above
            "company": to["company"] + (house.t(" 御中", "") if not to["name"] else "")
            if to["company"]
            else "",
            "name": to["name"] + house.t(" 様", "") if to["name"] else "",
        },
        "sender": page["sender"],
        "delivery_terms": page["delivery_terms"],
        "payment_terms": page["payment_terms"],
        "note": page["note"],
        "lines": lines,
        "tax_inclusive": page["tax_inclusive"],
        "tax_lines": [
            {
                "rate": percent(Decimal(tax["tax_rate"])),
                "amount": amount(Decimal(tax["amount"]), currency),
                "tax": amount(Decimal(tax["tax"]), currency),
            }
            for tax in page["tax_lines"]
        ],
        "tax_total": amount(Decimal(page["tax_total"]), currency),
        "total": amount(Decimal(page["total"]), currency),
        "reduced": percent(Decimal(page["reduced_rate"]))
        if any(line["is_reduced"] for line in lines)
        else "",
    }


def _line(line: Page, currency: str) -> dict[str, Any]:
    return {
        "name": line["name"],
        "code": line["code"],
        "quantity": f"{line['quantity']:,}",
        "unit_price": amount(Decimal(line["unit_price"]), currency),
        "amount": amount(Decimal(line["amount"]), currency),
        "tax_rate": percent(Decimal(line["tax_rate"])),
        "is_reduced": line["is_reduced"],
    }


def _day(said: str | None, house: House) -> str:
    return day(date.fromisoformat(said), house.zone, house.language) if said else ""
