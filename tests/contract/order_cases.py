"""Cases of channels from which orders are read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sync import contract
from tests.contract.ground import BUYER, Clock, Ground, keep_newest, needs


class OrderCases(Ground):
    """Reading orders."""

    @needs("orders", "remote")
    def test_reading_twice_gives_the_same(self, channel: Any, fake: Any, clock: Clock) -> None:
        self.orders(fake, 30, clock=clock)
        clock.move(60)
        assert self.drafts(channel) == self.drafts(channel)
        assert len(self.drafts(channel)) == 30

    @needs("orders", "remote")
    def test_a_crash_between_any_two_pages_loses_nothing(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        self.orders(fake, 260, clock=clock, apart_s=0.05)
        clock.move(60)
        whole = self.drafts(channel)
        pages = list(channel.fetch_orders(None))
        assert len(pages) > 2
        for cut, page in enumerate(pages):
            seen = [channel.parse_order(raw) for before in pages[: cut + 1] for raw in before.items]
            merged = {draft.external_order_no: draft for draft in seen}
            for draft in self.drafts(channel, page.cursor).values():
                keep_newest(merged, draft)
            assert merged == whole

    @needs("orders", "remote")
    def test_orders_that_come_while_we_read_are_not_lost(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        """Between any two pages some are changed, so that lists shift under the reader."""
        self.orders(fake, 260, clock=clock, apart_s=0.05)
        early = list(fake.orders)
        newest: dict[str, contract.OrderDraft] = {}
        cursor = None
        for turn in range(2):
            for number, page in enumerate(channel.fetch_orders(cursor)):
                for raw in page.items:
                    keep_newest(newest, channel.parse_order(raw))
                cursor = page.cursor
                if turn == 0 and number < 6:
                    for order_no in early[number * 7 : number * 7 + 7]:
                        fake.change(order_no, note=f"changed {number}")
                    self.an_order(fake)
                    clock.move(0.3)
            clock.move(5)
        assert newest.keys() == fake.orders.keys()
        for order_no, order in fake.orders.items():
            assert newest[order_no].buyer_note == order.basket.note

    @needs("orders", "remote")
    def test_a_second_change_within_a_second_is_seen(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        order = self.an_order(fake)
        pages = list(channel.fetch_orders(None))
        clock.move(0.1)
        fake.change(order.order_no, note="二度目")
        clock.move(2)
        assert self.drafts(channel, pages[-1].cursor)[order.order_no].buyer_note == "二度目"

    @needs("orders", "remote")
    def test_nothing_new_is_soon_said(self, channel: Any, fake: Any, clock: Clock) -> None:
        """A shop where nothing happens is not read again and again."""
        self.orders(fake, 5, clock=clock)
        cursor = None
        for _ in range(3):
            clock.move(10)
            for page in channel.fetch_orders(cursor):
                cursor = page.cursor
        assert [raw for page in channel.fetch_orders(cursor) for raw in page.items] == []

    @needs("orders", "remote")
    def test_overlapping_pages_lose_nothing(self, channel: Any, fake: Any, clock: Clock) -> None:
        self.orders(fake, 260, clock=clock, apart_s=0.05)
        clock.move(60)
        fake.page_overlap = 7
        assert self.drafts(channel).keys() == fake.orders.keys()

    @needs("orders", "remote")
    def test_an_order_is_read_as_the_mall_says_it(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        order = self.an_order(fake, points_used=Decimal(100), is_gift=True, customer_no="C1")
        draft = self.drafts(channel)[order.order_no]
        assert draft.total == order.total
        assert sum(line.unit_price * line.quantity for line in draft.lines) == order.item_total
        fees = {fee.fee_kind: fee.amount for fee in draft.fees}
        assert (fees["points"], fees["shipping_fee"]) == (-100, 660)
        assert (draft.is_gift, draft.external_customer_no) == (True, "C1")
        assert draft.buyer.email == BUYER.email
        assert draft.buyer.postal_code == "150-0001"
        assert [line.external_listing_no for line in draft.lines] == [
            self.listing_no(1),
            self.listing_no(2),
        ]
        assert [line.quantity for line in draft.lines] == [2, 1]
        assert sum(payment.amount for payment in draft.payments) == order.total
        assert not draft.is_cancelled

    @needs("orders", "remote")
    def test_a_late_payment_and_a_cancel_are_seen(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        order = self.an_order(fake, is_paid=False, payment_method="convenience_store")
        before = self.drafts(channel)[order.order_no]
        assert (before.payment_method, before.paid_at) == ("convenience_store", None)
        clock.move(5)
        fake.pay(order.order_no)
        paid = self.drafts(channel)[order.order_no]
        assert paid.paid_at is not None
        clock.move(5)
        fake.cancel(order.order_no, "buyer")
        cancelled = self.drafts(channel)[order.order_no]
        assert (cancelled.is_cancelled, cancelled.cancel_reason) == (True, "buyer")
        assert before.changed_at < paid.changed_at < cancelled.changed_at
        assert len({before.digest, paid.digest, cancelled.digest}) == 3
