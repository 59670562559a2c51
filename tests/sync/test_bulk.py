"""Many rows at once: as whoever asked, in batches that are one change, and none twice when a worker dies."""

import pytest

import sql
from sync import bulk, jobs
from tests.sync.people import (
    a_worker,
    an_account,
    as_staff,
    asked,
    killed,
    request,
    taken_over,
    until,
)

ALL = {"relation": "catalog.sku", "condition": None, "keys": None}


def ran(house, account_id, job, **arguments):
    number = asked(house, account_id, job, **arguments)
    jobs.run_request(number)
    return request(house, number)


def counted(house, where, *values):
    return house.one(f"select count(*) as n from catalog.sku where {where}", *values).n


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 7)


def test_all_matching_rows_are_changed_as_one_change_and_put_back(house, small):
    owner = an_account(house.admin, "owner")
    before = {
        row.sku_id: row.list_price
        for row in house.all("select sku_id, list_price from catalog.sku")
    }
    one = house.one("select sku_code from catalog.sku order by sku_id limit 1").sku_code
    house.admin.execute("update catalog.sku set list_price = 4321 where sku_code = %s", [one])
    before |= {
        row.sku_id: row.list_price
        for row in house.all("select sku_id, list_price from catalog.sku")
    }
    row = ran(house, owner, "change_rows", **ALL, values={"list_price": 4321})
    assert row.error is None
    assert row.answer["changed"] == len(before) - 1
    assert row.answer["same"] == 1
    assert (row.done, row.of_all) == (len(before), len(before))
    assert counted(house, "list_price = 4321") == len(before)
    number = row.answer["change_no"]
    entries = house.all(
        "select distinct change_no, account_id from staff.audit_log where change_no = %s", number
    )
    assert [(entry.change_no, entry.account_id) for entry in entries] == [(number, owner)]
    back = ran(house, owner, "undo_change", change_no=number)
    assert back.answer["undone"] == len(before) - 1
    after = {
        row.sku_id: row.list_price
        for row in house.all("select sku_id, list_price from catalog.sku")
    }
    assert after == before
    assert house.checks() == {}


def test_a_change_that_ends_the_match_still_meets_every_row(house, small):
    owner = an_account(house.admin, "owner")
    total = counted(house, "true")
    row = ran(
        house, owner, "change_rows", relation="catalog.sku", keys=None, values={"sku_name": "済"},
        condition={"not": {"column": "sku_name", "op": "eq", "value": "済"}},
    )  # fmt: skip
    assert row.answer["changed"] == total
    assert counted(house, "sku_name = '済'") == total


def test_a_row_that_is_refused_does_not_stop_the_others(house, small):
    owner = an_account(house.admin, "owner")
    bundle = house.one("select sku_id from catalog.sku where is_bundle limit 1").sku_id
    row = ran(house, owner, "change_rows", **ALL, values={"list_price": -1})
    assert row.answer.get("changed", 0) == 0
    assert row.answer["refused"] == counted(house, "true")
    assert " | " in row.answer["reasons"][0]["reason"]
    house.admin.execute(
        f"alter table catalog.sku add constraint sku_planted_ck check (sku_id <> {bundle} or sku_name <> 'X')"
    )
    house.admin.execute("comment on constraint sku_planted_ck on catalog.sku is 'だめ。 | No.'")
    row = ran(house, owner, "change_rows", **ALL, values={"sku_name": "X"})
    assert row.answer["refused"] == 1
    assert row.answer["changed"] == counted(house, "true") - 1
    assert row.answer["reasons"] == [{"row": str(bundle), "reason": "だめ。 | No."}]


@pytest.mark.parametrize(
    ("role", "arguments"),
    [
        ("warehouse", {"values": {"sku_name": "X"}}),
        ("owner", {"values": {"sku_id": 1}}),
        ("owner", {"values": {"nothing": 1}}),
        ("owner", {"values": {}}),
        ("owner", {"values": {"list_price": "many"}}),
        ("owner", {"relation": "pg_catalog.pg_authid"}),
        ("owner", {"relation": "stock.stock_entry", "values": {"quantity": 1}}),
        ("owner", {"relation": "report.sales_order"}),
        ("owner", {"keys": [{"sku_id": "abc"}]}),
        ("owner", {"keys": [{"nothing": 1}]}),
        ("owner", {"keys": "x"}),
        ("owner", {"condition": {"column": "x", "op": "eq", "value": 1}}),
        ("owner", {"relation": 1}),
        ("owner", {"values": None}),
    ],
)
def test_what_may_not_be_is_refused_with_a_sentence(house, role, arguments):
    before = house.all("select to_jsonb(sku) from catalog.sku as sku order by sku_id")
    row = ran(
        house,
        an_account(house.admin, role),
        "change_rows",
        **{**ALL, "values": {"sku_name": "X"}, **arguments},
    )
    said = row.error or str(row.answer["reasons"]) if row.answer != {} else ""
    nothing = row.answer is not None and set(row.answer) <= {"reasons", "change_no", "undoable"}
    assert nothing or " | " in said
    assert house.all("select to_jsonb(sku) from catalog.sku as sku order by sku_id") == before
    assert house.inbox() == []


def test_rows_out_of_scope_are_as_if_they_were_not_there(house):
    manager = an_account(house.admin, "manager", sees_all=False)
    house.admin.execute(
        "insert into staff.account_shop values (%s, %s)", [manager, house.shop_ids["hinode-1"]]
    )
    own = house.shop_ids["hinode-1"]
    others = "select coalesce(sum(buffer), 0) as n from channel.listing where shop_id <> %s"
    before = house.one(others, own).n
    all_keys = [
        {"listing_id": row.listing_id}
        for row in house.all("select listing_id from channel.listing")
    ]
    for chosen in ({"condition": None, "keys": all_keys}, {"condition": None, "keys": None}):
        row = ran(
            house,
            manager,
            "change_rows",
            relation="channel.listing",
            **chosen,
            values={"buffer": 9},
        )
        assert row.error is None
    assert house.one("select min(buffer) as n from channel.listing where shop_id = %s", own).n == 9
    assert house.one(others, own).n == before


def test_an_action_is_done_on_every_matching_order(house, small):
    house.settle()
    for _ in range(3):
        house.world.place_order("hinode-1", [("sen/100", 1)], note="")
    house.pull("hinode-1")
    desk = an_account(house.admin, "order_desk")
    arguments = {
        "relation": "sales.sales_order", "condition": None, "keys": None,
        "function": "sales.order_cancel", "arguments": {"p_cancel_reason": "buyer"},
    }  # fmt: skip
    first = house.one("select min(sales_order_id) as n from sales.sales_order").n
    with as_staff(house, desk) as web:
        sql.call(web, "sales.order_cancel", first, "buyer")
    row = ran(house, desk, "act_on_rows", **arguments)
    assert row.error is None
    assert row.answer["acted"] == 2
    assert row.answer["refused"] == 1
    assert row.answer["undoable"] is False
    left = house.one("select count(*) as n from sales.sales_order where cancelled_at is null").n
    assert left == 0
    for wrong in (
        {"function": "customer.forget", "arguments": {}},
        {"function": "staff.change_undo", "arguments": {}},
        {"function": "pg_catalog.pg_sleep", "arguments": {}},
        {"arguments": {"p_nothing": 1}},
        {"arguments": {"p_sales_order_id": first}},
    ):
        refused = ran(house, desk, "act_on_rows", **{**arguments, **wrong})
        assert " | " in refused.error
    assert house.checks() == {}


def test_a_cancelled_change_keeps_what_was_done_and_tells_it(house, small, monkeypatch):
    owner = an_account(house.admin, "owner")
    number = asked(house, owner, "change_rows", **ALL, values={"sku_name": "半"})
    plain = bulk.keep
    seen = []

    def wished(*arguments, **more):
        seen.append(more["done"])
        if len(seen) == 2:
            house.admin.execute(
                "update transit.job_request set cancel_wanted_at = now() where job_request_id = %s",
                [number],
            )
        return plain(*arguments, **more)

    monkeypatch.setattr(bulk, "keep", wished)
    jobs.run_request(number)
    row = request(house, number)
    assert row.cancelled_at
    assert row.answer["changed"] == counted(house, "sku_name = '半'") == 14
    with as_staff(house, owner) as web:
        sql.call(web, "transit.work_retry", number)
    jobs.run_request(number)
    row = request(house, number)
    assert row.answer["changed"] == counted(house, "true")
    back = ran(house, owner, "undo_change", change_no=row.answer["change_no"])
    assert back.answer["undone"] == counted(house, "true")
    assert counted(house, "sku_name = '半'") == 0


def test_a_killed_worker_s_change_goes_on_and_nothing_is_done_twice(house, tmp_path):
    owner = an_account(house.admin, "owner")
    total = counted(house, "true")
    number = asked(house, owner, "change_rows", **ALL, values={"sku_name": "続"})
    house.dispatcher.sweep(house.connection)
    with a_worker(house, tmp_path, pause=0.3, page=10) as process:
        until(house, number, lambda row: row.done >= 10)
        killed(process)
    half = request(house, number)
    assert half.done_at is None
    # What a death took along is the batch that was not kept: the mark and the rows agree.
    assert counted(house, "sku_name = '続'") == half.mark["counts"]["changed"] < total
    taken_over(house, number)
    with a_worker(house, tmp_path):
        row = until(house, number, lambda row: row.done_at)
    assert row.error is None
    assert row.answer["changed"] == total
    entries = house.one(
        "select count(*) as n, count(distinct row_key) as rows from staff.audit_log where change_no = %s",
        row.answer["change_no"],
    )
    assert (entries.n, entries.rows) == (total, total)


def test_an_undo_of_nothing_and_of_others_does_nothing(house):
    owner, manager = an_account(house.admin, "owner"), an_account(house.admin, "manager")
    row = ran(house, owner, "change_rows", **ALL, values={"sku_name": "X"})
    other = ran(house, manager, "undo_change", change_no=row.answer["change_no"])
    assert other.answer.get("undone", 0) == 0
    assert counted(house, "sku_name = 'X'") == counted(house, "true")
    assert "引数" in ran(house, manager, "undo_change", change_no="x").error
