"""Every shop ends with the right level, whatever happens on the way."""

import time
from datetime import timedelta

import pytest

import sql
from sync.pushing import push_shipments, push_stock

SHORT = timedelta(milliseconds=300)


class Claimer:
    """One worker's side of a push, step by step, with a short lease."""

    def __init__(self, house, mall="minato-1"):
        self.connection = sql.connect(house.settings.worker_database_url, account_id=1)
        self.house = house
        self.mall = mall
        self.shop_id = house.shop_ids[mall]
        self.claimed = []
        self.levels = {}

    def claims(self):
        self.claimed = sql.call(
            self.connection, "transit.push_claim", self.shop_id, "stock", 100, SHORT
        )
        return self

    def reads(self):
        found = sql.rows(
            self.connection, "levels_now", listing_ids=[row.subject_id for row in self.claimed]
        )
        self.levels = {row.listing_id: row for row in found}
        return self

    def sends(self):
        for row in self.levels.values():
            self.house.world.malls[self.mall].fake.set_level(row.external_listing_no, row.level)
        return self

    def acks(self):
        if self.claimed:
            sql.call(
                self.connection,
                "transit.push_done",
                "stock",
                [row.subject_id for row in self.claimed],
                [row.claimed_version for row in self.claimed],
                [self.levels[row.subject_id].level for row in self.claimed],
                self.claimed[0].lease,
                SHORT,
            )
        return self

    def close(self):
        self.connection.close()


@pytest.fixture
def two(house):
    house.settle()
    pair = Claimer(house), Claimer(house)
    yield pair
    for one in pair:
        one.close()


def sell(house, quantity, sku="SEN-100"):
    """Change what is on the shelf and let the changes be dispatched."""
    house.connection.execute(
        "select stock.stock_adjust(sku_id, 1, %s, 'found', 'test') from catalog.sku where sku_code = %s",
        (quantity, sku),
    )
    dispatch(house)


def dispatch(house):
    sql.call(house.connection, "transit.waiting_dispatch", 100)
    sql.call(house.connection, "transit.changes_dispatch", 100)


def run_on(house, one, seconds=1.5):
    """A healthy worker goes on for a while."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        dispatch(house)
        one.claims().reads().sends().acks()
        time.sleep(0.05)


def wrong(house):
    return [row for row in house.levels_differ() if row[0] == "minato-1"]


@pytest.mark.parametrize("a_dies", [False, True])
def test_an_old_level_that_arrives_last_is_healed(house, two, a_dies):
    a, b = two
    sell(house, 1)
    a.claims().reads()
    time.sleep(SHORT.total_seconds() + 0.05)
    sell(house, -3)
    b.claims().reads().sends().acks()
    assert wrong(house) == []
    a.sends()
    assert wrong(house) != []
    if not a_dies:
        a.acks()
    run_on(house, b)
    assert wrong(house) == []


@pytest.mark.parametrize("a_dies", [False, True])
def test_without_lease_and_echo_the_old_level_stays(house, two, a_dies):
    """The bug, planted: an acknowledgement that does not ask whose lease it is."""
    house.admin.execute(
        """
        create or replace function transit.push_done(
            p_kind text, p_subject_ids bigint[], p_claimed bigint[], p_levels integer[], p_lease bigint, p_echo_after interval
        )
            returns void language sql security definer set search_path = '' as $$
            update transit.push as push
            set done_version = greatest(push.done_version, done.claimed_version), lease = null, lease_until = null, is_echo = false
            from unnest(p_subject_ids, p_claimed, p_levels) as done (subject_id, claimed_version, level)
            where push.kind = p_kind and push.subject_id = done.subject_id
        $$
        """
    )
    a, b = two
    sell(house, 1)
    a.claims().reads()
    time.sleep(SHORT.total_seconds() + 0.05)
    sell(house, -3)
    b.claims().reads().sends().acks()
    a.sends()
    if not a_dies:
        a.acks()
    run_on(house, b)
    assert wrong(house) != []


@pytest.mark.parametrize("is_planted", [False, True])
def test_a_change_behind_a_running_dispatch_is_not_swallowed(house, two, settings, is_planted):
    """A writer has changed a SKU that is marked already and has not committed; a round runs meanwhile."""
    if is_planted:
        body = house.one("select pg_get_functiondef('transit.note_change'::regproc) as body").body
        start = body.index("do update set")
        end = body.index(";", start)
        house.admin.execute(body[:start] + "do nothing" + body[end:])
    a, _ = two
    adjust = "select stock.stock_adjust(sku_id, 1, %s, 'found', 'test') from catalog.sku where sku_code = 'SEN-100'"
    with sql.connect(settings.worker_database_url, account_id=1, autocommit=False) as writer:
        house.connection.execute(adjust, (1,))
        writer.execute("set local lock_timeout = '2s'")
        writer.execute(adjust, (-3,))
        dispatch(house)
        a.claims().reads().sends().acks()
        writer.commit()
    run_on(house, a, seconds=0.5)
    assert bool(wrong(house)) == is_planted


def test_one_claim_a_job_and_the_rest_is_told_by_the_next(house):
    house.dispatcher.sweep(house.connection)
    pushed = push_stock(house.context, house.shop_ids["minato-1"])
    assert pushed.is_full
    assert pushed.done == 25
    house.settle()
    assert house.levels_differ() == []


def test_a_claim_keeps_to_its_limit_under_any_plan(house):
    """As a plain subquery the limit was taken anew for each row of a nested loop."""
    house.dispatcher.sweep(house.connection)
    for setting in (
        "enable_hashjoin",
        "enable_mergejoin",
        "enable_hashagg",
        "enable_sort",
        "enable_material",
    ):
        house.connection.execute(f"set {setting} = off")
    shop_id = house.shop_ids["minato-1"]
    claimed = sql.call(
        house.connection, "transit.push_claim", shop_id, "stock", 7, timedelta(minutes=1)
    )
    assert len(claimed) == 7
    again = sql.call(
        house.connection, "transit.push_claim", shop_id, "stock", 7, timedelta(minutes=1)
    )
    assert len(again) == 7
    assert {row.subject_id for row in claimed}.isdisjoint(row.subject_id for row in again)


def test_no_transaction_is_open_while_a_shop_is_asked(house):
    seen = []

    def received(listing_no, level):
        row = house.one(
            "select count(*) as n from pg_stat_activity where usename like '%%worker' and datname = current_database()"
            " and xact_start is not null and state <> 'active'"
        )
        seen.append(row.n)

    house.world.malls["hinode-1"].fake.on_level = received
    house.settle()
    assert seen
    assert set(seen) == {0}


def test_a_bundle_and_its_parts_are_told_together(house):
    house.settle()
    bundle = house.one(
        "select b.sku_code as bundle, p.sku_code as part, c.quantity from catalog.bundle_component as c"
        " join catalog.sku as b on b.sku_id = c.bundle_sku_id join catalog.sku as p on p.sku_id = c.sku_id"
        " order by c.bundle_sku_id limit 1"
    )
    house.world.place_order("minato-1", [(bundle.bundle, 1)])
    house.pull("minato-1")
    house.settle()
    assert house.levels_differ() == []
    # The last of a part leaves no bundle
    left = house.world.malls["minato-1"].fake.listings[bundle.part].level
    house.world.place_order("minato-1", [(bundle.part, left)])
    house.pull("minato-1")
    house.settle()
    assert house.world.malls["hinode-1"].fake.ghosts == {}
    assert house.world.malls["minato-1"].fake.listings[bundle.bundle].level == 0
    assert house.levels_differ() == []
    assert house.checks() == {}


def test_a_refused_listing_goes_to_staff_and_the_rest_goes_on(house):
    house.settle()
    house.admin.execute(
        "update channel.listing set external_listing_no = 'NO-SUCH' where external_listing_no = 'SEN-100'"
    )
    sell(house, -1)
    sell(house, -1, "GEN-200")
    house.settle()
    ((reason, _, _, seen),) = house.inbox()
    assert (reason, seen) == ("push_refused", 1)
    assert (
        house.world.malls["minato-1"].fake.listings["GEN-200"].level
        == house.one(
            "select level from channel.listing_level where external_listing_no = 'GEN-200'"
        ).level
    )


def test_outgoing_off_sends_nothing_and_on_catches_up(house):
    house.settle()
    sql.call(house.connection, "transit.outgoing_set", "stock", False)
    told = len(house.world.logs.levels)
    sell(house, -4)
    for _ in range(3):
        assert house.step() == 0
    assert push_stock(house.context, house.shop_ids["minato-1"]).done == 0
    assert len(house.world.logs.levels) == told
    sql.call(house.connection, "transit.outgoing_set", "stock", True)
    house.settle()
    assert house.levels_differ() == []


def test_a_copied_database_sends_nothing_until_it_is_told_to(server, filled, house):
    from dataclasses import replace

    from sync import jobs
    from tests.conftest import clone, drop

    house.context.close()
    house.admin.close()
    copy = clone(server, house.settings.worker_database_url.rsplit("/", 1)[1])
    context = jobs.begin(replace(house.settings, worker_database_url=copy.worker))
    told = len(house.world.logs.levels)
    try:
        for mall in ("hinode-1", "minato-1"):
            assert push_stock(context, house.shop_ids[mall]).done == 0
        assert [row[0] for row in sql.call(context.connection, "transit.shops_due", "stock")] == []
        assert len(house.world.logs.levels) == told
        sql.call(context.connection, "transit.outgoing_set", "stock", True)
        assert push_stock(context, house.shop_ids["minato-1"]).done == 25
    finally:
        context.close()
        drop(server, copy)


def test_only_what_an_item_itself_was_told_makes_it_wait_longer(house):
    """A shop that is closed for minutes is asked again and again: its items are not to blame."""
    house.settle()
    sell(house, -1)
    house.dispatcher.sweep(house.connection)
    shop_id = house.shop_ids["minato-1"]

    def attempt_then_later(after):
        claimed = sql.call(house.connection, "transit.push_claim", shop_id, "stock", 9, SHORT)
        ids = [row.subject_id for row in claimed]
        sql.call(
            house.connection, "transit.push_later", "stock", ids, claimed[0].lease, timedelta(after)
        )
        return {row.attempt for row in claimed}

    for _ in range(9):
        assert attempt_then_later(0) == {1}
    assert attempt_then_later(1) == {1}
    house.admin.execute("update transit.push set due_at = '-infinity' where is_due")
    assert attempt_then_later(1) == {2}


def test_a_shipment_is_told_once_with_its_tracking_number(house):
    house.settle()
    order = house.world.place_order(
        "hinode-1", [("sen/100", 1)], note="", is_paid=True, payment_method="card"
    )
    house.pull("hinode-1")
    ours = house.one("select * from sales.sales_order where external_order_no = %s", order.order_no)
    sql.call(
        house.connection, "shipping.shipment_post", ours.sales_order_id, "yamato", "1234-5678-9012"
    )
    house.settle()
    theirs = house.world.malls["hinode-1"].fake.orders[order.order_no]
    assert theirs.state == "shipped"
    assert theirs.tracking_nos == ("1234-5678-9012",)
    assert push_shipments(house.context, house.shop_ids["hinode-1"]).done == 0
    house.admin.execute(
        "update transit.push set wanted_version = wanted_version + 1 where kind = 'shipment'"
    )
    assert push_shipments(house.context, house.shop_ids["hinode-1"]).done == 1
    assert (
        house.world.malls["hinode-1"].fake.orders[order.order_no].tracking_nos
        == theirs.tracking_nos
    )
