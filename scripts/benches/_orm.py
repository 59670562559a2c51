"""The straightforward way, to compare with: one order at a time through an object mapper."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, registry

from scripts.benches._orders import Draft

TABLES = (
    "sales.sales_order",
    "sales.sales_order_party",
    "sales.sales_order_line",
    "sales.sales_order_fee",
    "sales.payment",
    "stock.stock_entry",
    "stock.stock_balance",
    "channel.listing",
    "customer.customer",
    "customer.customer_party",
    "customer.identity",
)


class Mapped:
    """The tables as mapped classes, and a session; made before anything is timed."""

    def __init__(self, url: str) -> None:
        self.engine = sa.create_engine(
            url.replace("postgresql://", "postgresql+psycopg://"), pool_size=1
        )
        metadata = sa.MetaData()
        for schema in ("base", "catalog", "channel", "customer", "sales", "stock"):
            metadata.reflect(self.engine, schema=schema)
        self.classes: dict[str, Any] = {name: type(name.split(".")[1], (), {}) for name in TABLES}
        mapper = registry(metadata=metadata)
        for name, made in self.classes.items():
            mapper.map_imperatively(made, metadata.tables[name])

    def insert_each(self, page: Sequence[Draft]) -> None:
        """Take each order in as an application would: look up, add objects, commit.

        It writes what the set-based call writes, but for holds, which these orders do not need,
        and the message's outcome; it runs as an administrator, so that no policy slows it down.
        """
        with Session(self.engine) as session:
            for one in page:
                insert_one(session, self.classes, one)
                session.commit()


def insert_one(session: Session, classes: dict[str, Any], one: Draft) -> None:
    """Take one order in: lines are looked up one by one, balances are locked and lowered."""

    def new(name: str, **values: Any) -> Any:
        made = classes[name]()
        for key, value in values.items():
            setattr(made, key, value)
        session.add(made)
        return made

    order_class = classes["sales.sales_order"]
    known = session.scalar(
        sa.select(order_class).where(
            order_class.shop_id == one["shop_id"],
            order_class.external_order_no == one["external_order_no"],
        )
    )
    if known is not None:
        return
    at = dt.datetime.fromisoformat(one["ordered_at"])
    customer = new("customer.customer")
    session.flush()
    new(
        "customer.customer_party",
        customer_id=customer.customer_id,
        customer_name=one["buyer"]["name"],
        email=one["buyer"]["email"],
        phone=one["buyer"]["phone"],
    )
    new(
        "customer.identity",
        identity_key=uuid.uuid4(),
        customer_id=customer.customer_id,
        identity_kind="email",
    )
    order = new(
        "sales.sales_order",
        shop_id=one["shop_id"],
        warehouse_id=1,
        customer_id=customer.customer_id,
        first_message_id=one["message_id"],
        changed_at=at,
        ordered_at=at,
        paid_at=at,
        draft_digest=uuid.UUID(one["digest"]),
        item_total=one["total"] - 600,
        shipping_fee=600,
        fee_total=0,
        discount_total=0,
        points_used=0,
        total=one["total"],
        total_computed=one["total"],
        total_base=one["total"],
        status="ready_to_ship",
        payment_method="card",
        currency_code="JPY",
        external_order_no=one["external_order_no"],
    )
    session.flush()
    recipient = one["recipient"]
    new(
        "sales.sales_order_party",
        sales_order_id=order.sales_order_id,
        buyer_name=one["buyer"]["name"],
        buyer_email=one["buyer"]["email"],
        buyer_phone=one["buyer"]["phone"],
        recipient_name=recipient["name"],
        recipient_phone=recipient["phone"],
        recipient_postal_code=recipient["postal_code"],
        recipient_region=recipient["region"],
        recipient_address_line1=recipient["address_line1"],
    )
    listing_class, balance_class = classes["channel.listing"], classes["stock.stock_balance"]
    for line in one["lines"]:
        listing = session.scalars(
            sa.select(listing_class).where(
                listing_class.shop_id == one["shop_id"],
                listing_class.external_listing_no == line["external_listing_no"],
            )
        ).one()
        made = new(
            "sales.sales_order_line",
            sales_order_id=order.sales_order_id,
            listing_id=listing.listing_id,
            sku_id=listing.sku_id,
            line_no=line["line_no"],
            quantity_ordered=line["quantity"],
            quantity_reserved=line["quantity"],
            reserve_part=1,
            unit_price=line["unit_price"],
            tax_rate=line["tax_rate"],
            line_key=line["line_key"],
            external_listing_no=line["external_listing_no"],
            line_name=line["line_name"],
        )
        session.flush()
        session.scalar(
            sa.select(balance_class)
            .where(balance_class.sku_id == listing.sku_id, balance_class.warehouse_id == 1)
            .with_for_update()
        )
        new(
            "stock.stock_entry",
            sku_id=listing.sku_id,
            warehouse_id=1,
            reason="reserve",
            reserved_change=line["quantity"],
            cause=1,
            cause_id=made.sales_order_line_id,
        )
        session.flush()
    for number, fee in enumerate(one["fees"], 1):
        new("sales.sales_order_fee", sales_order_id=order.sales_order_id, fee_no=number, **fee)
    for payment in one["payments"]:
        new(
            "sales.payment",
            sales_order_id=order.sales_order_id,
            **{**payment, "paid_at": at},
        )
