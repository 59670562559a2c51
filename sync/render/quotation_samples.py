"""Quotations of nobody: what a template is tried on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

RATES: Final = (Decimal("0.1000"), Decimal("0.0800"))
PRICES: Final = (1080, 540, 32400)
NAME_LONG: Final = (
    "深蒸し茶・煎茶・ほうじ茶の詰合せ（のし・包装つき、冷暗所で保管してください）" * 2
)


def quotation_samples() -> Sequence[dict[str, Any]]:
    """A firm's of two tax rates, a person's that says as little as can be, a long draft."""
    return _quotation(2), _bare(), _quotation(45) | {"is_draft": True}


def _quotation(lines: int) -> dict[str, Any]:
    said = [_line(number) for number in range(1, lines + 1)]
    taxed = {
        rate: sum(Decimal(line["amount"]) for line in said if Decimal(line["tax_rate"]) == rate)
        for rate in RATES
    }
    taxes = {
        rate: (amount * rate).quantize(Decimal(1), ROUND_DOWN)
        for rate, amount in taxed.items()
        if amount
    }
    return {
        "order_no": f"Q-{lines:07}",
        "shop_id": 0,
        "shop_name": "見本の店",
        "is_draft": False,
        "issued_on": "2026-11-26",
        "valid_until": "2026-12-25",
        "delivery_terms": "ご注文から二週間",
        "payment_terms": "月末締め翌月末払い",
        "note": "送料込み、組立てなし",
        "currency_code": "JPY",
        "tax_inclusive": False,
        "reduced_rate": "0.08",
        "total": str(sum(taxed.values()) + sum(taxes.values())),
        "tax_total": str(sum(taxes.values())),
        "addressee": {
            "company": "株式会社みほん",
            "name": "髙橋 𠮷子",
            "postal_code": "600-8001",
            "region": "京都府",
            "address_line1": "京都市下京区真町5-24",
            "address_line2": "みほんビル3階",
        },
        "sender": {
            "name": "見本の店",
            "registration_no": "T1234567890123",
            "postal_code": "604-8151",
            "address": "京都市中京区1-2",
            "phone": "075-111-2222",
            "email": "shop@example.jp",
        },
        "lines": said,
        "tax_lines": [
            {"tax_rate": str(rate), "amount": str(taxed[rate]), "tax": str(tax)}
            for rate, tax in taxes.items()
        ],
    }


def _line(number: int) -> dict[str, Any]:
    price, quantity = PRICES[number % len(PRICES)], number % 4 * 12 + 1
    return {
        "name": NAME_LONG if number == 2 else f"深蒸し茶 {number}",
        "code": f"TEA-{number:03}" if number % 5 else "",
        "quantity": quantity,
        "unit_price": str(price),
        "amount": str(price * quantity),
        "tax_rate": str(RATES[number % 2]),
        "is_reduced": number % 2 == 1,
    }


def _bare() -> dict[str, Any]:
    """One that says as little as it can."""
    full = _quotation(1)
    return full | {
        "valid_until": None,
        "delivery_terms": "",
        "payment_terms": "",
        "note": "",
        "addressee": dict.fromkeys(full["addressee"], "") | {"name": "渡邉 太郎"},
        "sender": dict.fromkeys(full["sender"], "") | {"name": "見本の店"},
    }
