"""Tell shops what they may sell and what has left: levels read at the moment of sending.

One claim a job: a shop with always more to say must not keep its worker. No transaction is open
during the remote call; what became of each item is written after it under the lease's number, so
that an answer that comes too late is said once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, cast

import structlog

import sql
from sync import registry, shops
from sync.contract import (
    Channel,
    Outcome,
    ShipmentDraft,
    ShipmentSink,
    StockLevel,
    StockSink,
)
from sync.errors import ContractBroken, Refused, SyncError
from sync.shops import Context, Shop, ShopIsPaused, ShopIsWaiting

LEASE: Final = timedelta(seconds=45)
"""Longer than the two calls of one batch may take (`sync.http.ANSWER_TIMEOUT_S` each)."""

STOCK_CLAIM_MAX: Final = 400
SHIPMENT_CLAIM: Final = 20
AGAIN_FIRST_S: Final = 2.0
AGAIN_MAX_S: Final = 600.0

log = structlog.get_logger("sync.pushing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One claimed row with what is to be said; `level` None for a shipment."""

    subject_id: int
    claimed_version: int
    lease: int
    attempt: int
    key: str
    level: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What became of one claim. `is_full` when the shop may have more to hear."""

    done: int = 0
    refused: int = 0
    later: int = 0
    is_full: bool = False


def push_stock(context: Context, shop_id: int) -> Pushed:
    """Tell a shop the levels that are due, at most one batch of its own size."""
    shop = _ready(context, shop_id)
    if shop is None:
        return Pushed()
    connector = cast("type[StockSink]", registry.channel_class(shop.channel_code))
    limit = min(connector.stock_batch_max, STOCK_CLAIM_MAX)
    claimed = _claim(context, shop, "stock", limit)
    if not claimed:
        return Pushed()
    levels = {
        row.listing_id: row
        for row in sql.rows(context.connection, "levels_now", listing_ids=list(claimed))
    }
    items = [
        Item(
            subject_id=row.subject_id,
            claimed_version=row.claimed_version,
            lease=row.lease,
            attempt=row.attempt,
            key=levels[row.subject_id].external_listing_no,
            level=levels[row.subject_id].level,
        )
        for row in claimed.values()
        if row.subject_id in levels
    ]
    # What is no longer linked or offered has nothing to be told.
    _done(context, "stock", [row for row in claimed.values() if row.subject_id not in levels])

    def send(channel: Channel) -> Sequence[Outcome]:
        said = [
            StockLevel(
                external_listing_no=item.key, level=item.level or 0, version=item.claimed_version
            )
            for item in items
        ]
        return cast("StockSink", channel).set_stock(said)

    return _tell(context, shop, "stock", items, send, is_full=len(claimed) == limit)


def push_shipments(context: Context, shop_id: int) -> Pushed:
    """Tell a shop what has been shipped."""
    shop = _ready(context, shop_id)
    if shop is None:
        return Pushed()
    claimed = _claim(context, shop, "shipment", SHIPMENT_CLAIM)
    if not claimed:
        return Pushed()
    drafts = {
        row.shipment_id: ShipmentDraft(
            external_order_no=row.external_order_no,
            tracking_no=row.tracking_no,
            carrier_code=row.carrier_code,
            shipped_at=row.shipped_at,
        )
        for row in sql.rows(context.connection, "shipments_to_tell", shipment_ids=list(claimed))
    }
    items = [
        Item(
            subject_id=row.subject_id,
            claimed_version=row.claimed_version,
            lease=row.lease,
            attempt=row.attempt,
            key=drafts[row.subject_id].external_order_no,
        )
        for row in claimed.values()
        if row.subject_id in drafts
    ]

    def send(channel: Channel) -> Sequence[Outcome]:
        return cast("ShipmentSink", channel).post_shipments(
            [drafts[item.subject_id] for item in items]
        )

    return _tell(context, shop, "shipment", items, send, is_full=len(claimed) == SHIPMENT_CLAIM)


def _ready(context: Context, shop_id: int) -> Shop | None:
    """Return a shop that may be told something; between dispatch and now that may have changed."""
    try:
        return shops.ready(context, shop_id)
    except (ShopIsPaused, ShopIsWaiting):
        return None


def _claim(context: Context, shop: Shop, kind: str, limit: int) -> dict[int, Any]:
    found = sql.call(context.connection, "transit.push_claim", shop.shop_id, kind, limit, LEASE)
    return {row.subject_id: row for row in sorted(found)}


def _tell(
    context: Context,
    shop: Shop,
    kind: str,
    items: Sequence[Item],
    send: Callable[[Channel], Sequence[Outcome]],
    *,
    is_full: bool,
) -> Pushed:
    """Send claimed items and write what became of each."""
    if not items:
        return Pushed(is_full=is_full)
    try:
        outcomes = shops.talk(context, shop, send)
    except Refused as error:
        return _refused_whole(context, kind, items, error)
    except SyncError:
        # The gate is closed or the shop paused: they are due again when it opens.
        _later(context, kind, items, 0.0)
        raise
    if [outcome.key for outcome in outcomes] != [item.key for item in items]:
        error = ContractBroken(f"{kind}: the outcomes are not those of the items")
        shops.stop(context, shop, error)
        _later(context, kind, items, 0.0)
        raise error
    done = [item for item, said in zip(items, outcomes, strict=True) if said.status == "done"]
    later = [item for item, said in zip(items, outcomes, strict=True) if said.status == "unknown"]
    _done(context, kind, done)
    refused = 0
    for item, said in zip(items, outcomes, strict=True):
        if said.status == "refused":
            refused += 1
            _refuse(context, kind, item, said.reason)
    if later:
        attempt = max(item.attempt for item in later)
        _later(context, kind, later, min(AGAIN_MAX_S, AGAIN_FIRST_S * 2 ** min(attempt, 12)))
    log.info(
        "stock_pushed" if kind == "stock" else "shipments_pushed",
        shop=shop.shop_code,
        count=len(done),
    )
    return Pushed(done=len(done), refused=refused, later=len(later), is_full=is_full)


def _refused_whole(context: Context, kind: str, items: Sequence[Item], error: Refused) -> Pushed:
    """A refusal came as an error: it is about the item that it names, or all that were sent."""
    named = [item for item in items if item.key == error.key] or list(items)
    for item in named:
        _refuse(context, kind, item, error.reason)
    rest = [item for item in items if item not in named]
    _later(context, kind, rest, 0.0)
    return Pushed(refused=len(named), later=len(rest), is_full=bool(rest))


def _done(context: Context, kind: str, items: Sequence[Any]) -> None:
    if not items:
        return
    sql.call(
        context.connection,
        "transit.push_done",
        kind,
        [item.subject_id for item in items],
        [item.claimed_version for item in items],
        [item.level if isinstance(item, Item) else None for item in items],
        items[0].lease,
        LEASE,
    )


def _later(context: Context, kind: str, items: Sequence[Item], after_s: float) -> None:
    if items:
        sql.call(
            context.connection,
            "transit.push_later",
            kind,
            [item.subject_id for item in items],
            items[0].lease,
            timedelta(seconds=after_s),
        )


def _refuse(context: Context, kind: str, item: Item, reason: str) -> None:
    sql.call(context.connection, "transit.push_refuse", kind, item.subject_id, item.lease, reason)
