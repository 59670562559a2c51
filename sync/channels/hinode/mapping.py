"""Hinode's documents in our words, and our levels and shipments in theirs. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from sync.contract import (
    FeeKind,
    FundedBy,
    ListingDraft,
    OrderDraft,
    OrderFeeDraft,
    OrderLineDraft,
    PartyDraft,
    PaymentDraft,
    PaymentMethod,
    ShipmentDraft,
    StockLevel,
)
from sync.doc import Doc, dump
from sync.errors import Refused

NOT_FIXED: Final = Decimal(-9999)
"""The mall has not fixed this amount yet. Never a sum."""

STANDARD_RATE: Final = Decimal("0.1")

PAYMENT_METHOD: Final[Mapping[int, PaymentMethod]] = {
    1: "card",
    2: "cod",
    8: "points",
    9: "bank_transfer",
    14: "convenience_store",
    21: "deferred",
}
BEARER: Final[Mapping[int, FundedBy]] = {1: "shop", 2: "maker", 3: "mall"}
TIME_SLOT: Final[Mapping[int, str]] = {0: "", 1: "am", 2: "pm"}
CANCEL_REASON: Final[Mapping[str, int]] = {
    "buyer": 1,
    "not_paid": 4,
    "out_of_stock": 8,
}
CANCEL_REASON_OTHER: Final = 10
CARRIER: Final[Mapping[str, str]] = {
    "yamato": "1001",
    "sagawa": "1002",
    "japan_post": "1003",
    "seino": "1004",
}
CARRIER_OTHER: Final = "1000"


def order(doc: Doc) -> OrderDraft:
    """Read one order as `/v1/orders/get` gives it. Amounts are whole yen, tax included.

    Raises `Refused` for one that the mall listed but would not show.
    """
    order_no = doc.code("orderNumber")
    if doc.body.get("notFound") is True:
        raise Refused(order_no, "the mall lists this order but does not show it")
    amounts = doc.child("amounts")
    payment = doc.child("payment")
    delivery = doc.child("delivery")
    cancel = doc.child_or_none("cancel")
    method: PaymentMethod = PAYMENT_METHOD.get(payment.integer("methodCode"), "other")
    paid_at = payment.moment_or_none("paidAt")
    total = _fixed(amounts, "request")
    shipping_fee = _fixed(amounts, "postage")
    payments: tuple[PaymentDraft, ...] = ()
    if paid_at is not None and total is not None:
        payments = (
            PaymentDraft(
                external_payment_no=payment.code("transactionNo"),
                paid_at=paid_at,
                amount=total,
                payment_method=method,
            ),
        )
    return OrderDraft(
        external_order_no=order_no,
        changed_at=doc.moment("updatedAt"),
        ordered_at=doc.moment("orderedAt"),
        paid_at=paid_at,
        is_cancelled=doc.text("status") == "CANCELLED",
        cancel_reason="" if cancel is None else _cancel_reason(cancel.integer("reasonCode")),
        currency_code="JPY",
        payment_method=method,
        tax_total=sum((tax.amount("tax") for tax in amounts.each("taxes")), Decimal(0)),
        total=None if shipping_fee is None else total,
        tax_inclusive=True,
        requested_delivery_on=delivery.day_or_none("desiredDate"),
        delivery_time_slot=_time_slot(delivery.integer("desiredTime")),
        is_gift=delivery.integer("giftFlag") == 1,
        buyer=_party(doc.child("buyer")),
        recipient=_party(delivery.child("recipient")),
        external_customer_no=doc.text_or("memberNumber") or None,
        buyer_note=doc.text_or("remarks"),
        lines=tuple(_line(item) for item in doc.each("items")),
        fees=tuple(_fees(doc, amounts, shipping_fee)),
        payments=payments,
    )


def listing(doc: Doc) -> ListingDraft:
    """Read one variant of an item."""
    return ListingDraft(
        external_listing_no=listing_no(doc.code("manageNumber"), doc.code("variantId")),
        external_item_no=doc.code("manageNumber"),
        listing_name=_name(doc),
        sku_code=doc.text_or("merchantSku"),
        gtin=doc.text_or("gtin"),
        unit_price=doc.amount("price"),
        currency_code="JPY",
        is_hidden=doc.boolean("hidden"),
        level=doc.integer("quantity"),
    )


def listing_no(manage_number: str, variant_id: str) -> str:
    """Name a variant; the mall folds manage numbers to lower case."""
    return f"{manage_number.lower()}/{variant_id}"


def unreadable(order_no: str) -> bytes:
    """Write what is kept of an order that the mall listed but did not show."""
    return dump({"orderNumber": order_no, "notFound": True})


def level(draft: StockLevel) -> dict[str, object]:
    """Write one stock level."""
    return {**stock_key(draft.external_listing_no), "quantity": max(draft.level, 0)}


def stock_level(item: Doc) -> StockLevel:
    """Read one stock level."""
    return StockLevel(
        external_listing_no=listing_no(item.code("manageNumber"), item.code("variantId")),
        level=item.integer("quantity"),
    )


def stock_key(external_listing_no: str) -> dict[str, object]:
    """Write the two halves of a listing number."""
    manage_number, _, variant_id = external_listing_no.partition("/")
    return {"manageNumber": manage_number, "variantId": variant_id}


def shipment(draft: ShipmentDraft) -> dict[str, object]:
    """Write one shipment."""
    return {
        "orderNumber": draft.external_order_no,
        "carrierCode": CARRIER.get(draft.carrier_code, CARRIER_OTHER),
        "trackingNumber": draft.tracking_no,
        "shippedOn": draft.shipped_at.date().isoformat(),
    }


def cancel_code(cancel_reason: str) -> int:
    """Give our reason the mall's number."""
    return CANCEL_REASON.get(cancel_reason, CANCEL_REASON_OTHER)


def _cancel_reason(code: int) -> str:
    return next((reason for reason, number in CANCEL_REASON.items() if number == code), "other")


def _fixed(amounts: Doc, name: str) -> Decimal | None:
    value = amounts.amount(name)
    return None if value == NOT_FIXED else value


def _fees(doc: Doc, amounts: Doc, shipping_fee: Decimal | None) -> Iterator[OrderFeeDraft]:
    if shipping_fee is None or shipping_fee:
        yield OrderFeeDraft(
            fee_kind="shipping_fee", amount=shipping_fee, tax_rate=STANDARD_RATE, fee_name="送料"
        )
    added: tuple[tuple[str, FeeKind, str], ...] = (
        ("codFee", "cod_fee", "代引手数料"),
        ("wrapping", "gift_fee", "ラッピング料"),
    )
    for name, kind, label in added:
        amount = _fixed(amounts, name)
        if amount is None or amount:
            yield OrderFeeDraft(
                fee_kind=kind, amount=amount, tax_rate=STANDARD_RATE, fee_name=label
            )
    for coupon in doc.each("coupons"):
        yield OrderFeeDraft(
            fee_kind="coupon",
            amount=-coupon.amount("amount"),
            fee_name=coupon.text_or("name"),
            funded_by=BEARER.get(coupon.integer("bearer"), ""),
        )
    points = amounts.amount("points")
    if points:
        yield OrderFeeDraft(
            fee_kind="points", amount=-points, fee_name="ポイント利用", funded_by="mall"
        )


def _line(item: Doc) -> OrderLineDraft:
    return OrderLineDraft(
        external_line_no=str(item.integer("detailId")),
        external_listing_no=listing_no(item.code("manageNumber"), item.code("variantId")),
        line_name=item.text("title"),
        quantity=item.integer("units"),
        unit_price=item.amount("price"),
        tax_rate=item.amount("taxRate"),
        line_option=item.text_or("choice"),
    )


def _name(doc: Doc) -> str:
    choice = doc.text_or("choice")
    return f"{doc.text('title')} {choice}" if choice else doc.text("title")


def _time_slot(code: int) -> str:
    """Read 1416 as 14:00-16:00; what is unknown stays as the mall writes it."""
    if code in TIME_SLOT:
        return TIME_SLOT[code]
    start, end = divmod(code, 100)
    return f"{start:02d}:00-{end:02d}:00" if start <= end <= 24 else str(code)


def _party(doc: Doc) -> PartyDraft:
    zip1, zip2 = doc.text_or("zip1"), doc.text_or("zip2")
    return PartyDraft(
        name=_pair(doc, "lastName", "firstName"),
        kana=_pair(doc, "lastNameKana", "firstNameKana"),
        email=doc.text_or("email"),
        phone=doc.text_or("tel"),
        postal_code=f"{zip1}-{zip2}" if zip1 and zip2 else zip1 or zip2,
        country_code="JP",
        region=doc.text_or("prefecture"),
        address_line1=doc.text_or("city") + doc.text_or("street"),
        address_line2=doc.text_or("building"),
        company=doc.text_or("company"),
    )


def _pair(doc: Doc, last: str, first: str) -> str:
    return " ".join(part for part in (doc.text_or(last), doc.text_or(first)) if part)
