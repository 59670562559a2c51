"""Minato: the inherited suite, and what only this mall does."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from sync import contract, errors
from tests.contract.channel_suite import ChannelSuite
from tests.contract.ground import Clock, Recorder


class TestMinato(ChannelSuite, code="minato"):
    def test_a_spent_token_is_renewed_and_kept(
        self, channel: Any, fake: Any, clock: Clock, recorder: Recorder
    ) -> None:
        channel.check()
        first = dict(self._secrets.held)
        clock.move(fake.token_life.total_seconds() + 1)
        channel.check()
        assert self._secrets.held["access_token"] != first["access_token"]
        assert self._secrets.held["refresh_token"] == fake.credentials()["refresh_token"]
        paths = [request.url.path for request in recorder.requests]
        assert paths == ["/oauth/token", "/graphql", "/graphql", "/oauth/token", "/graphql"]

    def test_a_token_that_another_worker_renewed_is_used(
        self, channel: Any, fake: Any, clock: Clock, recorder: Recorder
    ) -> None:
        """Two workers read a token that has ended; the slower one finds the other's new one."""
        channel.check()
        shared = self._secrets
        slow = self.connect(recorder, shared.held)
        stale = [dict(shared.held)]
        self._secrets.read = lambda: stale.pop() if stale else shared.read()  # type: ignore[method-assign]
        clock.move(fake.token_life.total_seconds() + 1)
        channel.check()
        before = len(recorder.requests)
        slow.check()
        paths = [request.url.path for request in recorder.requests[before:]]
        assert paths == ["/graphql", "/graphql"]

    def test_a_refresh_token_that_has_ended_needs_staff(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        old = fake.credentials()
        channel.check()
        clock.move(timedelta(days=1).total_seconds())
        late = self.connect(httpx.WSGITransport(app=fake), old)
        with pytest.raises(errors.CredentialsRefused):
            late.check()

    def test_a_page_is_kept_when_the_worker_dies_after_a_renewal(
        self, channel: Any, fake: Any, clock: Clock, recorder: Recorder
    ) -> None:
        """The new pair is stored before its first use: a crash there loses no access."""
        recorder.fail_from = 1
        with pytest.raises(errors.RemoteUnavailable):
            channel.check()
        clock.move(60)
        survivor = self.connect(httpx.WSGITransport(app=fake), self._secrets.held)
        assert survivor.check().external_shop_no == "minato-daicho"

    def test_events_twice_and_out_of_order_give_one_right_state(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        fake.duplicate_rate, fake.reorder_rate = 0.3, 0.5
        for number in range(60):
            order = self.an_order(fake, is_paid=False, payment_method="bank_transfer")
            clock.move(0.1)
            if number % 3 == 0:
                fake.cancel(order.order_no, "not_paid")
            elif number % 3 == 1:
                fake.pay(order.order_no)
            clock.move(0.1)
        fake.reorder_rate = 0
        self.an_order(fake)
        drafts = self.drafts(channel)
        assert drafts.keys() == fake.orders.keys()
        for order_no, order in fake.orders.items():
            assert drafts[order_no].is_cancelled == (order.state == "cancelled")
            assert (drafts[order_no].paid_at is None) == (order.paid_at is None)

    def test_a_cancel_may_come_before_its_order(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        fake.reorder_rate = 1
        order = self.an_order(fake)
        clock.move(1)
        fake.cancel(order.order_no, "buyer")
        raws = [raw for page in channel.fetch_orders(None) for raw in page.items]
        drafts = [channel.parse_order(raw) for raw in raws]
        assert [draft.is_cancelled for draft in drafts] == [True, False]
        assert drafts[0].changed_at > drafts[1].changed_at
        assert drafts[0].lines == drafts[1].lines

    def test_a_feed_that_stands_still_breaks_the_contract(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        self.orders(fake, 60, clock=clock)
        page = next(iter(channel.fetch_orders(None)))
        operation = fake._order_events
        fake._order_events = lambda variables: operation({**variables, "after": None})
        with pytest.raises(errors.ContractBroken):
            list(channel.fetch_orders(page.cursor))

    def test_orders_from_abroad_are_in_their_own_money(self, channel: Any, fake: Any) -> None:
        order = self.an_order(
            fake, currency_code="USD", yen_per_unit=Decimal(150), shipping_fee=Decimal("18.00")
        )
        draft = self.drafts(channel)[order.order_no]
        assert (draft.currency_code, draft.tax_inclusive) == ("USD", False)
        assert draft.lines[0].unit_price == Decimal("7.20")
        assert draft.total == Decimal("39.60")
        assert draft.tax_total == 0

    def test_too_much_cost_says_when_to_come_back(
        self, channel: Any, fake: Any, recorder: Recorder
    ) -> None:
        fake.cost_per_second = 1.0
        fake._bucket = (5.0, fake._bucket[1])
        with pytest.raises(errors.RateLimited) as caught:
            list(channel.fetch_orders(None))
        assert 30 < caught.value.retry_after_s <= 60

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("ACCESS_DENIED", errors.PermissionMissing),
            ("INTERNAL", errors.RemoteUnavailable),
            ("GRAPHQL_VALIDATION_FAILED", errors.ContractBroken),
        ],
    )
    def test_errors_with_status_200_have_their_class(
        self, channel: Any, recorder: Recorder, code: str, expected: type[errors.SyncError]
    ) -> None:
        channel.check()
        body = {"data": None, "errors": [{"message": "no", "extensions": {"code": code}}]}
        recorder.failure, recorder.fail_from = (lambda _: httpx.Response(200, json=body)), 0
        with pytest.raises(expected):
            channel.check()

    def test_levels_go_in_batches_of_25(self, channel: Any, fake: Any, recorder: Recorder) -> None:
        channel.check()
        before = len(recorder.requests)
        outcomes = channel.set_stock(self.levels(60))
        assert len(recorder.requests) - before == 3
        assert {outcome.status for outcome in outcomes} == {"done"}
        assert isinstance(outcomes[0], contract.Outcome)
