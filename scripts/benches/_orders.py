"""A small shop and its drafts, the same for every benchmark that takes orders in."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Sequence
from typing import Any

import sql

BEGAN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
Draft = dict[str, Any]


def fill(url: str, *, shops: int, skus: int, bundles: int, on_hand: int) -> None:
    """Fill a loaded database: shops that all list every SKU, bundles of three shared parts."""
    with sql.connect(url, account_id=1) as worker:
        for statement, values in (
            ("insert into channel.channel (channel_code, label) values ('bench', 'bench')", {}),
            (
                "insert into stock.warehouse (warehouse_code, warehouse_name) values ('main', '本社')",
                {},
            ),
            (
                "insert into channel.shop (shop_code, shop_name, channel_code, warehouse_id)"
                " select 'shop' || i, '店 ' || i, 'bench', 1 from generate_series(1, %(shops)s) as i",
                {"shops": shops},
            ),
            (
                "insert into catalog.sku (sku_code, sku_name)"
                " select 'S' || i, '品 ' || i from generate_series(1, %(skus)s) as i",
                {"skus": skus},
            ),
            (
                "insert into catalog.sku (sku_code, sku_name, is_bundle)"
                " select 'B' || i, 'セット ' || i, true from generate_series(1, %(bundles)s) as i",
                {"bundles": bundles},
            ),
            (
                "insert into catalog.bundle_component"
                " select %(skus)s + i, 1 + (i * m) %% %(skus)s, case m when 3 then 2 else 1 end"
                " from generate_series(1, %(bundles)s) as i, unnest(array[1, 3, 7]) as m"
                " on conflict do nothing",
                {"skus": skus, "bundles": bundles},
            ),
            (
                "insert into channel.listing (shop_id, external_listing_no, sku_id)"
                " select s, 'L' || k, k from generate_series(1, %(shops)s) as s,"
                " generate_series(1, %(all)s) as k",
                {"shops": shops, "all": skus + bundles},
            ),
        ):
            sql.run(worker, statement, values)
        entries = [
            {"sku_id": sku, "warehouse_id": 1, "quantity": on_hand, "cause_id": sku}
            for sku in range(1, skus + 1)
        ]
        sql.call(worker, "stock.stock_receive", "opening", sql.Json(entries))


def draft(
    message_id: int,
    shop_id: int,
    no: str,
    lines: Sequence[tuple[str, int]],
    *,
    at_s: int = 0,
    cancelled: bool = False,
) -> Draft:
    """Make one paid order as `sales.orders_accept` takes it."""
    moment = (BEGAN + dt.timedelta(seconds=at_s)).isoformat()
    total = sum(500 * quantity for _, quantity in lines) + 600
    person = f"{no[-6:]}"
    seen: dict[str, int] = {}
    keyed = []
    for number, (listing, quantity) in enumerate(lines, 1):
        seen[listing] = seen.get(listing, 0) + 1
        keyed.append(
            {
                "line_key": f"{listing}#{seen[listing]}",
                "line_no": number,
                "external_listing_no": listing,
                "line_name": f"お茶 {listing}",
                "quantity": quantity,
                "unit_price": 500,
                "tax_rate": "0.08",
            }
        )
    address = {
        "name": f"田中 {person}",
        "kana": "タナカ",
        "phone": f"0901{person}",
        "postal_code": "100-0005",
        "country_code": "JP",
        "region": "東京都",
        "address_line1": "千代田区丸の内1-1-1",
    }
    return {
        "message_id": message_id,
        "shop_id": shop_id,
        "external_order_no": no,
        "changed_at": moment,
        "ordered_at": moment,
        "paid_at": moment,
        "is_cancelled": cancelled,
        "currency_code": "JPY",
        "payment_method": "card",
        "total": total,
        "tax_inclusive": True,
        "is_gift": False,
        "digest": str(uuid.uuid5(uuid.NAMESPACE_URL, repr((no, lines, cancelled)))),
        "is_history": False,
        "identities": [
            {"identity_key": str(uuid.uuid5(uuid.NAMESPACE_OID, no)), "identity_kind": "email"}
        ],
        "buyer": {**address, "email": f"{person}@example.jp"},
        "recipient": address,
        "lines": keyed,
        "fees": [
            {"fee_kind": "shipping_fee", "amount": 600, "tax_rate": "0.1", "fee_name": "送料"}
        ],
        "payments": [
            {
                "paid_at": moment,
                "amount": total,
                "payment_method": "card",
                "external_payment_no": "1",
            }
        ],
    }


def drafts(
    chance: random.Random,
    count: int,
    first: int,
    *,
    shops: int,
    listings: int,
    bundles_from: int | None = None,
) -> list[Draft]:
    """Make orders of one to three lines, some SKUs far hotter than others.

    With ``bundles_from`` every order holds one listing above that number.
    """
    made: list[Draft] = []
    for number in range(first, first + count):
        lines = [
            (f"L{1 + int(chance.random() ** 2 * listings)}", chance.choice((1, 1, 1, 2)))
            for _ in range(chance.choice((1, 2, 2, 3)))
        ]
        if bundles_from is not None:
            lines[0] = (f"L{bundles_from + chance.randrange(1, 100)}", 1)
        made.append(
            draft(number, 1 + number % shops, f"3000-20261101-{number:010d}", lines, at_s=number)
        )
    return made


def keep_messages(worker: sql.Connection, made: Sequence[Draft]) -> None:
    """Keep one raw message for each draft, as the intake has done before; sets their ids."""
    ids = [
        row[0]
        for row in worker.execute(
            "insert into transit.message (shop_id, external_no, body_digest, body)"
            " select shop_id, no, digest::uuid, decode(repeat('00', 400), 'hex')"
            " from unnest(%s::bigint[], %s::text[], %s::text[]) with ordinality"
            " as draft (shop_id, no, digest, position) order by position returning message_id",
            (
                [one["shop_id"] for one in made],
                [one["external_order_no"] for one in made],
                [one["digest"] for one in made],
            ),
        )
    ]
    for one, message_id in zip(made, ids, strict=True):
        one["message_id"] = message_id


def accept(worker: sql.Connection, made: Sequence[Draft]) -> dict[str, int]:
    """Take one page over in a transaction; returns how many had each outcome."""
    counts: dict[str, int] = {}
    with sql.transaction(worker):
        for row in sql.call(worker, "sales.orders_accept", sql.Json(list(made))):
            counts[row.outcome] = counts.get(row.outcome, 0) + 1
    return counts
