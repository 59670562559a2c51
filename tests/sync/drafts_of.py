"""Orders as a test wants them: a document whose body says which draft it stands for."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sync.contract import OrderDraft, OrderLineDraft, PartyDraft, PaymentDraft, Raw

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)

BUYER = PartyDraft(
    name="山田 太郎",
    email="taro@example.jp",
    phone="090-1234-5678",
    postal_code="150-0001",
    region="東京都",
    address_line1="渋谷区神宮前1-2-3",
)


def a_line(listing="sen/100", quantity=1, price="1080", no=None, name="煎茶"):
    return OrderLineDraft(
        external_line_no=no,
        external_listing_no=listing,
        line_name=name,
        quantity=quantity,
        unit_price=Decimal(price),
        tax_rate=Decimal("0.08"),
    )


def an_order(number="A-1", minutes=0, lines=None, is_paid=True, **more):
    """An order in our words; `total` is what its lines make."""
    lines = [a_line()] if lines is None else lines
    total = sum((line.unit_price * line.quantity for line in lines), Decimal(0))
    at = NOON + timedelta(minutes=minutes)
    fields = {
        "external_order_no": number,
        "changed_at": at,
        "ordered_at": NOON,
        "paid_at": NOON if is_paid else None,
        "currency_code": "JPY",
        "payment_method": "card",
        "total": total,
        "buyer": BUYER,
        "recipient": BUYER,
        "lines": tuple(lines),
        "payments": (
            PaymentDraft(
                external_payment_no=f"P-{number}", paid_at=NOON, amount=total, payment_method="card"
            ),
        )
        if is_paid
        else (),
    }
    return OrderDraft(**{**fields, **more})


class Shelf:
    """Documents and the drafts that their bodies stand for."""

    def __init__(self):
        self.drafts = {}

    def raw(self, draft, *, say="", is_timed=True):
        """A document; the same draft gives the same body unless it is to say something else."""
        body = json.dumps({"draft": repr(draft), "say": say}, ensure_ascii=False).encode()
        self.drafts[body] = draft
        return Raw(
            external_no=draft.external_order_no,
            changed_at=draft.changed_at if is_timed else None,
            body=body,
        )

    def broken(self, number, error):
        body = json.dumps({"broken": number, "why": repr(error)}).encode()
        self.drafts[body] = error
        return Raw(external_no=number, changed_at=NOON, body=body)

    def parse(self, raw):
        found = self.drafts[raw.body]
        if isinstance(found, Exception):
            raise found
        return found
