"""A small house to test in: shops, SKUs, bundles and listings, and drafts of orders for them."""

import hashlib
import itertools
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sql

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
PRICE = 100
BUYER = {
    "name": "山田花子",
    "kana": "ヤマダハナコ",
    "email": "hanako@example.jp",
    "phone": "0312345678",
    "postal_code": "100-0005",
    "country_code": "JP",
    "region": "東京都",
    "address_line1": "千代田区丸の内9-9-9",
}
_causes = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Ids by code; `bundles` says what each bundle holds at the beginning."""

    shops: Mapping[str, int]
    warehouses: Mapping[str, int]
    skus: Mapping[str, int]
    bundles: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def build(
    admin: Any,
    *,
    skus: Sequence[str] = ("a", "b", "c"),
    bundles: Mapping[str, Mapping[str, int]] | None = None,
    shops: Sequence[str] = ("one", "two"),
    warehouses: Sequence[str] = ("main",),
) -> House:
    """Make the house as administrator; each shop lists every SKU under its own code.

    Shops ship from the warehouses in turn.
    """
    if bundles is None:
        bundles = {"ab": {"a": 1, "b": 2}, "bc": {"b": 1, "c": 1}}
    admin.execute(
        "insert into channel.channel (channel_code, label, capabilities)"
        " values ('mall', 'モール | Mall', '{orders,stock,shipment}')"
        " on conflict do nothing"
    )
    places = {
        code: admin.execute(
            "insert into stock.warehouse (warehouse_code, warehouse_name) values (%s, %s)"
            " returning warehouse_id",
            (code, code),
        ).fetchone()[0]
        for code in warehouses
    }
    at = itertools.cycle(places.values())
    known = {
        code: admin.execute(
            "insert into channel.shop (shop_code, shop_name, channel_code, warehouse_id)"
            " values (%s, %s, 'mall', %s) returning shop_id",
            (code, code, next(at)),
        ).fetchone()[0]
        for code in shops
    }
    ids = {
        code: admin.execute(
            "insert into catalog.sku (sku_code, sku_name, is_bundle) values (%s, %s, %s)"
            " returning sku_id",
            (code, code, code in bundles),
        ).fetchone()[0]
        for code in (*skus, *bundles)
    }
    for bundle, parts in bundles.items():
        for part, quantity in parts.items():
            admin.execute(
                "insert into catalog.bundle_component (bundle_sku_id, sku_id, quantity)"
                " values (%s, %s, %s)",
                (ids[bundle], ids[part], quantity),
            )
    for shop_id in known.values():
        for code, sku_id in ids.items():
            admin.execute(
                "insert into channel.listing (shop_id, external_listing_no, sku_id)"
                " values (%s, %s, %s)",
                (shop_id, code, sku_id),
            )
    return House(shops=known, warehouses=places, skus=ids, bundles=bundles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An order as a mall says it; lines are (listing, quantity), known again by their place."""

    shop: str = "one"
    no: str
    lines: tuple[tuple[str, int], ...] = ()
    at: int = 0
    is_paid: bool = True
    is_cancelled: bool = False
    is_history: bool = False
    message_id: int = 0
    more: tuple[tuple[str, Any], ...] = ()

    @property
    def said(self) -> tuple[Any, ...]:
        """All that makes one draft another."""
        return (self.lines, self.is_paid, self.is_cancelled, self.more)

    @property
    def total(self) -> int:
        """What the mall charged."""
        return PRICE * sum(quantity for _, quantity in self.lines)

    def json(self, house: House) -> dict[str, Any]:
        """In the form that `sales.orders_accept` takes."""
        at = (BEGAN + timedelta(seconds=self.at)).isoformat()
        digest = uuid.UUID(bytes=hashlib.sha256(repr(self.said).encode()).digest()[:16])
        paid = self.is_paid and not self.is_cancelled
        return {
            "message_id": self.message_id,
            "shop_id": house.shops[self.shop],
            "external_order_no": self.no,
            "changed_at": at,
            "ordered_at": BEGAN.isoformat(),
            "paid_at": at if paid else None,
            "is_cancelled": self.is_cancelled,
            "cancel_reason": None,
            "currency_code": "JPY",
            "payment_method": "card",
            "total": self.total,
            "tax_inclusive": True,
            "is_gift": False,
            "is_history": self.is_history,
            "digest": str(digest),
            "identities": [],
            "buyer": BUYER,
            "recipient": BUYER,
            "lines": [
                {
                    "line_key": str(line_no),
                    "line_no": line_no,
                    "external_listing_no": listing,
                    "line_name": listing,
                    "quantity": quantity,
                    "unit_price": PRICE,
                    "tax_rate": "0.1",
                }
                for line_no, (listing, quantity) in enumerate(self.lines, 1)
            ],
            "fees": [],
            "payments": [
                {
                    "external_payment_no": f"{self.no}-{self.total}",
                    "paid_at": at,
                    "amount": self.total,
                    "payment_method": "card",
                }
            ]
            if paid
            else [],
            **dict(self.more),
        }


def message(connection: Any, house: House, draft: Draft) -> int:
    """Keep the raw document of a draft, as the worker; its number is its place in the queue."""
    return connection.execute(
        "insert into transit.message (shop_id, external_no, body_digest, body)"
        " values (%s, %s, %s, %s) returning message_id",
        (house.shops[draft.shop], draft.no, uuid.uuid4(), b"sealed"),
    ).fetchone()[0]


def arrived(connection: Any, house: House, draft: Draft) -> Draft:
    """The draft with the number of its message."""
    number = message(connection, house, draft)
    return Draft(
        **{
            name: getattr(draft, name)
            for name in (
                "shop",
                "no",
                "lines",
                "at",
                "is_paid",
                "is_cancelled",
                "is_history",
                "more",
            )
        },
        message_id=number,
    )


def accept(connection: Any, house: House, *drafts: Draft) -> dict[int, str]:
    """Take in a page of drafts; those without a message get one, in their order here."""
    page = [draft if draft.message_id else arrived(connection, house, draft) for draft in drafts]
    answered = sql.call(
        connection, "sales.orders_accept", sql.Json([draft.json(house) for draft in page])
    )
    return {row.message_id: row.outcome for row in answered}


def outcomes(connection: Any, house: House, *drafts: Draft) -> list[str]:
    """Take in a page and return its outcomes in the order of the drafts."""
    page = [draft if draft.message_id else arrived(connection, house, draft) for draft in drafts]
    found = accept(connection, house, *page)
    return [found[draft.message_id] for draft in page]


def receive(connection: Any, house: House, warehouse: str = "main", **quantities: int) -> int:
    """Receive stock by SKU code; returns how many ledger rows were written."""
    entries = [
        {
            "sku_id": house.skus[code],
            "warehouse_id": house.warehouses[warehouse],
            "quantity": quantity,
            "cause_id": next(_causes),
        }
        for code, quantity in quantities.items()
    ]
    return sql.value(connection, "stock.stock_receive", "opening", sql.Json(entries))


def order_id(connection: Any, house: House, no: str, shop: str = "one") -> int:
    """The number of an order by the mall's."""
    return connection.execute(
        "select sales_order_id from sales.sales_order where shop_id = %s and external_order_no = %s",
        (house.shops[shop], no),
    ).fetchone()[0]


def lines(
    connection: Any, house: House, no: str, shop: str = "one"
) -> list[tuple[str, int, int, int]]:
    """The lines of an order: listing, ordered, reserved, shipped."""
    return [
        tuple(row)
        for row in connection.execute(
            "select external_listing_no, quantity_ordered, quantity_reserved, quantity_shipped"
            " from sales.sales_order_line where sales_order_id = %s order by line_no, line_key",
            (order_id(connection, house, no, shop),),
        ).fetchall()
    ]


def status(connection: Any, house: House, no: str, shop: str = "one") -> str:
    """The headline of an order."""
    return connection.execute(
        "select status from sales.sales_order where sales_order_id = %s",
        (order_id(connection, house, no, shop),),
    ).fetchone()[0]


def holds(connection: Any, house: House, no: str, shop: str = "one") -> dict[str, int]:
    """The open holds of an order: reason and number."""
    return dict(
        connection.execute(
            "select hold_reason::text, hold_id from sales.hold"
            " where sales_order_id = %s and released_at is null order by hold_reason",
            (order_id(connection, house, no, shop),),
        ).fetchall()
    )


def balance(connection: Any, house: House, code: str, warehouse: str = "main") -> tuple[int, int]:
    """On hand and reserved of a SKU."""
    row = connection.execute(
        "select on_hand, reserved from stock.stock_balance where sku_id = %s and warehouse_id = %s",
        (house.skus[code], house.warehouses[warehouse]),
    ).fetchone()
    return tuple(row) if row else (0, 0)


def findings(connection: Any) -> dict[str, list[Any]]:
    """What the check views find, by view; they must all be empty."""
    names = [
        row[0]
        for row in connection.execute(
            "select class.relname from pg_class as class"
            " where class.relnamespace = 'report'::regnamespace and class.relkind = 'v'"
            " and class.relname like 'check\\_%' and class.relname <> 'check_result' order by 1"
        ).fetchall()
    ]
    assert len(names) > 10
    counted = connection.execute(
        " union all ".join(f"select '{name}', count(*) from report.{name}" for name in names)
    ).fetchall()
    return {
        name: [tuple(row) for row in connection.execute(f"select * from report.{name}").fetchall()]
        for name, count in counted
        if count
    }


@contextmanager
def acting_as(admin: Any, login: str, account_id: int | None = 1) -> Iterator[None]:
    """On the administrator's own connection, be a login for a while: one transaction for all."""
    admin.execute("select set_config('daicho.account_id', %s, false)", (str(account_id or ""),))
    admin.execute(f"set session authorization {login}")
    try:
        yield
    finally:
        if admin.info.transaction_status.name != "INERROR":
            admin.execute("reset session authorization")
