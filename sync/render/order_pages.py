"""Documents of orders: what `document.order_pages` says, as the templates want it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sync.render.amounts import amount, day, percent
from sync.render.barcodes import code128, qr
from sync.render.customs_pages import customs_form, wanting
from sync.render.house import House
from sync.render.quotation_pages import quotation
from sync.render.words import side

GREETING: Final = (
    "このたびはご注文いただき、ありがとうございます。下記の通りお届けいたします。 | "
    "Thank you for your order. These are the goods that we deliver."
)
GIFT_GREETING: Final = (
    "ご注文主さまより、下記の品をお届けいたします。 | These goods come to you as a present."
)

ORDERS_MAX: Final = 5_000
"""Of how many orders documents are made at once."""

KINDS: Final = (
    "delivery_note",
    "gift_delivery_note",
    "picking_list",
    "packing_label",
    "customs_form",
    "quotation",
)
"""The documents that `document` makes: of orders, and of quotations."""

Page = Mapping[str, Any]


def document(document_kind: str, page: Page, house: House) -> dict[str, Any]:
    """What the template of a kind is given of one order or quotation."""
    if document_kind == "picking_list":
        return picking_list(page, house)
    if document_kind == "packing_label":
        return packing_label(page, house)
    if document_kind == "customs_form":
        return customs_form(page, house)
    if document_kind == "quotation":
        return quotation(page, house)
    is_gift = document_kind == "gift_delivery_note" or page["is_gift"]
    return delivery_note(page, house, is_gift=is_gift)


def missing(document_kind: str, page: Page) -> Sequence[str]:
    """Why a document of this kind cannot be made of an order; nothing when it can."""
    return wanting(page) if document_kind == "customs_form" else ()


def file_of(label: str, house: House, documents: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What a template is given: the documents, and what is the same on all of them."""
    return {
        "locale": house.language,
        "title": side(label, house.language),
        "issued_on": day(house.issued_on, house.zone, house.language),
        "documents": documents,
    }


def delivery_note(page: Page, house: House, *, is_gift: bool) -> dict[str, Any]:
    """One delivery note; a gift's has no prices and no amounts, not even in the data."""
    currency, sender = str(page["currency_code"]), page["sender"]
    said: dict[str, Any] = {
        "is_gift": is_gift,
        **_named(page, house),
        "recipient": page["recipient"],
        "buyer_name": _other_buyer(page),
        "sender": sender,
        "greeting": sender["greeting"]
        or side(GIFT_GREETING if is_gift else GREETING, house.language),
        "note": sender["note"],
        "lines": [_line(line, currency, is_priced=not is_gift) for line in page["lines"]],
        "sums": [],
        "tax_lines": [],
        "reduced": "",
    }
    if not is_gift:
        said |= {
            "sums": _sums(page, house, currency),
            "tax_lines": [_tax(tax, house, currency) for tax in page["tax_lines"]],
            "reduced": percent(Decimal(page["reduced_rate"]))
            if any(line["is_reduced"] for line in said["lines"])
            else "",
        }
    return said


def picking_list(page: Page, house: House) -> dict[str, Any]:
    """What to take from the shelves for one order; sorted as shelves are, by code."""
    lines = sorted(page["lines"], key=lambda line: (line["code"], line["name"]))
    return {
        **_named(page, house),
        "barcode": code128(str(page["order_no"])),
        "recipient_name": page["recipient"]["name"],
        "is_gift": page["is_gift"],
        "delivery_on": _requested(page, house),
        "pieces": sum(line["quantity"] for line in lines),
        "lines": [
            {name: line[name] for name in ("name", "option", "code", "gtin", "quantity")}
            for line in lines
        ],
    }


def packing_label(page: Page, house: House) -> dict[str, Any]:
    """The label of an order's parcel: whose it is, when it is wanted, and its number to be scanned."""
    order_no = str(page["order_no"])
    return {
        **_named(page, house),
        "shop_name": page["shop_name"],
        "recipient": page["recipient"],
        "is_gift": page["is_gift"],
        "delivery_on": _requested(page, house),
        "pieces": sum(line["quantity"] for line in page["lines"]),
        # One parcel an order, as shipments are today
        "parcel": "1/1",
        "barcode": code128(order_no),
        "qr": qr(order_no),
    }


def picking_total(rows: Sequence[Mapping[str, Any]], orders: int) -> dict[str, Any]:
    """What to take from the shelves for all chosen orders."""
    return {
        "orders": orders,
        "pieces": sum(row["quantity"] for row in rows),
        "lines": [
            {
                "name": row["sku_name"],
                "code": row["sku_code"],
                "gtin": row["gtin"] or "",
                "quantity": row["quantity"],
                "orders": row["orders"],
            }
            for row in rows
        ],
    }


def _named(page: Page, house: House) -> dict[str, Any]:
    return {
        "order_no": page["order_no"],
        "external_order_no": page["external_order_no"],
        "ordered_on": day(datetime.fromisoformat(page["ordered_at"]), house.zone, house.language),
    }


def _requested(page: Page, house: House) -> str:
    asked = page["requested_delivery_on"]
    said = day(date.fromisoformat(asked), house.zone, house.language) if asked else ""
    return " ".join(part for part in (said, page["delivery_time_slot"]) if part)


def _other_buyer(page: Page) -> str:
    """Who ordered, where it is not who receives."""
    buyer = str(page["buyer_name"])
    return "" if buyer == page["recipient"]["name"] else buyer


def _line(line: Mapping[str, Any], currency: str, *, is_priced: bool) -> dict[str, Any]:
    said: dict[str, Any] = {name: line[name] for name in ("name", "option", "code", "quantity")}
    if is_priced:
        said |= {
            "unit_price": amount(Decimal(line["unit_price"]), currency),
            "amount": amount(Decimal(line["amount"]), currency),
            "is_reduced": line["is_reduced"],
        }
    return said


def _sums(page: Page, house: House, currency: str) -> list[dict[str, Any]]:
    """Items, what is added and taken off, and the total; what is nothing is not said."""
    rows = [
        (house.t("小計", "Items"), Decimal(page["item_total"]), False),
        (house.t("送料", "Shipping"), Decimal(page["shipping_fee"]), False),
        (house.t("手数料", "Fees"), Decimal(page["fee_total"]), False),
        (house.t("値引", "Discount"), -Decimal(page["discount_total"]), False),
        (house.t("ポイント利用", "Points used"), -Decimal(page["points_used"]), False),
        (house.t("消費税", "Tax"), Decimal(page["tax_on_top"]), False),
    ]
    rows = [row for place, row in enumerate(rows) if place == 0 or row[1] != 0]
    rows.append((house.t("合計（税込）", "Total with tax"), Decimal(page["total"]), True))
    return [
        {"label": label, "amount": amount(value, currency), "is_total": is_total}
        for label, value, is_total in rows
    ]


def _tax(tax: Mapping[str, Any], house: House, currency: str) -> str:
    rate, taxed, part = (Decimal(tax[name]) for name in ("tax_rate", "amount", "tax"))
    said = (percent(rate), amount(taxed, currency), amount(part, currency))
    return house.t("{0}対象 {1}（消費税 {2}）", "{0} on {1} (tax {2})").format(*said)
