"""Customers' visits to one mall: who comes when, and what they do later."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from scripts.world.customers import SHIPPING_FEE, Customers
from sync.simulated.floor import JST, FakeMall, MallOrder, NotPossible, SoldOut

FOLLOW_UPS_MAX: Final = 10_000
LOOK_S: Final = 0.25


class Visits:
    """Drives the customers of one mall in a thread of its own; `speed` makes their time run faster."""

    def __init__(self, fake: FakeMall, customers: Customers, *, speed: float) -> None:
        self.per_minute = 0.0
        self._opening = 0
        self._fake = fake
        self._customers = customers
        self._speed = speed
        self._later: list[tuple[float, int, str, str]] = []
        self._serial = itertools.count()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        for order in fake.orders.values():
            if order.state in {"new", "confirmed"}:
                self._plan(order)

    def start(self, *, per_minute: float, opening: int = 0) -> None:
        """Let so many customers come, on average.

        ``opening`` of them come together as soon as a mall without orders has something to sell.
        """
        self.per_minute = per_minute
        self._opening = 0 if self._fake.orders else opening
        self._ended.clear()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send them home."""
        thread, self._thread = self._thread, None
        self.per_minute = 0.0
        if thread is not None:
            self._ended.set()
            thread.join()

    def buy(self, wanted: Sequence[tuple[str, int]] | None = None, **choices: Any) -> MallOrder:  # noqa: ANN401  # fields by name
        """Let one customer buy now, with what follows planned when they are left to themselves.

        Raises `SoldOut`. An order of given things has no follow-ups: a test says what happens next.
        """
        with self._lock:
            today = self._fake.clock().astimezone(JST).date()
            listings = [item for item in self._fake.listings.values() if not item.is_hidden]
            if wanted is None:
                listings = [item for item in listings if item.level > 0]
                if not listings:
                    raise SoldOut("everything")
            basket = self._customers.basket(listings, today=today, wanted=wanted)
            order = self._fake.place(replace(basket, **choices))
            if wanted is None:
                self._plan(order)
            return order

    def _plan(self, order: MallOrder) -> None:
        for follow_up in self._customers.follow_ups(order.basket):
            if follow_up.act == "pay" and order.paid_at is not None:
                continue
            if len(self._later) < FOLLOW_UPS_MAX:
                due = time.monotonic() + follow_up.after_s / self._speed
                heapq.heappush(
                    self._later, (due, next(self._serial), follow_up.act, order.order_no)
                )

    def _run(self) -> None:
        next_visit = time.monotonic()
        while not self._ended.is_set():
            self._open()
            now = time.monotonic()
            # A machine that slept does not send a crowd afterwards.
            next_visit = max(next_visit, now - 1)
            while next_visit <= now and not self._ended.is_set():
                next_visit += self._customers.pause_s(self.per_minute * self._speed)
                try:
                    self.buy()
                except SoldOut:
                    continue
            while self._later and self._later[0][0] <= now:
                _, _, act, order_no = heapq.heappop(self._later)
                try:
                    self._do(act, order_no)
                except (NotPossible, SoldOut):
                    continue
            self._ended.wait(min(LOOK_S, max(0.001, next_visit - time.monotonic())))

    def _open(self) -> None:
        listings = [item for item in self._fake.listings.values() if not item.is_hidden]
        if not self._opening or sum(item.level > 0 for item in listings) * 2 < len(listings):
            return
        for _ in range(self._opening):
            # Who is sent home while the crowd is coming does not wait for the whole of it
            if self._ended.is_set():
                return
            try:
                self.buy()
            except SoldOut:
                continue
        self._opening = 0

    def _do(self, act: str, order_no: str) -> None:
        order = self._fake.orders[order_no]
        match act:
            case "pay":
                self._fake.pay(order_no)
            case "cancel":
                self._fake.cancel(order_no, "buyer")
            case "fix_fee":
                self._fake.change(order_no, shipping_fee=SHIPPING_FEE)
            case "change_address":
                self._fake.change(order_no, recipient=self._customers.person())
            case "change_quantity":
                line = order.lines[0]
                self._fake.change(order_no, quantities={line.line_no: line.quantity + 1})
            case _:
                self._fake.change(order_no, note=self._customers.note())
