"""Fetch orders, keep them, take them in; and compare the shops' stock with ours."""

from __future__ import annotations

import time
from typing import Final, cast

import structlog

import sql
from sync import intake, registry, shops
from sync.contract import Channel, Cursor, OrderSource, Page, StockLevel, StockSource
from sync.errors import ContractBroken, SyncError
from sync.intake import IntakeResult, IntakeShop
from sync.shops import Context, Shop

PAGES_MAX: Final = 200
PULL_S: Final = 60.0
LEFT_OVER_MAX: Final = 5000
# A page of at least so many documents that cannot be read, not one of them, is a changed form.
UNREADABLE_MIN: Final = 5
DRIFT_BATCH: Final = 200

log = structlog.get_logger("sync.pulling")


def pull_orders(context: Context, shop_id: int) -> IntakeResult:
    """Fetch what is new at a shop, page by page; each page is kept before it is understood.

    Ends after `PAGES_MAX` pages or `PULL_S` seconds and asks to be called again.
    """
    shop = shops.ready(context, shop_id)
    started = time.monotonic()
    found = sql.rows(context.connection, "cursor_read", shop_id=shop_id, kind="orders")
    cursor = Cursor(found[0].value) if found and found[0].value is not None else None
    result = IntakeResult()
    pages = shops.talk(
        context, shop, lambda channel: cast("OrderSource", channel).fetch_orders(cursor)
    )
    for number in range(1, PAGES_MAX + 1):
        page: Page | None = shops.talk(context, shop, lambda _: next(pages, None))
        if page is None:
            break
        kept = intake.keep(
            context.connection, context.vault, shop_id, page.items, cursor=page.cursor
        )
        result += take_in(context, shop, kept)
        if number == PAGES_MAX or time.monotonic() - started > PULL_S:
            sql.call(
                context.connection,
                "transit.job_ask",
                "orders",
                "pull_orders",
                sql.Json({"shop_id": shop_id}),
            )
            break
    if result.counts:
        log.info(
            "orders_pulled",
            shop=shop.shop_code,
            count=result.changed,
            duration_ms=round((time.monotonic() - started) * 1000),
        )
    return result


def take_in(context: Context, shop: Shop, messages: list[int]) -> IntakeResult:
    """Accept kept messages of a shop and ring the bell once."""
    if not messages:
        return IntakeResult()
    channel = cast("OrderSource", context.channel(shop))
    result = intake.accept(
        context.connection, context.vault, intake_shop(shop), messages, channel.parse_order
    )
    if result.changed:
        sql.rows(context.connection, "bell_ring")
    seen = sum(result.counts.values())
    if seen >= UNREADABLE_MIN and result.unreadable == seen:
        error = ContractBroken(
            "一頁のすべての受注が読めません。 | None of the orders of a page can be read."
        )
        shops.stop(context, shop, error)
        raise error
    return result


def intake_shop(shop: Shop) -> IntakeShop:
    """Say what intake must know of a shop."""
    return IntakeShop(
        shop_id=shop.shop_id,
        shop_code=shop.shop_code,
        masked_mail_domains=registry.manifest(shop.channel_code).relay_hosts(),
    )


def accept_messages(context: Context, *, min_age_s: float = 30.0) -> IntakeResult:
    """Take in what was kept and then left by a worker that died."""
    result = IntakeResult()
    left = sql.rows(context.connection, "messages_left", min_age_s=min_age_s, limit=LEFT_OVER_MAX)
    for row in left:
        shop = context.shop(row.shop_id)
        if shops.can(shop, "orders"):
            result += take_in(context, shop, list(row.message_ids))
    return result


def compare_stock(context: Context, shop_id: int) -> dict[str, int]:
    """Read a shop's levels back; what differs from what it was told last is sent again.

    A sale at the shop lowers its own level before we know of the order: only a level above the one
    that we told is drift, or one below it while no order has come since.
    """
    shop = shops.ready(context, shop_id)
    told = {
        row.external_listing_no: row
        for row in sql.rows(context.connection, "levels_told", shop_id=shop_id)
    }
    seen = drifted = 0
    numbers = sorted(told)
    for start in range(0, len(numbers), DRIFT_BATCH):
        batch = numbers[start : start + DRIFT_BATCH]
        levels = shops.talk(context, shop, lambda channel, batch=batch: _stock(channel, batch))
        theirs = {level.external_listing_no: level.level for level in levels}
        seen += len(theirs)
        checked = sql.rows(
            context.connection,
            "levels_drifted",
            shop_id=shop_id,
            external_listing_nos=list(theirs),
            levels=list(theirs.values()),
            done_ats=[told[no].done_at for no in theirs],
        )
        for row in checked:
            drifted += 1
            with sql.transaction(context.connection):
                sql.call(context.connection, "transit.push_retry", "stock", row.listing_id)
                sql.call(
                    context.connection,
                    "transit.inbox_note",
                    "stock_drift",
                    shop_id,
                    None,
                    None,
                    row.listing_id,
                    row.external_listing_no,
                    f"店舗 {row.theirs}、こちら {row.ours} | the shop says {row.theirs}, we told {row.ours}",
                )
    if drifted:
        sql.rows(context.connection, "bell_ring")
        log.warning("stock_drifted", shop=shop.shop_code, count=drifted)
    return {"seen": seen, "drifted": drifted}


def _stock(channel: Channel, batch: list[str]) -> list[StockLevel]:
    return list(cast("StockSource", channel).fetch_stock(batch))


def check_shop(context: Context, shop_id: int) -> dict[str, object]:
    """Prove that a shop's credentials work. A shop that was paused may be checked too."""
    shop = context.shop(shop_id)
    context.forget(shop_id)
    try:
        identity = context.channel(shop).check()
    except SyncError:
        context.forget(shop_id)
        raise
    shops.answered(context, shop)
    return {
        "external_shop_no": identity.external_shop_no,
        "shop_name": identity.shop_name,
        "expires_at": None if identity.expires_at is None else identity.expires_at.isoformat(),
        "capabilities": sorted(registry.manifest(shop.channel_code).capabilities),
    }
