"""The class of an error decides what happens next; one shop's trouble delays nobody else."""

import pytest
import structlog

import sql
from sync import jobs, pulling, shops
from sync.errors import (
    ContractBroken,
    CredentialsRefused,
    RateLimited,
    Refused,
    RemoteUnavailable,
    TimedOut,
)
from sync.pushing import push_stock
from sync.shops import ShopIsPaused, ShopIsWaiting


def gate(house, mall):
    return house.one(
        "select failures from transit.shop_gate where shop_id = %s", house.shop_ids[mall]
    )


def open_gate(house, mall):
    house.admin.execute(
        "update transit.shop_gate set open_at = '-infinity' where shop_id = %s",
        (house.shop_ids[mall],),
    )


def shop_row(house, mall):
    return house.one("select * from channel.shop where shop_id = %s", house.shop_ids[mall])


def change(house, quantity=-1):
    house.connection.execute(
        "select stock.stock_adjust(sku_id, 1, %s, 'found', 'test') from catalog.sku where sku_code = 'SEN-100'",
        (quantity,),
    )


def test_a_mall_at_429_is_left_alone_and_the_others_go_on(house):
    house.settle()
    house.world.faults("minato-1", rate_limited_s=600, retry_after_form="seconds")
    change(house, -2)
    house.step()
    hinode, minato = (house.world.malls[name].fake.listings for name in ("hinode-1", "minato-1"))
    assert hinode["sen/100"].level == minato["SEN-100"].level - 2
    closed = gate(house, "minato-1")
    assert closed.failures == 1
    asked = len(house.world.logs.requests)
    for _ in range(5):
        house.step()
    assert len(house.world.logs.requests) == asked, "a closed gate is not knocked at"
    with pytest.raises(ShopIsWaiting):
        house.pull("minato-1")
    house.world.faults("minato-1", rate_limited_s=0)
    open_gate(house, "minato-1")
    house.settle()
    assert house.levels_differ() == []
    assert gate(house, "minato-1").failures == 0
    assert house.inbox() == []


def test_the_shop_says_how_long_to_wait(house):
    house.settle()
    house.world.faults("minato-1", rate_limited_s=400, retry_after_form="seconds")
    change(house)
    house.step()
    waits = house.one(
        "select extract(epoch from open_at - clock_timestamp()) as s from transit.shop_gate where shop_id = %s",
        house.shop_ids["minato-1"],
    )
    said = [
        row for row in house.world.logs.requests if row.mall == "minato-1" and row.status == 429
    ]
    assert said
    assert waits.s > 1


def test_waiting_grows_and_stays_bounded():
    import random

    chance = random.Random(3)
    waits = [shops.backoff_s(failures, None, chance) for failures in range(40)]
    assert waits[0] < 2
    assert waits[3] > waits[0]
    assert max(waits) <= shops.BACKOFF_MAX_S * (1 + shops.JITTER)
    assert shops.backoff_s(30, 2.0, chance) < 3
    assert len({shops.backoff_s(3, None, chance) for _ in range(5)}) == 5, (
        "not all at the same moment"
    )


def test_a_paused_shop_delays_nobody_and_catches_up(house):
    house.settle()
    shop_id = house.shop_ids["hinode-1"]
    sql.call(house.connection, "channel.shop_pause", shop_id, "holiday")
    change(house, -5)
    house.step()
    house.step()
    assert [row[0] for row in house.levels_differ()] == ["hinode-1"] * len(house.levels_differ())
    assert house.levels_differ() != []
    with pytest.raises(ShopIsPaused):
        house.pull("hinode-1")
    assert push_stock(house.context, shop_id).done == 0
    sql.call(house.connection, "channel.shop_resume", shop_id)
    house.settle()
    assert house.levels_differ() == []


def test_refused_credentials_pause_the_shop_and_tell_staff_once(house):
    house.settle()
    house.world.malls["hinode-1"].fake.license_key = "renewed-elsewhere"
    change(house)
    for _ in range(3):
        house.step()
    assert shop_row(house, "hinode-1").paused_at is not None
    ((reason, subject, detail, seen),) = house.inbox()
    assert (reason, subject, seen) == ("shop_needs_staff", "CredentialsRefused", 1)
    assert "license" not in detail.replace("License", "")
    secret = house.context.vault.seal_secret(
        house.shop_ids["hinode-1"], "license_key", "renewed-elsewhere"
    )
    sql.rows(
        house.connection,
        "shop_secret_write",
        shop_id=house.shop_ids["hinode-1"],
        name="license_key",
        ciphertext=secret,
    )
    answer = house.ask("check_shop", shop_id=house.shop_ids["hinode-1"])
    assert answer.error is None
    assert answer.answer["external_shop_no"] == "hinode-daicho"
    sql.call(house.connection, "channel.shop_resume", house.shop_ids["hinode-1"])
    assert house.inbox() == []
    house.settle()
    assert house.levels_differ() == []


def test_a_check_of_bad_credentials_says_so_in_words(house):
    house.world.malls["hinode-1"].fake.license_key = "other"
    answer = house.ask("check_shop", shop_id=house.shop_ids["hinode-1"])
    assert answer.done_at is not None
    assert " | " in answer.error
    assert shop_row(house, "hinode-1").paused_at is None


def test_credentials_that_another_worker_renewed_are_merely_old(house):
    house.settle()
    shop = house.context.shop(house.shop_ids["minato-1"])

    def act(_channel):
        house.admin.execute(
            "update channel.shop_secret set ciphertext = ciphertext || '\\x00' where shop_id = %s"
            " and secret_name = 'refresh_token'",
            (shop.shop_id,),
        )
        raise CredentialsRefused

    with pytest.raises(RemoteUnavailable):
        shops.talk(house.context, shop, act)
    assert shop_row(house, "minato-1").paused_at is None


def test_rotated_tokens_are_in_the_database_before_they_are_used(house):
    house.settle()
    fake = house.world.malls["minato-1"].fake
    kept = {
        row.secret_name: house.context.vault.open_secret(
            house.shop_ids["minato-1"], row.secret_name, bytes(row.ciphertext)
        )
        for row in sql.rows(
            house.connection, "shop_secret_read", shop_id=house.shop_ids["minato-1"]
        )
    }
    assert kept["refresh_token"] == fake.credentials()["refresh_token"]
    assert kept["access_token"]


def test_a_changed_form_pauses_the_shop_and_keeps_what_came(house):
    house.settle()
    shop = house.context.shop(house.shop_ids["hinode-1"])

    def act(_channel):
        raise ContractBroken("orders[0].total is missing")

    for _ in range(2):
        with pytest.raises(ContractBroken):
            shops.talk(house.context, shop, act)
    assert shop_row(house, "hinode-1").paused_at is not None
    ((reason, _, detail, _),) = house.inbox()
    assert reason == "shop_changed"
    assert "orders[0].total" in detail


def test_one_document_that_cannot_be_read_does_not_stop_the_shop(house, monkeypatch):
    house.settle()
    for _ in range(6):
        house.world.place_order("hinode-1", [("sen/100", 1)])
    channel = house.context.channel(house.context.shop(house.shop_ids["hinode-1"]))
    numbers = sorted(house.world.malls["hinode-1"].fake.orders)
    parse = type(channel).parse_order

    def parse_but_one(self, raw):
        if raw.external_no == numbers[2]:
            raise ContractBroken("total is missing")
        return parse(self, raw)

    monkeypatch.setattr(type(channel), "parse_order", parse_but_one)
    assert house.pull("hinode-1").counts == {"accepted": 5, "set_aside": 1}
    assert shop_row(house, "hinode-1").paused_at is None
    monkeypatch.undo()
    answer = house.ask("accept_messages", shop_id=house.shop_ids["hinode-1"], again=True)
    assert answer.answer["counts"] == {"accepted": 1}
    assert house.inbox() == []


def test_a_page_of_which_nothing_can_be_read_pauses_the_shop(house, monkeypatch):
    house.settle()
    for _ in range(pulling.UNREADABLE_MIN):
        house.world.place_order("hinode-1", [("sen/100", 1)])
    channel = house.context.channel(house.context.shop(house.shop_ids["hinode-1"]))

    def parse(_self, _raw):
        raise ContractBroken("total is missing")

    monkeypatch.setattr(type(channel), "parse_order", parse)
    with pytest.raises(ContractBroken):
        house.pull("hinode-1")
    assert shop_row(house, "hinode-1").paused_at is not None
    assert house.one("select count(*) as n from transit.message where body is not null").n == 5


def test_a_refusal_is_about_one_item_and_the_shop_is_well(house):
    house.settle()
    shop = house.context.shop(house.shop_ids["hinode-1"])

    def act(_channel):
        raise Refused("SEN-100", "no")

    with pytest.raises(Refused):
        shops.talk(house.context, shop, act)
    assert shop_row(house, "hinode-1").paused_at is None


@pytest.mark.parametrize("error", [TimedOut(), RemoteUnavailable(), RateLimited(retry_after_s=5)])
def test_a_lost_shop_is_said_once_and_once_when_it_is_back(house, error):
    house.settle()
    shop_id = house.shop_ids["hinode-1"]

    def fails(_channel):
        raise error

    with structlog.testing.capture_logs() as logs:
        for _ in range(4):
            with pytest.raises(type(error)):
                shops.talk(house.context, house.context.shop(shop_id), fails)
        for _ in range(3):
            shops.talk(house.context, house.context.shop(shop_id), lambda _: None)
    events = [entry["event"] for entry in logs if entry["event"].startswith("shop_")]
    assert events == ["shop_lost", "shop_back"]
    assert gate(house, "hinode-1").failures == 0


def test_a_shop_that_stays_away_is_told_to_staff_and_taken_back_when_it_returns(house):
    house.settle()
    shop_id = house.shop_ids["hinode-1"]

    def fails(_channel):
        raise RemoteUnavailable("down")

    for age in ("1 minute", "2 hours"):
        with pytest.raises(RemoteUnavailable):
            shops.talk(house.context, house.context.shop(shop_id), fails)
        house.admin.execute(
            "update transit.shop_gate set failing_since = now() - %s::interval where shop_id = %s",
            (age, shop_id),
        )
    assert house.inbox() == []
    with pytest.raises(RemoteUnavailable):
        shops.talk(house.context, house.context.shop(shop_id), fails)
    assert [row.reason for row in house.inbox()] == ["shop_needs_staff"]
    shops.talk(house.context, house.context.shop(shop_id), lambda _: None)
    assert house.inbox() == []


def test_drift_is_found_told_to_staff_and_healed(house):
    house.settle()
    assert house.ask("compare_stock", shop_id=house.shop_ids["minato-1"]).answer["drifted"] == 0
    house.world.malls["minato-1"].fake.listings["SEN-100"].level += 40
    answer = house.ask("compare_stock", shop_id=house.shop_ids["minato-1"])
    assert answer.answer["drifted"] == 1
    assert [row.reason for row in house.inbox()] == ["stock_drift"]
    house.settle()
    assert house.levels_differ() == []


def test_a_sale_that_we_have_not_heard_of_is_no_drift(house):
    house.settle()
    house.world.place_order("minato-1", [("SEN-100", 2)])
    assert house.ask("compare_stock", shop_id=house.shop_ids["minato-1"]).answer["drifted"] == 0


def test_jobs_say_in_words_why_they_failed(house):
    unknown = house.ask("os.system")
    assert unknown.done_at is not None
    assert " | " in unknown.error
    wrong = house.ask("pull_orders", shop_id="7; drop table")
    assert " | " in wrong.error
    away = house.ask("pull_orders", shop_id=999_999)
    assert " | " in away.error
    assert house.ask("echo", word="hello").answer == {"word": "hello"}
    assert house.ask("run_checks").error is None
    assert house.ask("refresh_holds").answer == {"orders": 0}
    assert house.ask("keep_retention").answer["orders"] == 0
    assert house.ask("rewrap_keys").answer == {"rewrapped": 0}
    assert house.inbox() == []


def test_an_unforeseen_error_is_in_the_inbox_without_its_words(house, monkeypatch):
    def explode(*_):
        raise RuntimeError("山田太郎 090-1234-5678")

    monkeypatch.setattr(pulling, "pull_orders", explode)
    with structlog.testing.capture_logs() as logs:
        answer = house.ask("pull_orders", shop_id=house.shop_ids["hinode-1"])
    assert answer.done_at is not None
    ((reason, _, detail, _),) = house.inbox()
    assert reason == "job_failed"
    for text in (detail, answer.error, repr(logs)):
        assert "山田" not in text
        assert "090" not in text
    assert "RuntimeError" in detail


def test_a_request_runs_once_however_often_its_name_comes(house):
    number = sql.value(house.connection, "transit.job_ask", "now", "echo", sql.Json({"word": "x"}))
    for _ in range(3):
        jobs.run_request(number)
    assert (
        house.one(
            "select attempt from transit.job_request where job_request_id = %s", number
        ).attempt
        == 1
    )


def test_a_job_that_always_dies_is_given_up_and_told(house):
    number = sql.value(house.connection, "transit.job_ask", "now", "echo", sql.Json({}))
    house.admin.execute(
        "update transit.job_request set attempt = 5 where job_request_id = %s", (number,)
    )
    jobs.run_request(number)
    row = house.one("select * from transit.job_request where job_request_id = %s", number)
    assert row.done_at is not None
    assert " | " in row.error


def test_two_pulls_of_one_shop_do_not_run_at_once(house):
    shop_id = house.shop_ids["hinode-1"]
    numbers = [
        sql.value(
            house.connection,
            "transit.job_ask",
            "orders",
            "pull_orders",
            sql.Json({"shop_id": shop_id}),
        )
        for _ in range(2)
    ]
    sql.call(house.connection, "transit.job_claim", numbers[0], "1 minute")
    jobs.run_request(numbers[1])
    second = house.one("select * from transit.job_request where job_request_id = %s", numbers[1])
    assert second.done_at is None
    assert second.lease is None


def test_a_lease_is_extended_while_the_job_runs(house, monkeypatch):
    from sync import requests

    monkeypatch.setattr(requests, "EXTEND_EVERY_S", 0.05)
    number = sql.value(house.connection, "transit.job_ask", "now", "echo", sql.Json({}))
    (running,) = requests.claim(house.context, number)
    before = house.one(
        "select lease_until from transit.job_request where job_request_id = %s", number
    )
    with requests.extended(house.context, running):
        import time

        time.sleep(0.6)
    after = house.one(
        "select lease_until from transit.job_request where job_request_id = %s", number
    )
    assert after.lease_until > before.lease_until
