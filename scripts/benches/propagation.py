"""From the commit of a sale to the other malls' requests, through real processes and HTTP."""

from __future__ import annotations

import bisect
import itertools
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import redis

import sql
from scripts.benches import Context, Result
from scripts.benches._orders import draft, keep_messages
from scripts.storm.floor import fill
from scripts.supervisor.parts import PARTS
from scripts.supervisor.supervise import Supervisor
from scripts.world.catalogue import catalogue
from scripts.world.world import MallSpec, World
from sync.shops import SYSTEM_ACCOUNT

RATE: Final = 100
PAGE: Final = 10
"""Orders of one commit: what a poll of a busy mall brings."""

PHASE_S, QUICK_S = 60.0, 10.0
SETTLE_S: Final = 60.0
ON_HAND: Final = 60_000
SELLER, OTHER, LIMITED, PAUSED, THIRD = "hinode-1", "minato-1", "minato-2", "hinode-2", "minato-3"
MALLS: Final = tuple(
    MallSpec(channel_code=name.split("-")[0], name=name)
    for name in (SELLER, OTHER, LIMITED, PAUSED, THIRD)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """One line sold: when it was committed, and what may still be sold after it."""

    at: float
    sku_code: str
    level: int


def run(context: Context) -> Result:
    """Sell for a minute with all malls well, then for another with one at 429 and one paused."""
    database = context.database()
    settings = replace(
        context.servers.settings,
        worker_database_url=database.worker,
        web_database_url=database.web,
        database_url=database.admin,
    )
    with redis.Redis.from_url(settings.redis_url) as client:
        client.flushall()
    supervisor = Supervisor(
        context.servers.place, settings, tuple(part for part in PARTS if part.name != "web")
    )
    phase_s = QUICK_S if context.quick else PHASE_S
    try:
        with World(MALLS) as world, sql.connect(database.admin) as admin:
            shop_ids = fill(settings, world)
            _stock_up(admin)
            # The malls are not read here: the sales are ours.
            sql.rows(admin, "bench_no_schedule")
            supervisor.start()
            _settle(supervisor, world, admin)
            filled_at = time.monotonic()
            with sql.connect(database.worker, account_id=SYSTEM_ACCOUNT) as seller:
                shop = Seller(seller, shop_ids[SELLER])
                well = shop.sell(supervisor, phase_s)
                _settle(supervisor, world, admin)
                world.faults(LIMITED, rate_limited_s=phase_s + SETTLE_S)
                sql.call(seller, "channel.shop_pause", shop_ids[PAUSED], "bench")
                ill = shop.sell(supervisor, phase_s)
                time.sleep(5)
            seen = _received(world, filled_at)
    finally:
        supervisor.stop()
        context.drop(database)
    figures: dict[str, float] = {
        "orders_per_s": shop.orders / (2 * phase_s),
        "accept_median_ms": statistics.median(shop.accept_ms),
    }
    ratios: dict[str, float] = {}
    for name, sales, mall in (("other", well, OTHER), ("third", ill, THIRD)):
        waits = _waits(sales, seen[mall])
        figures[f"{name}_median_s"] = statistics.median(waits)
        figures[f"{name}_sales"] = len(waits)
        ratios[f"{name}_p99_s"] = waits[int(len(waits) * 0.99)]
    return Result(
        ratios=ratios,
        targets={"other_p99_s": ("<=", 2.0), "third_p99_s": ("<=", 2.0)},
        figures=figures,
    )


class Seller:
    """Takes orders in at a fixed rate, as pages of a busy mall."""

    def __init__(self, connection: sql.Connection, shop_id: int) -> None:
        self._connection = connection
        self._shop_id = shop_id
        self._chance = random.Random(1)  # the same baskets in every run
        self._serial = itertools.count(1)
        self._skus = [sku for sku in catalogue() if not sku.parts and sku.oversell_limit == 0]
        self._left = {sku.sku_code: ON_HAND for sku in self._skus}
        self.orders = 0
        self.accept_ms: list[float] = []

    def sell(self, supervisor: Supervisor, seconds: float) -> Sequence[Sale]:
        """Sell for so many seconds; one commit after another, never faster than the rate."""
        sales: list[Sale] = []
        started = time.monotonic()
        turn = 0
        while time.monotonic() - started < seconds:
            sales += self._page()
            turn += 1
            supervisor.tend()
            time.sleep(max(0.0, started + turn * PAGE / RATE - time.monotonic()))
        return sales

    def _page(self) -> Sequence[Sale]:
        sold: list[str] = []
        made = []
        for _ in range(PAGE):
            number = next(self._serial)
            picked = {
                self._skus[int(self._chance.random() ** 2 * len(self._skus))] for _ in range(2)
            }
            lines = [(sku.listing_no("hinode"), 1) for sku in picked]
            sold += [sku.sku_code for sku in picked]
            made.append(draft(0, self._shop_id, f"B-{number:08d}", lines, at_s=number))
        started = time.monotonic()
        keep_messages(self._connection, made)
        with sql.transaction(self._connection):
            sql.call(self._connection, "sales.orders_accept", sql.Json(made))
        at = time.monotonic()
        sql.rows(self._connection, "bell_ring")
        self.accept_ms.append((at - started) * 1000)
        self.orders += PAGE
        for sku_code in sold:
            self._left[sku_code] -= 1
        return [
            Sale(at=at, sku_code=sku_code, level=self._left[sku_code])
            for sku_code in dict.fromkeys(sold)
        ]


def _stock_up(admin: sql.Connection) -> None:
    """Fill the shelves: nothing runs out, so that levels only fall."""
    sql.rows(admin, "bench_stock_up", on_hand=ON_HAND)


def _settle(supervisor: Supervisor, world: World, admin: sql.Connection) -> None:
    deadline = time.monotonic() + SETTLE_S
    while time.monotonic() < deadline:
        supervisor.tend()
        (waiting,) = sql.rows(admin, "storm_waiting")
        filled = all(
            mall.fake.counters.levels_set >= len(world.skus) for mall in world.malls.values()
        )
        if filled and not waiting.skus_changed and not waiting.pushes:
            return
        time.sleep(0.1)
    raise TimeoutError(f"the malls were not told within {SETTLE_S:.0f} s")


def _received(
    world: World, since: float
) -> Mapping[str, Mapping[str, Sequence[tuple[float, int]]]]:
    """Order what the malls were told: by mall, then by SKU, as (time, level)."""
    by_mall: dict[str, dict[str, list[tuple[float, int]]]] = {name: {} for name in world.malls}
    for told in list(world.logs.levels):
        if told.at < since:
            continue
        by_mall[told.mall].setdefault(told.listing_no, []).append((told.at, told.level))
    return by_mall


def _waits(
    sales: Sequence[Sale], seen: Mapping[str, Sequence[tuple[float, int]]]
) -> Sequence[float]:
    """Measure each sale to the first level that knows of it; a sale never told counts as for ever."""
    waits: list[float] = []
    for sale in sales:
        told = seen.get(sale.sku_code, ())
        # Levels fall: the first that is low enough.
        place = bisect.bisect_left(told, -sale.level, key=lambda one: -one[1])
        waits.append(max(0.0, told[place][0] - sale.at) if place < len(told) else float("inf"))
    return sorted(waits)
