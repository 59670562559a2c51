"""A saved search is its owner's, is seen by whom it is shared with, and breaks into a sentence, not an error."""

from typing import Any

import pytest

import sql
from sql.errors import (
    ConditionNotUnderstood,
    DatabaseError,
    NotAllowed,
    NotThere,
    Refused,
    WrongState,
)
from tests.ledger.shop import Draft, accept

SAVE = (
    "insert into staff.saved_search (relation, search_name, condition, is_shared, staff_role, is_pinned)"
    " values (%s, %s, %s, %s, %s, true) returning saved_search_id"
)
ON_HOLD = {"column": "status", "op": "in", "value": ["on_hold"]}


def save(
    connection: Any,
    name: str,
    condition: object = ON_HOLD,
    relation: str = "sales.sales_order",
    *,
    shared: bool = False,
    role: str | None = None,
) -> int:
    with sql.errors.translated():
        return connection.execute(
            SAVE, (relation, name, sql.Json(condition), shared, role)
        ).fetchone()[0]


def names(connection: Any) -> list[str]:
    return [
        row[0]
        for row in connection.execute(
            "select search_name from staff.saved_search order by search_name"
        ).fetchall()
    ]


def test_a_search_is_seen_by_its_owner_and_by_whom_it_is_shared_with(as_staff):
    desk, support, warehouse = (as_staff(role) for role in ("order_desk", "support", "warehouse"))
    save(desk, "own")
    save(desk, "all", shared=True)
    save(desk, "support", shared=True, role="support")
    assert names(desk) == ["all", "own", "support"]
    assert names(support) == ["all", "support"]
    assert names(warehouse) == ["all"]


def test_only_its_owner_changes_a_search_and_the_house_s_owner_tidies_shared_ones(as_staff, admin):
    desk, support, owner = (as_staff(role) for role in ("order_desk", "support", "owner"))
    save(desk, "own")
    shared = save(desk, "all", shared=True)
    for change in (
        "update staff.saved_search set search_name = 'stolen'",
        "delete from staff.saved_search",
    ):
        assert support.execute(change).rowcount == 0
    assert owner.execute("update staff.saved_search set position = 1").rowcount == 0
    assert owner.execute("delete from staff.saved_search").rowcount == 1
    assert names(desk) == ["own"]
    with pytest.raises(NotAllowed), sql.errors.translated():
        support.execute("update staff.saved_search set account_id = 1")
    with pytest.raises(NotAllowed), sql.errors.translated():
        support.execute(
            "insert into staff.saved_search (account_id, relation, search_name) values (1, 'sales.hold', 'x')"
        )
    desk.execute("update staff.saved_search set search_name = 'mine', is_shared = true")
    assert names(support) == ["mine"]
    assert admin.execute("select version from staff.saved_search").fetchone()[0] == 2
    assert shared


def test_what_cannot_be_read_is_not_saved(as_staff):
    desk = as_staff("order_desk")
    for condition, relation, error in (
        ({"column": "gone", "op": "eq", "value": 1}, "sales.sales_order", ConditionNotUnderstood),
        ({"sql": "drop"}, "sales.sales_order", ConditionNotUnderstood),
        ({}, "pg_catalog.pg_authid", NotThere),
        ({}, "sales.none", NotThere),
        (
            {"column": "unit_cost", "op": "gt", "value": 1},
            "catalog.sku_cost",
            ConditionNotUnderstood,
        ),
    ):
        with pytest.raises(error):
            save(desk, "x", condition, relation)
    for name in ("", " ", "a\nb", "x" * 101):
        with pytest.raises(Refused):
            save(desk, name)
    save(desk, "twice")
    with pytest.raises(Refused):
        save(desk, "twice")
    with pytest.raises(Refused):
        save(desk, "of a role but not shared", role="support")


@pytest.mark.parametrize(
    ("relation", "condition"),
    [
        ("sales.sales_order_party", {"column": "buyer_name", "op": "contains", "value": "山田"}),
        ("report.sales_order_buyer", {"not": {"column": "buyer_phone", "op": "eq", "value": "03"}}),
        ("customer.customer_party", {"all": [{"any": [{"op": "search", "value": "山田"}]}]}),
    ],
)
def test_nobody_is_kept_by_name_in_a_search(as_staff, relation, condition):
    with pytest.raises(ConditionNotUnderstood, match="people"):
        save(as_staff("order_desk"), "x", condition, relation)


def test_what_names_nobody_may_be_saved(as_staff):
    desk = as_staff("order_desk")
    party = "sales.sales_order_party"
    save(desk, "region", {"column": "recipient_region", "op": "eq", "value": "沖縄県"}, party)
    save(desk, "note", {"column": "buyer_note", "op": "filled"}, party)
    save(desk, "words", {"op": "search", "value": "A-1"})


def test_one_person_saves_two_hundred_at_most(as_staff, admin):
    desk = as_staff("order_desk")
    for number in range(200):
        save(desk, f"{number}")
    with pytest.raises(WrongState):
        save(desk, "one more")
    save(as_staff("support"), "another's first")


def test_a_search_over_a_column_that_is_gone_says_so_and_can_be_mended(as_staff, admin):
    admin.execute("alter table catalog.sku add column x_colour text")
    admin.execute("grant select (x_colour) on catalog.sku to daicho_staff")
    desk = as_staff("order_desk")
    search = save(desk, "red", {"column": "x_colour", "op": "eq", "value": "red"}, "catalog.sku")
    fault = "select access.condition_fault(relation, condition) from staff.saved_search"
    assert desk.execute(fault).fetchone()[0] is None
    admin.execute("alter table catalog.sku drop column x_colour")
    sentence = desk.execute(fault).fetchone()[0]
    assert "x_colour" in sentence
    assert " | " in sentence
    # It can be moved and renamed as it is; its condition only to one that works
    desk.execute("update staff.saved_search set position = 3, search_name = 'broken'")
    with pytest.raises(ConditionNotUnderstood), sql.errors.translated():
        desk.execute('update staff.saved_search set condition = condition || \'{"value": "blue"}\'')
    desk.execute(
        "update staff.saved_search set condition = '{}' where saved_search_id = %s", (search,)
    )
    assert desk.execute(fault).fetchone()[0] is None


def counts(connection: Any, searches: object = ()) -> dict[str, Any]:
    found = sql.call(connection, "access.counts_now", sql.Json(list(searches)))
    return {row.count_code: row for row in found}


def test_counts_are_those_of_who_asks(as_staff, admin, worker, house):
    accept(worker, house, *(Draft(no=f"A-{n}", lines=(("new", 1),)) for n in range(3)))
    accept(worker, house, Draft(no="B-1", shop="two", lines=(("a", 1),), is_paid=False))
    pinned = [
        {"code": "search:1", "relation": "sales.sales_order", "condition": ON_HOLD},
        {"code": "search:2", "relation": "sales.sales_order", "condition": {"column": "gone", "op": "empty"}},
        {"code": "search:3", "relation": "transit.inbox", "condition": {}},
    ]  # fmt: skip
    desk = as_staff("order_desk")
    found = counts(desk, pinned)
    assert found["status:on_hold"].counted == 3
    assert found["orders"].counted == 4
    assert found["hold:unknown_sku"].counted == 3
    assert found["hold:unknown_sku"].oldest_at is not None
    assert found["search:1"].counted == 3
    assert found["search:2"].counted is None
    assert "gone" in found["search:2"].fault
    assert found["inbox"].counted == 0
    # No right, no count; what is not granted is not even named
    warehouse = counts(as_staff("warehouse"), pinned)
    assert warehouse["orders"].counted == 4
    assert {"inbox", "hold:unknown_sku", "search:3"}.isdisjoint(warehouse)
    assert set(counts(as_staff("merchandiser"), pinned)) == {"push"}
    admin.execute("update staff.account set sees_all_shops = false where staff_role = 'order_desk'")
    admin.execute(
        "insert into staff.account_shop select account_id, %s from staff.account where staff_role = 'order_desk'",
        (house.shops["two"],),
    )
    narrow = counts(desk, pinned)
    assert (narrow["orders"].counted, narrow["search:1"].counted) == (1, 0)


def test_a_search_that_takes_too_long_does_not_take_the_others_along(
    as_staff, admin, worker, house
):
    accept(worker, house, *(Draft(no=f"A-{n}", lines=(("a", 1),)) for n in range(3)))
    admin.execute(
        "create function own.slow(p_text text) returns text language sql volatile as"
        " 'select case when pg_sleep(5) is null then null else p_text end'"
    )
    admin.execute(
        "create view own.slow_order with (security_invoker = true) as select own.slow(order_no) as order_no from sales.sales_order"
    )
    admin.execute("grant select on own.slow_order to daicho_staff")
    admin.execute("grant execute on function own.slow to daicho_staff")
    desk = as_staff("order_desk")
    desk.execute("set statement_timeout = '500ms'")
    slow = {"relation": "own.slow_order", "condition": {"column": "order_no", "op": "filled"}}
    found = counts(desk, [{"code": "search:1", **slow}, {"code": "search:2", **slow}])
    assert found["orders"].counted == 3
    assert {found[code].counted for code in ("search:1", "search:2")} == {None}
    assert all(" | " in found[code].fault for code in ("search:1", "search:2"))


def test_kept_counts_are_read_by_those_of_that_role_and_scope_alone(as_staff, worker, admin, house):
    desk, support = as_staff("order_desk"), as_staff("support")
    key = desk.execute("select access.scope_key(access.account_id())").fetchone()[0]
    assert key == "order_desk * *"
    one = [{"count_code": "orders", "counted": 4, "is_limited": False}]
    sql.call(worker, "staff.counts_keep", key, sql.Json(one))
    sql.call(worker, "staff.counts_keep", key, sql.Json([{**one[0], "counted": 5}]))
    assert desk.execute("select count_code, counted from staff.kept_count").fetchall() == [
        ("orders", 5)
    ]
    assert support.execute("select count_code from staff.kept_count").fetchall() == []
    with pytest.raises(DatabaseError), sql.errors.translated():
        desk.execute("delete from staff.kept_count")
    admin.execute("update staff.account set sees_all_shops = false where staff_role = 'order_desk'")
    assert desk.execute("select count_code from staff.kept_count").fetchall() == []


def test_scopes_stand_for_all_that_have_them_and_bring_their_searches(as_staff, worker, admin):
    desk, other = as_staff("order_desk"), as_staff("support")
    admin.execute(
        "insert into staff.account (login_name, display_name, staff_role, sees_all_shops, sees_all_warehouses, ended_at)"
        " values ('second', 'x', 'order_desk', true, true, null), ('gone', 'x', 'analyst', true, true, now())"
    )
    numbers = [save(desk, "own"), save(desk, "shared", shared=True), save(other, "theirs")]
    desk.execute("update staff.saved_search set is_pinned = false where search_name = 'nothing'")
    scopes = {row.scope_key: row for row in sql.call(worker, "access.count_scopes", 10)}
    assert set(scopes) == {"order_desk * *", "support * *"}
    codes = {key: [one["code"] for one in row.searches] for key, row in scopes.items()}
    assert codes["order_desk * *"] == [f"search:{numbers[1]}", f"search:{numbers[0]}"]
    assert codes["support * *"] == [f"search:{numbers[1]}", f"search:{numbers[2]}"]
    sql.call(
        worker,
        "staff.counts_keep",
        "order_desk * *",
        sql.Json([{"count_code": "orders", "counted": 1, "is_limited": False}]),
    )
    assert sql.call(worker, "access.count_scopes", 1)[0].scope_key == "support * *"
