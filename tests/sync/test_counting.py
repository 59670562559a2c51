"""The counting job: for each scope as somebody who has it, kept with its time."""

import sql


def account(house, role, **more):
    columns = {"sees_all_shops": True, "sees_all_warehouses": True} | more
    return house.one(
        "insert into staff.account (login_name, display_name, staff_role, sees_all_shops, sees_all_warehouses)"
        " values (%s, 'x', %s, %s, %s) returning account_id",
        f"{role}.{sorted(columns.items())}"[:60]
        .lower()
        .translate({ord(c): "-" for c in "[]()', "}),
        role,
        columns["sees_all_shops"],
        columns["sees_all_warehouses"],
    )[0]


def kept(house):
    return {
        (row.scope_key, row.count_code): row.counted
        for row in house.all("select scope_key, count_code, counted from staff.kept_count")
    }


def test_counts_are_kept_for_every_role_and_scope(house):
    house.settle()
    for _ in range(3):
        house.world.place_order("minato-1", [("SEN-100", 1)])
    house.pull("minato-1")
    house.admin.execute("update staff.account set ended_at = now() where staff_role <> 'system'")
    desk = account(house, "order_desk")
    account(house, "support", sees_all_shops=False)
    account(house, "analyst")
    house.admin.execute(
        "insert into staff.saved_search (account_id, relation, search_name, condition, is_pinned) values"
        " (%s, 'sales.sales_order', 'all', '{}', true), (%s, 'sales.sales_order', 'gone', '{}', true)",
        (desk, desk),
    )
    # Past the trigger that refuses it: as if the column had gone since
    house.admin.execute("alter table staff.saved_search disable trigger tg_100_keep_search")
    house.admin.execute(
        """update staff.saved_search set condition = '{"column": "gone", "op": "empty"}' where search_name = 'gone'"""
    )
    answer = house.ask("keep_counts", lane="slow")
    assert (answer.error, answer.answer) == (None, {"scopes": 3})
    orders = house.one("select count(*) from sales.sales_order where not is_history")[0]
    assert orders >= 3
    found = kept(house)
    ids = dict(house.all("select search_name, saved_search_id from staff.saved_search"))
    assert found["order_desk * *", "orders"] == orders
    assert found["order_desk * *", f"search:{ids['all']}"] == orders
    assert found["order_desk * *", f"search:{ids['gone']}"] is None
    assert found["analyst * *", "orders"] == orders
    assert ("analyst * *", "inbox") not in found
    narrow = {code: counted for (key, code), counted in found.items() if key.startswith("support")}
    assert narrow["orders"] == 0
    # The worker is itself again
    assert sql.value(house.connection, "access.account_id") == 1
    before = house.one("select max(counted_at) from staff.kept_count")[0]
    house.ask("keep_counts", lane="slow")
    assert house.one("select min(counted_at) from staff.kept_count")[0] > before
    assert kept(house).keys() == found.keys()


def test_the_schedule_counts_every_minute(house):
    assert house.one("select job, lane, every::text from transit.schedule where schedule_code = 'keep_counts'") == (
        "keep_counts",
        "slow",
        "00:01:00",
    )  # fmt: skip
