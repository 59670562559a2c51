"""A thousand orders get their mails while workers are killed: nobody gets two, and nothing is lost."""

import os
import random
import signal
import time
from collections import Counter
from typing import Any

import sql
from tests.mail.conftest import mailing_house, office, post
from tests.mail.post import Post
from tests.sync.house import MALLS
from tests.sync.people import a_process, an_account, as_staff

__all__ = ["mailing_house", "office", "post"]

ORDERS = 1_000
KILLS = 12


def a_mail_worker(house: Any) -> Any:
    """A real process of the lane `mail`."""
    return a_process(house, "-P", "-m", "sync.worker", "mail")


def left(house: Any) -> int:
    return int(
        house.one(
            "select count(*) as n from mail.mail where state in ('due', 'claimed', 'handing')"
        ).n
    )


def nobody_waits(house: Any) -> None:
    """The dead worker's leases end and its names on the queue go: a test does not wait a minute."""
    house.admin.execute(
        "update mail.mail set lease_until = now() - interval '1 second' where state in ('claimed', 'handing')"
    )
    house.context.redis.flushall()


def until(house: Any, holds: Any, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it does not get there"
        house.dispatcher.sweep(house.connection)
        time.sleep(0.02)


def test_a_thousand_orders_and_workers_killed(mailing_house: Any, post: Post) -> None:
    house, chance = mailing_house, random.Random(20)
    house.settle()
    house.all(
        "update mail.mail_rule set is_on = true where mail_event = 'order_received' returning 1"
    )
    for mall in MALLS:
        fake = house.world.malls[mall].fake
        for listing in list(fake.listings):
            fake.set_level(listing, 100_000)
    for number in range(ORDERS):
        house.world.place_order(MALLS[number % 2])
    for mall in MALLS:
        while house.pull(mall).counts:
            pass
    assert house.one("select count(*) as n from mail.mail").n == ORDERS

    # Long enough that a kill meets a mail on its way
    post.pause_s = 0.005
    kills = 0
    while kills < KILLS:
        with a_mail_worker(house) as worker:
            had, more = len(post.kept), chance.randrange(10, 60)
            until(house, lambda had=had, more=more: len(post.kept) >= had + more, 30)
            time.sleep(chance.random() * 0.02)
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
            kills += 1
        nobody_waits(house)
    with a_mail_worker(house):
        until(house, lambda: left(house) == 0, 60)

    states = Counter(row.state for row in house.all("select state::text from mail.mail"))
    # Some buyers gave no address
    assert set(states) <= {"sent", "unknown", "skipped"}
    nowhere = house.one(
        "select count(*) as n from mail.mail join sales.sales_order_party using (sales_order_id)"
        " where coalesce(buyer_email, '') = ''"
    ).n
    assert states["skipped"] == nowhere < ORDERS / 20
    assert states["sent"] + states["unknown"] == ORDERS - nowhere
    got = Counter(mail["Message-ID"] for mail in post.mails)
    assert max(got.values()) == 1
    # By order, not by the mail's own number: nobody reads of one order twice
    orders = Counter(str(mail["Subject"]).rpartition("（")[2] for mail in post.mails)
    assert max(orders.values()) == 1
    assert states["sent"] <= len(post.kept) <= ORDERS
    assert 1 <= states["unknown"] <= kills
    in_inbox = {row.subject for row in house.inbox() if row.reason == "mail_unknown"}
    unknown = {
        f"mail {row.mail_id}"
        for row in house.all("select mail_id from mail.mail where state = 'unknown'")
    }
    assert in_inbox == unknown
    assert house.checks() == {}


def test_a_chosen_set_is_stopped_halfway_and_resumed(mailing_house: Any, post: Post) -> None:
    house = mailing_house
    house.settle()
    for number in range(210):
        house.world.place_order(MALLS[number % 2])
    for mall in MALLS:
        while house.pull(mall).counts:
            pass
    condition = {
        "column": "status",
        "op": "in",
        "value": ["ready_to_ship", "awaiting_payment", "awaiting_stock", "on_hold", "scheduled"],
    }
    desk = an_account(house.admin, "order_desk")
    with as_staff(house, desk) as web:
        seen = sql.call(
            web, "mail.mailing_preview", "delay_notice", sql.Json(condition), None, 5_000
        )
        # Some buyers gave no address
        ids = [row.sales_order_id for row in seen if row.reason is None][:200]
        assert len(ids) == 200
        mailing = sql.value(
            web, "mail.mailing_begin", "delay_notice", "遅れのお知らせ | Delay notice", ids
        )
    with a_mail_worker(house):
        until(house, lambda: len(post.kept) >= 60, 30)
        with as_staff(house, desk) as web:
            sql.call(web, "mail.mailing_stop", mailing)
        until(
            house,
            lambda: not house.one("select 1 from mail.mail where state in ('claimed', 'handing')"),
            20,
        )
        stopped_at = len(post.kept)
        assert 60 <= stopped_at < 200
        for _ in range(20):
            house.dispatcher.sweep(house.connection)
            time.sleep(0.02)
        assert len(post.kept) == stopped_at
        with as_staff(house, desk) as web:
            # Asked again meanwhile: the same orders are not taken twice
            again = sql.call(
                web, "mail.mailing_preview", "delay_notice", sql.Json(condition), None, 5_000
            )
            assert not [row for row in again if row.sales_order_id in ids and row.reason is None]
            sql.call(web, "mail.mailing_resume", mailing)
        until(house, lambda: left(house) == 0, 30)
    assert len(post.kept) == 200
    assert len({to for _, to, _ in post.kept} | set()) == len(
        {str(mail["To"]) for mail in post.mails}
    )
    assert (
        max(Counter(str(mail["Subject"]).rpartition("（")[2] for mail in post.mails).values()) == 1
    )
    row = house.one("select mails, left_out from mail.mailing where mailing_id = %s", mailing)
    assert (row.mails, row.left_out) == (200, 0)
    assert house.checks() == {}
