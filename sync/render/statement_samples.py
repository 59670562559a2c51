"""Statements of nobody: what a template of statements is tried on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sync.render.issued_samples import COMPANY, NUMBER, PERSON, REDUCED, SENDER, goods, taxes
from sync.render.words import side

BANK: Final = "見本銀行 本店 普通 1234567 ミホンノミセ | Sample Bank, head office, 1234567"
PER_ORDER: Final = 5
PREVIOUS, RECEIVED, INVOICED, PAID_MALL = (Decimal(one) for one in (12_000, 10_000, 5_400, 500))


def facts(language: str) -> Sequence[Mapping[str, Any]]:
    """What the ledger would say of sample statements.

    An ordinary one of two rates with an order that was invoiced before, one on which goods came back,
    a balance alone, one in foreign money with prices without tax, a long one.
    """
    return [
        _one(language, 8, invoiced=INVOICED, mall_paid=PAID_MALL),
        _one(language, 4, comes_back=True, addressee=side(PERSON, language), is_company=False),
        _one(language, 0, bank=False),
        _one(language, 4, currency_code="USD", exchange_rate="151.23", tax_inclusive=False),
        _one(language, 45),
    ]


def _one(
    language: str,
    lines: int,
    *,
    invoiced: Decimal = Decimal(),
    mall_paid: Decimal = Decimal(),
    comes_back: bool = False,
    bank: bool = True,
    **more: Any,  # noqa: ANN401 - any of the facts
) -> dict[str, Any]:
    rate = Decimal(str(more.get("exchange_rate", "1")))
    unit = Decimal("0.01") if rate != 1 else Decimal(1)
    inclusive = bool(more.get("tax_inclusive", True))
    rows = [goods(number, language) for number in range(lines)]
    orders = [
        _order(place, rows[begin : begin + PER_ORDER])
        for place, begin in enumerate(range(0, lines, PER_ORDER), 1)
    ]
    if comes_back:
        orders.append(_order(8, [_back(rows[0])], earlier_no=f"B-{NUMBER}"))
    if invoiced:
        orders.append(_order(9, [], amount=str(invoiced), original_no=f"I-{NUMBER}"))
    rates = taxes(
        [line for order in orders for line in order["lines"]], unit, rate, inclusive=inclusive
    )
    tax_total = sum((Decimal(tax["tax"]) for tax in rates), Decimal())
    total = sum((Decimal(tax["amount"]) for tax in rates), Decimal())
    total += Decimal() if inclusive else tax_total
    carried = PREVIOUS - RECEIVED
    return {
        "document_kind": "statement",
        "locale": language,
        "currency_code": "JPY",
        "base_currency": "JPY",
        "exchange_rate": "1",
        "is_qualified": bool(rates),
        "document_no": f"B-{NUMBER}",
        "issued_on": "2026-11-02",
        "begins_on": "2026-10-01",
        "closes_on": "2026-10-31",
        "payment_on": "2026-11-30",
        "addressee": side(COMPANY, language),
        "is_company": True,
        "sender": {
            "name": side(SENDER, language),
            "registration_no": "T1234567890123",
            "postal_code": "604-8151",
            "address": side("京都市中京区1-2 | 1-2 Nakagyo, Kyoto", language),
            "phone": "075-111-2222",
            "email": "shop@example.jp",
            "bank_account": side(BANK, language) if bank else "",
        },
        "previous_no": f"B-{NUMBER}",
        "previous_due": str(PREVIOUS),
        "received": str(RECEIVED),
        "carried_over": str(carried),
        "sales": str(total - mall_paid),
        "invoiced_before": str(invoiced),
        "due": str(carried + total - mall_paid + invoiced),
        "orders": orders,
        "payments": [
            {"paid_on": "2026-10-20", "order_no": "300012-20260924-1", "amount": str(RECEIVED)}
        ],
        "tax_lines": rates,
        "tax_inclusive": inclusive,
        "total": str(total),
        "tax_total": str(tax_total),
        "mall_paid": str(mall_paid),
        "reduced_rate": str(REDUCED),
        **more,
    }


def _order(place: int, lines: Sequence[Mapping[str, Any]], **more: str) -> dict[str, Any]:
    return {
        "order_no": f"D{place:08}",
        "external_order_no": f"300012-202610{place:02}-{place:07}",
        "shipped_on": f"2026-10-{place + 1:02}",
        "amount": str(sum((Decimal(line["amount"]) for line in lines), Decimal())),
        "earlier_no": "",
        "original_no": "",
        "lines": lines,
        **more,
    }


def _back(line: Mapping[str, Any]) -> dict[str, Any]:
    """One piece of a line that came back."""
    return {**line, "quantity": -1, "amount": str(-Decimal(line["unit_price"]))}
