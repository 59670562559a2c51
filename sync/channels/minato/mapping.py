"""Minato's documents in our words, and our levels and shipments in theirs. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from sync import doc
from sync.contract import (
    FeeKind,
    FundedBy,
    ListingDraft,
    Nudge,
    OrderDraft,
    OrderFeeDraft,
    OrderLineDraft,
    PartyDraft,
    PaymentDraft,
    PaymentMethod,
    StockLevel,
)
from sync.doc import Doc
from sync.errors import NotAuthentic, SyncError

WEBHOOK_AGE_MAX_S: Final = 300

PAYMENT_METHOD: Final[Mapping[str, PaymentMethod]] = {
    "CREDIT_CARD": "card",
    "KONBINI": "convenience_store",
    "BANK_TRANSFER": "bank_transfer",
    "CASH_ON_DELIVERY": "cod",
    "PAY_LATER": "deferred",
    "POINTS": "points",
}
CHARGE: Final[Mapping[str, FeeKind]] = {
    "SHIPPING": "shipping_fee",
    "COD": "cod_fee",
    "GIFT_WRAP": "gift_fee",
    "COUPON": "coupon",
    "DISCOUNT": "discount",
    "POINTS": "points",
}
FUNDED_BY: Final[Mapping[str, FundedBy]] = {"SHOP": "shop", "MARKET": "mall", "MAKER": "maker"}
CANCEL_REASON: Final[Mapping[str, str]] = {
    "CUSTOMER": "buyer",
    "INVENTORY": "out_of_stock",
    "UNPAID": "not_paid",
}
CANCEL_REASON_OTHER: Final = "OTHER"
CARRIER: Final[Mapping[str, str]] = {
    "yamato": "YAMATO",
    "sagawa": "SAGAWA",
    "japan_post": "JAPAN_POST",
    "seino": "SEINO",
}
CARRIER_OTHER: Final = "OTHER"


def order(event: Doc) -> OrderDraft:
    """Read the order in one event. Amounts are text in the order's currency.

    Orders in yen contain tax; orders from abroad in another currency are sold without it.
    """
    body = event.child("order")
    payment = body.child("payment")
    cancelled = body.child_or_none("cancellation")
    delivery = body.child("delivery")
    method: PaymentMethod = PAYMENT_METHOD.get(payment.text("method"), "other")
    currency = body.code("currency")
    payments = tuple(
        PaymentDraft(
            external_payment_no=item.code("id"),
            paid_at=item.moment("capturedAt"),
            amount=item.amount("amount"),
            payment_method=method,
        )
        for item in payment.each("captures")
    )
    return OrderDraft(
        external_order_no=body.code("id"),
        changed_at=body.moment("updatedAt"),
        ordered_at=body.moment("createdAt"),
        paid_at=min((item.paid_at for item in payments), default=None),
        is_cancelled=cancelled is not None,
        cancel_reason="" if cancelled is None else _cancel_reason(cancelled.text("reason")),
        currency_code=currency,
        payment_method=method,
        tax_total=body.amount_or_none("tax"),
        total=body.amount("total"),
        tax_inclusive=body.boolean("taxIncluded"),
        requested_delivery_on=delivery.day_or_none("date"),
        delivery_time_slot=_time_slot(delivery.text_or("slot")),
        is_gift=body.boolean("gift"),
        buyer=_party(body.child("customer")),
        recipient=_party(delivery.child("address")),
        external_customer_no=body.child("customer").text_or("id") or None,
        buyer_note=body.text_or("note"),
        lines=tuple(_line(item) for item in body.each("lines")),
        fees=tuple(_fees(body)),
        payments=payments,
    )


def listing(item: Doc) -> ListingDraft:
    """Read one listing."""
    return ListingDraft(
        external_listing_no=item.code("sku"),
        external_item_no=item.code("productId"),
        listing_name=" ".join(
            part for part in (item.text("title"), item.text_or("option")) if part
        ),
        sku_code=item.text_or("merchantCode"),
        gtin=item.text_or("barcode"),
        unit_price=item.amount("price"),
        currency_code=item.code("currency"),
        is_hidden=item.boolean("unpublished"),
        level=item.integer("available"),
    )


def level(draft: StockLevel) -> dict[str, object]:
    """Write one stock level."""
    return {"sku": draft.external_listing_no, "available": max(draft.level, 0)}


def stock_level(item: Doc) -> StockLevel:
    """Read one stock level."""
    return StockLevel(external_listing_no=item.code("sku"), level=item.integer("available"))


def carrier(carrier_code: str) -> str:
    """Give our carrier the mall's word."""
    return CARRIER.get(carrier_code, CARRIER_OTHER)


def cancel_word(cancel_reason: str) -> str:
    """Give our reason the mall's word."""
    return next(
        (word for word, ours in CANCEL_REASON.items() if ours == cancel_reason), CANCEL_REASON_OTHER
    )


def nudge(headers: Mapping[str, str], body: bytes, *, secret: str, now: datetime) -> Nudge:
    """Check a webhook: HMAC-SHA256 over timestamp, a dot and the body; at most 300 s old.

    Raises `NotAuthentic`, with the same words for every cause: a forger learns nothing.
    """
    given = {name.lower(): value for name, value in headers.items()}
    stamp = given.get("x-minato-timestamp", "")
    delivery = given.get("x-minato-delivery", "")
    expected = "v1=" + signature(stamp, body, secret=secret)
    is_signed = hmac.compare_digest(
        expected.encode(), given.get("x-minato-signature", "").encode("utf-8", "replace")
    )
    if not (secret and delivery and is_signed and stamp.isascii() and stamp.isdigit()):
        raise NotAuthentic
    # Long digits would not fit a float; the signature is right, so this is a defect, not an attack.
    if len(stamp) > 12 or abs(now.timestamp() - int(stamp)) > WEBHOOK_AGE_MAX_S:
        raise NotAuthentic
    try:
        told = doc.load(body, "webhook")
        return Nudge(nudge_no=delivery, capability="orders", external_no=told.text_or("orderId"))
    except SyncError as error:
        raise NotAuthentic from error


def signature(stamp: str, body: bytes, *, secret: str) -> str:
    """Sign a webhook as the mall does."""
    return hmac.new(
        secret.encode(), stamp.encode("utf-8", "replace") + b"." + body, hashlib.sha256
    ).hexdigest()


def _cancel_reason(word: str) -> str:
    return CANCEL_REASON.get(word, "other")


def _fees(body: Doc) -> Iterator[OrderFeeDraft]:
    for item in body.each("charges"):
        amount = item.amount("amount")
        if amount:
            yield OrderFeeDraft(
                fee_kind=CHARGE.get(item.text("kind"), "other"),
                amount=amount,
                tax_rate=item.amount_or_none("taxRate"),
                fee_name=item.text_or("label"),
                funded_by=FUNDED_BY.get(item.text_or("fundedBy"), ""),
            )


def _line(item: Doc) -> OrderLineDraft:
    return OrderLineDraft(
        external_line_no=item.code("id"),
        external_listing_no=item.code("sku"),
        line_name=item.text("title"),
        quantity=item.integer("quantity"),
        unit_price=item.amount("unitPrice"),
        tax_rate=item.amount_or_none("taxRate"),
        line_option=item.text_or("option"),
    )


def _time_slot(word: str) -> str:
    """Read MORNING, AFTERNOON or T14_16."""
    if word.startswith("T") and word[1:].replace("_", "").isdigit():
        start, _, end = word[1:].partition("_")
        return f"{start}:00-{end}:00"
    return {"MORNING": "am", "AFTERNOON": "pm"}.get(word, word)


def _party(body: Doc) -> PartyDraft:
    return PartyDraft(
        name=body.text_or("name"),
        kana=body.text_or("nameKana"),
        email=body.text_or("email"),
        phone=body.text_or("phone"),
        postal_code=body.text_or("zip"),
        country_code=body.text_or("countryCode"),
        region=body.text_or("province"),
        address_line1=body.text_or("address1"),
        address_line2=body.text_or("address2"),
        company=body.text_or("company"),
    )
