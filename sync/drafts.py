"""A draft in the form that `sales.orders_accept` takes, and who its buyer may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any, Final

from sync.contract import OrderDraft, OrderFeeDraft, OrderLineDraft, PartyDraft
from sync.vault import Vault

PHONE_DIGITS_MIN: Final = 9
JAPAN: Final = "81"
LINE_BREAKS: Final = re.compile(r"[\t\n\v\f\r\x85]+")

Json = dict[str, Any]


def order_json(
    draft: OrderDraft,
    *,
    message_id: int,
    shop_id: int,
    is_history: bool,
    identities: Sequence[Mapping[str, str]],
) -> Json:
    """Write a draft with the keys of `draft_work`; what the shop did not say is null."""
    return {
        "message_id": message_id,
        "shop_id": shop_id,
        "external_order_no": draft.external_order_no,
        "changed_at": draft.changed_at.isoformat(),
        "ordered_at": draft.ordered_at.isoformat(),
        "paid_at": None if draft.paid_at is None else draft.paid_at.isoformat(),
        "is_cancelled": draft.is_cancelled,
        "cancel_reason": draft.cancel_reason or None,
        "currency_code": draft.currency_code,
        "payment_method": draft.payment_method,
        "tax_total": _amount(draft.tax_total),
        "total": _amount(draft.total),
        "tax_inclusive": draft.tax_inclusive,
        "requested_delivery_on": None
        if draft.requested_delivery_on is None
        else draft.requested_delivery_on.isoformat(),
        "delivery_time_slot": draft.delivery_time_slot or None,
        "is_gift": draft.is_gift,
        "digest": str(draft.digest),
        "is_history": is_history,
        "identities": list(identities),
        "buyer": _party(draft.buyer),
        "recipient": _party(draft.recipient),
        "buyer_note": draft.buyer_note or None,
        "lines": lines_json(draft.lines),
        "fees": [_fee(fee) for fee in sorted(draft.fees, key=_fee_order) if fee.amount is not None],
        "payments": [
            {
                "external_payment_no": payment.external_payment_no,
                "paid_at": payment.paid_at.isoformat(),
                "amount": _amount(payment.amount),
                "payment_method": payment.payment_method,
            }
            for payment in sorted(draft.payments, key=lambda one: one.external_payment_no)
        ],
    }


def lines_json(lines: Sequence[OrderLineDraft]) -> list[Json]:
    """Write the lines in an order of their own: that of the source never matters.

    A line is known again by the shop's line number, or by its listing and its place among the
    lines of that listing.
    """
    keyed = zip(line_keys(lines), sorted(lines, key=_line_order), strict=True)
    return [
        {
            "line_key": line_key,
            "line_no": line_no,
            "external_listing_no": line.external_listing_no,
            "line_name": line.line_name or None,
            "line_option": line.line_option or None,
            "quantity": line.quantity,
            "unit_price": _amount(line.unit_price),
            "tax_rate": _amount(line.tax_rate),
        }
        for line_no, (line_key, line) in enumerate(keyed, start=1)
    ]


def line_keys(lines: Sequence[OrderLineDraft]) -> list[str]:
    """Name the lines, in the order in which they are stored; each name once."""
    count: dict[str, int] = {}
    taken: set[str] = set()
    keys: list[str] = []
    for line in sorted(lines, key=_line_order):
        base = line.external_line_no or line.external_listing_no
        count[base] = count.get(base, 0) + 1
        key = base if line.external_line_no and count[base] == 1 else f"{base}#{count[base]}"
        while key in taken:
            key += "#"
        taken.add(key)
        keys.append(key)
    return keys


def identities(
    draft: OrderDraft, vault: Vault, shop_id: int, masked_mail_domains: frozenset[str]
) -> list[Mapping[str, str]]:
    """Digest by what a buyer may be known again: the shop's account, mail, phone, strongest first."""
    found: list[tuple[str, str]] = []
    if draft.external_customer_no:
        found.append(("shop_account", f"{shop_id}:{draft.external_customer_no}"))
    mail = normal_mail(draft.buyer.email)
    if mail and mail.rpartition("@")[2] not in masked_mail_domains:
        found.append(("email", mail))
    phone, name = normal_phone(draft.buyer.phone), normal_name(draft.buyer)
    if phone and name:
        # A family or an office shares a phone: it tells a person only together with the name
        found.append(("phone", f"{phone}|{name}"))
    return [
        {"identity_kind": kind, "identity_key": str(vault.digest(f"identity.{kind}", value))}
        for kind, value in found
    ]


def normal_mail(email: str) -> str:
    """Fold an address to what it is compared by; empty when it is none."""
    folded = unicodedata.normalize("NFKC", email).strip().lower()
    name, at, domain = folded.rpartition("@")
    return folded if at and name and "." in domain else ""


def normal_name(person: PartyDraft) -> str:
    """Fold a name to what it is compared by: without width, case and spaces; empty when unknown."""
    return "".join(unicodedata.normalize("NFKC", person.name).split()).casefold()


def normal_phone(phone: str) -> str:
    """Fold a number to its digits, Japanese ones in the domestic form; empty when too short."""
    folded = unicodedata.normalize("NFKC", phone).strip()
    digits = "".join(letter for letter in folded if letter.isdecimal())
    if folded.startswith("+") and digits.startswith(JAPAN):
        digits = "0" + digits[len(JAPAN) :].removeprefix("0")
    is_number = len(digits) >= PHONE_DIGITS_MIN and len(set(digits)) > 2
    return digits if is_number else ""


def _line_order(line: OrderLineDraft) -> tuple[Any, ...]:
    number = line.external_line_no or ""
    return (
        # Numbers as numbers: line 10 comes after line 9
        number.zfill(20) if number.isdecimal() else number,
        line.external_listing_no,
        line.line_name,
        line.line_option,
        line.unit_price,
        line.quantity,
        line.tax_rate is not None,
        line.tax_rate or Decimal(0),
    )


def _fee_order(fee: OrderFeeDraft) -> tuple[Any, ...]:
    return (
        fee.fee_kind,
        fee.fee_name,
        fee.amount or Decimal(0),
        fee.tax_rate or Decimal(0),
        fee.funded_by,
    )


def _fee(fee: OrderFeeDraft) -> Json:
    return {
        "fee_kind": fee.fee_kind,
        "amount": _amount(fee.amount),
        "tax_rate": _amount(fee.tax_rate),
        "fee_name": fee.fee_name or None,
        "is_shop_funded": fee.funded_by in {"", "shop"},
    }


def _party(party: PartyDraft) -> Json:
    """Write a person; what is not known is left out, so that nobody is `{}`.

    A form at the shop may let a buyer break a line in the address: here it is a space.
    """
    return {
        field.name: value
        for field in fields(party)
        if (value := LINE_BREAKS.sub(" ", getattr(party, field.name))) != ""
    }


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
