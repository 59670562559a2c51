"""Hinode: the inherited suite, and what only this mall does."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from sync import contract, errors
from sync.simulated.floor import MallCoupon
from tests.contract.channel_suite import ChannelSuite
from tests.contract.ground import Clock, Recorder


class TestHinode(ChannelSuite, code="hinode"):
    def test_a_fee_that_is_not_fixed_is_no_amount(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        order = self.an_order(fake, shipping_fee=None)
        draft = self.drafts(channel)[order.order_no]
        assert (draft.total, draft.payments) == (None, ())
        assert [(fee.fee_kind, fee.amount) for fee in draft.fees] == [("shipping_fee", None)]
        clock.move(5)
        fake.change(order.order_no, shipping_fee=Decimal(880))
        assert self.drafts(channel)[order.order_no].total == order.item_total + 880

    def test_more_orders_in_one_second_than_a_page_are_all_read(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        self.orders(fake, 340, clock=clock, apart_s=0)
        assert self.drafts(channel).keys() == fake.orders.keys()
        clock.move(1)
        self.orders(fake, 5, clock=clock)
        assert self.drafts(channel).keys() == fake.orders.keys()

    def test_one_second_is_read_again_when_it_shifts(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        """340 orders of one second fill four pages by offset; changed ones leave the list."""
        self.orders(fake, 340, clock=clock, apart_s=0)
        clock.move(2)
        early = list(fake.orders)
        newest: dict[str, contract.OrderDraft] = {}
        for number, page in enumerate(channel.fetch_orders(None)):
            for raw in page.items:
                newest[raw.external_no] = channel.parse_order(raw)
            if number < 3:
                for order_no in early[number * 20 : number * 20 + 20]:
                    fake.change(order_no, note=f"changed {number}")
                clock.move(1)
        assert newest.keys() == fake.orders.keys()
        assert {d.external_order_no for d in newest.values() if "changed" in d.buyer_note} == set(
            early[:60]
        )

    def test_an_index_that_lags_hides_nothing_for_good(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        fake.search_lag = timedelta(seconds=2)
        cursor: contract.Cursor | None = None
        seen: set[str] = set()
        for _ in range(40):
            self.an_order(fake)
            clock.move(0.4)
            for page in channel.fetch_orders(cursor):
                seen |= {raw.external_no for raw in page.items}
                cursor = page.cursor
        clock.move(3)
        for page in channel.fetch_orders(cursor):
            seen |= {raw.external_no for raw in page.items}
        assert seen == fake.orders.keys()

    def test_a_shop_of_two_years_is_read_window_by_window(
        self, channel: Any, fake: Any, clock: Clock, recorder: Recorder
    ) -> None:
        for _ in range(8):
            self.an_order(fake)
            clock.move(90 * 86400)
        assert self.drafts(channel).keys() == fake.orders.keys()
        last = list(channel.fetch_orders(None))[-1].cursor
        before = len(recorder.requests)
        assert [raw for page in channel.fetch_orders(last) for raw in page.items] == []
        assert len(recorder.requests) - before <= 2

    def test_an_order_that_is_listed_but_not_shown_is_kept_and_refused(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        order = self.an_order(fake)
        answer = fake.answer

        def hide(request: Any) -> Any:
            given = answer(request)
            if request.path == "/v1/orders/get":
                given.body["orders"].clear()
            return given

        fake.answer = hide
        (raw,) = [raw for page in channel.fetch_orders(None) for raw in page.items]
        assert raw.external_no == order.order_no
        with pytest.raises(errors.Refused):
            channel.parse_order(raw)

    def test_levels_of_known_listings_are_not_read_back_again(
        self, channel: Any, recorder: Recorder
    ) -> None:
        channel.set_stock(self.levels(50))
        channel.set_stock(self.levels(50))
        paths = [request.url.path for request in recorder.requests]
        assert paths == ["/v1/stock/set", "/v1/stock/get", "/v1/stock/set"]

    def test_coupons_keep_who_bears_them(self, channel: Any, fake: Any) -> None:
        coupons = tuple(
            MallCoupon(coupon_code="A", name=bearer, bearer=bearer, amount=Decimal(100))
            for bearer in ("shop", "mall")
        )
        order = self.an_order(fake, coupons=coupons)
        draft = self.drafts(channel)[order.order_no]
        assert [(fee.funded_by, fee.amount) for fee in draft.fees if fee.fee_kind == "coupon"] == [
            ("shop", Decimal(-100)),
            ("mall", Decimal(-100)),
        ]
        assert draft.total == order.total
