"""The last part of an order file as if it came now: history before it, opening stock, then day by day."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import sql
from sync.channels.file.channel import Channel
from sync.channels.file.content import Content
from sync.file_import import Import, ImportShop, ImportSummary

SKUS_MAX: Final = 100_000


def parted(content: Content, at: datetime) -> tuple[Content, Content]:
    """Part a file's documents into those before a moment and those from it on."""
    before = [one for one in content.documents if one.at < at]
    after = [one for one in content.documents if one.at >= at]
    return (
        Content(
            row_count=sum(len(one.line_nos) for one in before),
            documents=before,
            goods=content.goods,
        ),
        Content(row_count=sum(len(one.line_nos) for one in after), documents=after),
    )


def opening_stock(
    connection: sql.Connection, shop: ImportShop, channel: Channel, content: Content, share: Decimal
) -> int:
    """Receive, for each SKU of a shop, a share of what the orders of a file will ask for.

    Rounded up per SKU. Each SKU is received once, whatever is repeated. Returns the rows written.
    """
    asked: Counter[str] = Counter()
    for document in content.of("order"):
        for line in channel.parse_order(document.raw).lines:
            asked[line.external_listing_no] += line.quantity
    entries = [
        {
            "sku_id": row.sku_id,
            "warehouse_id": row.warehouse_id,
            "quantity": math.ceil(asked[row.external_listing_no] * share),
            "cause_id": row.sku_id,
        }
        for row in sql.rows(connection, "import_opening", shop_id=shop.shop_id)
        if asked[row.external_listing_no] > 0
    ]
    return sql.value(connection, "stock.stock_receive", "opening", sql.Json(entries))


def days(content: Content, zone: str) -> Iterator[Content]:
    """Cut a file's documents into the days on which they were, by the calendar of a time zone."""
    at = ZoneInfo(zone)
    for _, found in itertools.groupby(
        content.documents, key=lambda one: one.at.astimezone(at).date()
    ):
        documents = list(found)
        yield Content(row_count=sum(len(one.line_nos) for one in documents), documents=documents)


def replay(work: Import, content: Content) -> ImportSummary:
    """Take in each day's orders, cancellations and adjustments before the next day's.

    What a day frees goes to who waits, in order of arrival, before the next day's orders ask for it.
    """
    summary = ImportSummary()
    for day in days(content, work.shop.time_zone):
        summary += replace(work, set_aside=Counter(), unchanged=0).run(day)
        try:
            sql.call(work.connection, "transit.waiting_dispatch", SKUS_MAX)
        except sql.errors.Busy:
            # Daicho runs beside us and is just at it
            continue
    return summary
