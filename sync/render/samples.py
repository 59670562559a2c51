"""Orders of nobody: what a template is tried on beside a real one, or instead of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sync.render.order_pages import KINDS, House, document
from sync.render.quotation_samples import NAME_LONG, quotation_samples

PRICES: Final = (1080, 540, 3240)

Page = Mapping[str, Any]


def samples(document_kind: str, house: House) -> Sequence[Mapping[str, Any]]:
    """What a template of a kind is given of the sample orders; nothing for a kind that has none.

    An ordinary order of two tax rates, a present, one that says as little as can be, a long one.
    """
    if document_kind not in KINDS:
        return ()
    if document_kind == "quotation":
        return [document(document_kind, page, house) for page in quotation_samples()]
    orders = [_order(2), _order(3, is_gift=True), _bare(), _order(45)]
    if document_kind == "customs_form":
        orders = [_abroad(page) for page in orders]
    return [document(document_kind, page | {"locale": house.language}, house) for page in orders]


def _order(lines: int, *, is_gift: bool = False) -> dict[str, Any]:
    said = [_line(number) for number in range(1, lines + 1)]
    items = sum(Decimal(line["amount"]) for line in said)
    return {
        "order_no": f"D{lines:08}",
        "external_order_no": f"300012-20261124-{lines:07}",
        "shop_id": 0,
        "shop_name": "見本の店",
        "ordered_at": "2026-11-24T01:00:00+09:00",
        "is_gift": is_gift,
        "reduced_rate": "0.08",
        "tax_on_top": "0",
        "currency_code": "JPY",
        "requested_delivery_on": "2026-12-01",
        "delivery_time_slot": "14:00-16:00",
        "payment_method": "card",
        "item_total": str(items),
        "shipping_fee": "550",
        "fee_total": "330",
        "discount_total": "100",
        "points_used": "50",
        "total": str(items + 730),
        "buyer_name": "渡邉 太郎",
        "recipient": {
            "name": "髙橋 𠮷子",
            "company": "株式会社みほん 総務部",
            "postal_code": "600-8001",
            "region": "京都府",
            "address_line1": "京都市下京区真町5-24",
            "address_line2": "グランドメゾン1203",
            "country_code": "JP",
        },
        "sender": {
            "name": "見本の店",
            "registration_no": "T1234567890123",
            "postal_code": "604-8151",
            "address": "京都市中京区1-2",
            "phone": "075-111-2222",
            "email": "shop@example.jp",
            "greeting": "",
            "note": "冷暗所で保管",
        },
        "lines": said,
        "tax_lines": [
            {"tax_rate": "0.1000", "amount": "1500", "tax": "136"},
            {"tax_rate": "0.0800", "amount": "1110", "tax": "82"},
        ],
    }


def _line(number: int) -> dict[str, Any]:
    price, quantity = PRICES[number % len(PRICES)], number % 4 + 1
    return {
        "name": NAME_LONG if number == 2 else f"深蒸し茶 {number}",
        "option": "のし：御歳暮" if number % 3 == 1 else "",
        "code": f"TEA-{number:03}",
        "gtin": "4901111111115" if number % 2 else "",
        "quantity": quantity,
        "unit_price": str(price),
        "amount": str(price * quantity),
        "is_reduced": number % 2 == 1,
    }


def _bare() -> dict[str, Any]:
    """An order that says as little as it can."""
    full = _order(1)
    return full | {
        "requested_delivery_on": None,
        "delivery_time_slot": "",
        "shipping_fee": "0",
        "fee_total": "0",
        "discount_total": "0",
        "points_used": "0",
        "total": full["item_total"],
        "buyer_name": "",
        "recipient": dict.fromkeys(full["recipient"], ""),
        "sender": dict.fromkeys(full["sender"], "") | {"name": "見本の店"},
        "lines": [{**full["lines"][0], "option": "", "gtin": "", "is_reduced": False}],
        "tax_lines": [],
    }


def _abroad(page: Page) -> dict[str, Any]:
    """The same order, sent to another country."""
    lines: list[dict[str, Any]] = [
        {
            "name": line["name"],
            "code": line["code"],
            "quantity": line["quantity"],
            "weight_g": 120 * line["quantity"],
            "amount": line["amount"],
            "description": "Green tea (sencha), dried leaves, in bags",
            "hs_code": "090210",
            "origin": "JP",
        }
        for line in page["lines"]
    ]
    total = sum(Decimal(line["amount"]) for line in lines)
    known = bool(page["buyer_name"])
    return {
        **page,
        "recipient": {
            "name": "José Müller 𠮷",
            "company": "Tea House GmbH" if known else "",
            "postal_code": "10117",
            "region": "Berlin" if known else "",
            "address_line1": "Unter den Linden 77",
            "address_line2": "2. OG" if known else "",
            "country_code": "DE",
        },
        "customs": {
            "home_country": "JP",
            "sender_name": "Sample Shop Co., Ltd.",
            "sender_address": "1-2 Nakagyo-ku, Kyoto",
            "recipient_phone": "+49 30 1234567" if known else "",
            "recipient_email": "jose@example.com" if known else "",
            "lines": lines,
            "total": str(total),
            "weight_g": sum(line["weight_g"] for line in lines),
            "is_small": total < 45_000,
            "invoice_no": "I-00000012" if known else "",
        },
    }
