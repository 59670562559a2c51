"""Cases of channels that are told stock and shipments, list what they sell, or call us."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sync import contract, errors
from tests.contract.ground import LISTINGS, NOW, Clock, Ground, Recorder, needs


class OutgoingCases(Ground):
    """Stock, shipments, states, listings, webhooks."""

    # --- Stock ---

    def levels(self, count: int, level: int = 3) -> list[contract.StockLevel]:
        """Levels of so many listings, in no special order."""
        numbers = sorted(range(count), key=lambda number: number * 37 % LISTINGS)
        return [
            contract.StockLevel(external_listing_no=self.listing_no(number), level=level + number)
            for number in numbers
        ]

    @needs("stock", "remote")
    def test_outcomes_match_levels_in_order(self, channel: Any, fake: Any) -> None:
        levels = self.levels(20)
        unknown = contract.StockLevel(external_listing_no="nobody/std", level=5)
        levels.insert(7, unknown)
        outcomes = channel.set_stock(levels)
        assert [item.key for item in outcomes] == [item.external_listing_no for item in levels]
        assert {item.status for item in outcomes if item.key != "nobody/std"} == {"done"}
        assert outcomes[7].status == "refused"
        assert outcomes[7].reason
        for level in levels[:7]:
            assert fake.listings[level.external_listing_no].level == level.level

    @needs("stock", "remote")
    def test_a_batch_above_the_maximum_is_split(
        self, channel: Any, fake: Any, recorder: Recorder
    ) -> None:
        most = channel.stock_batch_max
        extra = [
            contract.StockLevel(external_listing_no=f"ghost{number}/std", level=1)
            for number in range(max(0, most + 1 - LISTINGS))
        ]
        levels = [*self.levels(LISTINGS), *extra]
        assert len(levels) > most
        outcomes = channel.set_stock(levels)
        assert [item.key for item in outcomes] == [item.external_listing_no for item in levels]
        assert {item.status for item in outcomes[:LISTINGS]} == {"done"}
        assert {listing.level for listing in fake.listings.values()} == set(range(3, 3 + LISTINGS))

    @needs("stock", "remote")
    def test_what_a_failure_left_unanswered_is_unknown(
        self, channel: Any, fake: Any, recorder: Recorder
    ) -> None:
        """The first batch is answered, then the mall is gone: its outcomes are kept."""
        most = channel.stock_batch_max
        first = self.levels(min(LISTINGS, most))
        ghosts = [
            contract.StockLevel(external_listing_no=f"ghost{number}/std", level=1)
            for number in range(most - len(first))
        ]
        rest = [contract.StockLevel(external_listing_no=f"late{n}/std", level=1) for n in range(5)]
        levels = [*first, *ghosts, *rest]
        channel.set_stock(levels[:1])
        calls = self._calls_of(channel, recorder, levels[:most])
        recorder.fail_from = len(recorder.requests) + calls
        outcomes = channel.set_stock(levels)
        assert [item.key for item in outcomes] == [item.external_listing_no for item in levels]
        assert outcomes[0].status == "done"
        assert {item.status for item in outcomes[-5:]} == {"unknown"}

    def _calls_of(self, channel: Any, recorder: Recorder, levels: list[contract.StockLevel]) -> int:
        channel.set_stock(levels)
        before = len(recorder.requests)
        channel.set_stock(levels)
        return len(recorder.requests) - before

    @needs("stock", "remote")
    def test_a_level_is_never_sent_below_zero(self, channel: Any, fake: Any) -> None:
        level = contract.StockLevel(external_listing_no=self.listing_no(0), level=-4)
        assert [item.status for item in channel.set_stock([level])] == ["done"]
        assert fake.listings[self.listing_no(0)].level == 0

    @needs("stock", "remote")
    def test_no_levels_are_no_call(self, channel: Any, recorder: Recorder) -> None:
        assert list(channel.set_stock([])) == []
        assert recorder.requests == []

    @needs("stock_read", "remote")
    def test_stock_is_read_back(self, channel: Any, fake: Any) -> None:
        fake.set_level(self.listing_no(3), 17)
        wanted = [self.listing_no(number) for number in range(LISTINGS)]
        read = {
            level.external_listing_no: level.level
            for level in channel.fetch_stock([*wanted, "nobody/std"])
        }
        assert read[self.listing_no(3)] == 17
        assert read.keys() == set(wanted)

    # --- Shipments and states ---

    def a_shipment(self, order_no: str, tracking_no: str = "1234-5678") -> contract.ShipmentDraft:
        """A parcel of the whole order."""
        return contract.ShipmentDraft(
            external_order_no=order_no,
            tracking_no=tracking_no,
            carrier_code="yamato",
            shipped_at=NOW,
        )

    @needs("shipment", "remote")
    def test_a_shipment_is_told_once_however_often(self, channel: Any, fake: Any) -> None:
        order_no = self.an_order(fake).order_no
        for _ in range(3):
            (outcome,) = channel.post_shipments([self.a_shipment(order_no)])
            assert (outcome.key, outcome.status) == (order_no, "done")
        assert fake.orders[order_no].state == "shipped"
        assert fake.orders[order_no].tracking_nos == ("1234-5678",)
        assert fake.counters.shipped == 1

    @needs("shipment", "remote")
    def test_shipments_match_their_outcomes(self, channel: Any, fake: Any) -> None:
        good = [self.an_order(fake).order_no for _ in range(60)]
        fake.cancel(good[1], "buyer")
        wanted = [*good, "NOBODY-0"]
        outcomes = channel.post_shipments([self.a_shipment(order_no) for order_no in wanted])
        assert [item.key for item in outcomes] == wanted
        refused = [item.key for item in outcomes if item.status == "refused"]
        assert refused == [good[1], "NOBODY-0"]

    @needs("order_state", "remote")
    def test_confirming_and_cancelling_may_run_twice(self, channel: Any, fake: Any) -> None:
        order_no = self.an_order(fake).order_no
        channel.confirm_order(order_no)
        channel.confirm_order(order_no)
        assert fake.orders[order_no].state == "confirmed"
        channel.cancel_order(order_no, "out_of_stock")
        channel.cancel_order(order_no, "out_of_stock")
        assert fake.orders[order_no].state == "cancelled"
        assert fake.counters.oversold == 3

    @needs("order_state", "remote")
    def test_what_the_mall_refuses_names_the_order(self, channel: Any) -> None:
        for act in (channel.confirm_order, lambda no: channel.cancel_order(no, "other")):
            with pytest.raises(errors.Refused) as caught:
                act("NOBODY-0")
            assert caught.value.key == "NOBODY-0"

    # --- Listings ---

    @needs("listing_read", "remote")
    def test_all_listings_are_read_and_resumed(self, channel: Any, fake: Any) -> None:
        pages = list(channel.fetch_listings(None))
        found = [channel.parse_listing(raw) for page in pages for raw in page.items]
        assert {item.external_listing_no for item in found} == fake.listings.keys()
        assert len(found) == len(fake.listings)
        assert {item.sku_code for item in found} == {
            listing.sku_code for listing in fake.listings.values()
        }
        rest = [raw for page in channel.fetch_listings(pages[0].cursor) for raw in page.items]
        assert len(pages[0].items) + len(rest) == len(found)

    # --- Webhooks ---

    @needs("nudge", "remote")
    def test_a_webhook_is_taken_once_signed_and_fresh(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        headers, body = fake.webhook("HN-1")
        nudge = channel.verify(headers, body, now=clock())
        assert nudge.capability == "orders"
        assert nudge.nudge_no
        assert channel.verify(
            {name.upper(): value for name, value in headers.items()}, body, now=clock()
        )

    @needs("nudge", "remote")
    def test_a_forged_old_or_changed_webhook_is_refused(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        headers, body = fake.webhook("HN-1")
        with pytest.raises(errors.NotAuthentic):
            channel.verify(headers, body + b" ", now=clock())
        for late_s in (301, -301):
            with pytest.raises(errors.NotAuthentic):
                channel.verify(headers, body, now=clock() + timedelta(seconds=late_s))
        for name in headers:
            if name == "Content-Type":
                continue
            for value in ("", "x", "\u2460" * 5, "9" * 40):
                if name == "X-Minato-Delivery" and value:
                    continue
                with pytest.raises(errors.NotAuthentic):
                    channel.verify({**headers, name: value}, body, now=clock())
        with pytest.raises(errors.NotAuthentic):
            channel.verify({}, body, now=clock())

    @needs("nudge", "remote")
    def test_without_a_key_no_webhook_is_authentic(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        fake.webhook_secret = ""
        headers, body = fake.webhook("HN-1")
        self._secrets.held["webhook_secret"] = ""
        with pytest.raises(errors.NotAuthentic):
            channel.verify(headers, body, now=clock())
