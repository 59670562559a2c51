"""A change has a number, and whoever made it takes it back: what is still as they made it, and no more."""

import pytest

import sql
from sql.load import STAFF_ROLES
from tests.ledger.shop import Draft, accept, findings, order_id


def last_change(admin):
    return admin.execute("select max(change_no) from staff.audit_log").fetchone()[0]


def undone(person, change_no):
    return [row.outcome for row in sql.call(person, "staff.change_undo", change_no)]


def sku(admin, code="a"):
    return admin.execute("select * from catalog.sku where sku_code = %s", [code]).fetchone()


def test_a_change_is_taken_back_and_the_undo_too(admin, house, as_staff):
    buyer = as_staff("merchandiser")
    before = sku(admin)
    buyer.execute("update catalog.sku set sku_name = '紅茶', list_price = 7 where sku_code = 'a'")
    number = last_change(admin)
    assert undone(buyer, number) == ["undone"]
    assert (sku(admin).sku_name, sku(admin).list_price) == (before.sku_name, before.list_price)
    again = last_change(admin)
    assert again > number
    assert undone(buyer, again) == ["undone"]
    assert sku(admin).sku_name == "紅茶"
    assert findings(admin) == {}


def test_a_transaction_is_one_change_and_tells_its_number(admin, house, as_staff):
    buyer = as_staff("merchandiser")
    with sql.transaction(buyer):
        assert sql.value(buyer, "staff.change_no") is None
        buyer.execute("update catalog.sku set sku_name = '一' where sku_code = 'a'")
        number = sql.value(buyer, "staff.change_no")
        with pytest.raises(sql.errors.DatabaseError), sql.transaction(buyer):
            sql.run(buyer, "update catalog.sku set sku_code = null")
        buyer.execute("update catalog.sku set sku_name = '二' where sku_code = 'a'")
        buyer.execute("update catalog.sku set sku_name = '三' where sku_code = 'b'")
        assert sql.value(buyer, "staff.change_no") == number
    assert sql.value(buyer, "staff.change_no") is None
    count = admin.execute(
        "select count(*) from staff.audit_log where change_no = %s", [number]
    ).fetchone()[0]
    assert count == 3
    names = {code: sku(admin, code).sku_name for code in "ab"}
    assert names == {"a": "二", "b": "三"}
    assert undone(buyer, number) == ["undone"] * 3
    assert sku(admin, "a").sku_name not in ("一", "二")


def test_what_others_changed_since_is_left_and_told(admin, house, as_staff):
    buyer, manager = as_staff("merchandiser"), as_staff("manager")
    buyer.execute("update catalog.sku set sku_name = 'X'")
    number = last_change(admin)
    count = admin.execute("select count(*) from catalog.sku").fetchone()[0]
    manager.execute("update catalog.sku set sku_name = 'Y' where sku_code = 'a'")
    found = sql.call(buyer, "staff.change_undo", number)
    assert sorted(row.outcome for row in found) == ["changed_since"] + ["undone"] * (count - 1)
    assert sku(admin, "a").sku_name == "Y"
    (left,) = [row for row in found if row.outcome != "undone"]
    assert left.row_key == {"sku_id": sku(admin, "a").sku_id}
    assert " | " in left.reason


def test_a_large_change_is_counted_and_taken_back_quickly(admin, house, as_staff):
    """Counting looked at each row's later history once: minutes for twenty thousand rows."""
    owner = as_staff("owner")
    admin.execute(
        "insert into catalog.product (product_code, product_name) select 'm' || n, 'm' from generate_series(1, 5000) as n"
    )
    admin.execute("update catalog.product set product_name = 'n'")
    owner.execute("update catalog.product set product_name = 'X'")
    number = last_change(admin)
    total = admin.execute("select count(*) from catalog.product").fetchone()[0]
    owner.execute("set statement_timeout = '10s'")
    assert sql.value(owner, "access.change_size", number) == total
    found = sql.call(owner, "staff.change_undo", number, None, 1000)
    assert len(found) == 1000
    assert {row.outcome for row in found} == {"undone"}
    assert [row.audit_log_id for row in found] == sorted(
        (row.audit_log_id for row in found), reverse=True
    )


def test_only_one_s_own_changes_but_the_owner_anybody_s(admin, house, as_staff):
    buyer, manager, owner = as_staff("merchandiser"), as_staff("manager"), as_staff("owner")
    buyer.execute("update catalog.sku set sku_name = 'X' where sku_code = 'a'")
    number = last_change(admin)
    assert undone(manager, number) == []
    assert sku(admin).sku_name == "X"
    assert undone(owner, number) == ["undone"]


def test_a_forged_number_takes_nothing_over(admin, house, as_staff):
    buyer, manager, owner = as_staff("merchandiser"), as_staff("manager"), as_staff("owner")
    buyer.execute("update catalog.sku set sku_name = 'X' where sku_code = 'a'")
    number = last_change(admin)
    with sql.transaction(manager):
        manager.execute("select set_config('daicho.change_no', %s, true)", [str(number)])
        manager.execute("update catalog.sku set sku_name = 'Y' where sku_code = 'b'")
    assert len(undone(manager, number)) == 0
    assert undone(owner, number) == ["undone"]
    assert sku(admin, "b").sku_name == "Y"
    for strange in ("x", "-1", "9" * 40, "'; drop"):
        with sql.transaction(manager):
            manager.execute("select set_config('daicho.change_no', %s, true)", [strange])
            manager.execute("update catalog.sku set sku_name = 'Z' where sku_code = 'b'")
            assert sql.value(manager, "staff.change_no") > number


def test_what_one_made_is_removed_unless_it_is_used(admin, house, as_staff):
    owner, buyer = as_staff("owner"), as_staff("merchandiser")
    owner.execute(
        "insert into base.exchange_rate (currency_code, valid_on, rate) values ('GBP', '2026-01-01', 190)"
    )
    assert undone(owner, last_change(admin)) == ["undone"]
    assert admin.execute("select count(*) from base.exchange_rate").fetchone()[0] == 0
    owner.execute("delete from catalog.bundle_component")
    number = last_change(admin)
    buyer.execute("insert into catalog.product (product_code, product_name) values ('n', 'n')")
    (row,) = sql.call(buyer, "staff.change_undo", last_change(admin))
    assert row.outcome == "refused"
    assert "役割" in row.reason
    admin.execute("grant delete on catalog.product to daicho_merchandiser")
    made = last_change(admin)
    buyer.execute(
        "insert into catalog.sku (product_id, sku_code, sku_name) select product_id, 'n', 'n'"
        " from catalog.product where product_code = 'n'"
    )
    try:
        assert undone(buyer, made) == ["changed_since"]
    finally:
        admin.execute("revoke delete on catalog.product from daicho_merchandiser")
    assert number


def test_what_was_deleted_comes_back_with_its_key(admin, house, as_staff):
    owner = as_staff("owner")
    before = admin.execute(
        "select to_jsonb(one) from catalog.bundle_component as one order by to_jsonb(one)::text"
    ).fetchall()
    assert before
    owner.execute("delete from catalog.bundle_component")
    number = last_change(admin)
    found = sql.call(owner, "staff.change_undo", number)
    assert {(row.outcome, row.reason) for row in found} == {("undone", None)}
    after = admin.execute(
        "select to_jsonb(one) from catalog.bundle_component as one order by to_jsonb(one)::text"
    ).fetchall()
    assert [row[0] for row in after] == [row[0] for row in before]
    (row, *_) = sql.call(owner, "staff.change_undo", number)
    assert row.outcome == "refused"
    assert " | " in row.reason


def test_personal_data_keeps_no_former_value(admin, house, worker, as_staff):
    accept(worker, house, Draft(no="1", lines=(("a", 1),)))
    desk = as_staff("order_desk")
    number = order_id(worker, house, "1")
    desk.execute(
        "update sales.sales_order_party set buyer_name = '別人' where sales_order_id = %s", [number]
    )
    (row,) = sql.call(desk, "staff.change_undo", last_change(admin))
    assert row.outcome == "personal"
    log = admin.execute("select string_agg(change::text, '') from staff.audit_log").fetchone()[0]
    assert "別人" not in log


def test_the_work_of_functions_is_not_taken_back_by_hand(admin, house, worker, as_staff):
    accept(worker, house, Draft(no="1", lines=(("a", 1),)))
    desk = as_staff("order_desk")
    sql.call(desk, "sales.order_cancel", order_id(worker, house, "1"), "buyer")
    number = last_change(admin)
    assert set(undone(desk, number)) <= {"not_granted", "refused", "changed_since"}
    assert findings(admin) == {}
    status = admin.execute("select status::text from sales.sales_order").fetchone()[0]
    assert status == "cancelled"


def test_several_transactions_can_be_one_change(admin, house, as_staff):
    buyer = as_staff("merchandiser")
    with sql.transaction(buyer):
        number = sql.value(buyer, "staff.change_begin", None)
        buyer.execute("update catalog.sku set sku_name = 'X' where sku_code = 'a'")
    with sql.transaction(buyer):
        assert sql.value(buyer, "staff.change_begin", number) == number
        buyer.execute("update catalog.sku set sku_name = 'X' where sku_code = 'b'")
    first = sql.call(buyer, "staff.change_undo", number, None, 1)
    assert [row.outcome for row in first] == ["undone"]
    second = sql.call(buyer, "staff.change_undo", number, first[0].audit_log_id, 10)
    assert [row.outcome for row in second] == ["undone"]
    assert sku(admin, "a").sku_name != "X"
    assert sku(admin, "b").sku_name != "X"


def test_a_row_of_another_time_zone_is_still_the_same(admin, house, as_staff):
    owner = as_staff("owner")
    admin.execute(
        "create table own.visit (visit_id bigint generated always as identity primary key, at timestamptz, price numeric, tags text[], more json)"
    )
    sql.call(admin, "staff.audit_attach", "own.visit", True)
    admin.execute("grant select, insert, update, delete on own.visit to daicho_owner")
    owner.execute("set timezone = 'Asia/Tokyo'")
    owner.execute(
        "insert into own.visit (at, price, tags, more) values (now(), 1.50, '{a,b}', '{\"a\":1}')"
    )
    owner.execute("update own.visit set at = now() + interval '1 day', tags = '{c}', more = '[]'")
    number = last_change(admin)
    owner.execute("set timezone = 'UTC'")
    assert undone(owner, number) == ["undone"]
    row = admin.execute("select tags, price, more::text from own.visit").fetchone()
    assert row.tags == ["a", "b"]
    owner.execute("delete from own.visit")
    number = last_change(admin)
    assert undone(owner, number) == ["undone"]
    assert undone(owner, number - 2) != ["undone"]


def test_what_staff_may_edit_is_written_down(admin, house):
    """Every table of which a role may write a column by its grants has the triggers of the audit."""
    bare = admin.execute(
        """
        select class.oid::regclass::text as name, array_agg(role.rolname::text) as roles
        from pg_class as class
        join pg_roles as role on role.rolname = any(%s)
        where class.relkind in ('r', 'p') and class.relnamespace::regnamespace::text = any(%s)
            and (has_any_column_privilege(role.oid, class.oid, 'insert') or has_any_column_privilege(role.oid, class.oid, 'update')
                or has_table_privilege(role.oid, class.oid, 'delete'))
            and not (
                exists (select from pg_trigger where tgrelid = class.oid and tgname = 'tg_902_audit')
                and exists (select from pg_trigger where tgrelid = class.oid and tgname = 'tg_903_audit')
            )
        group by 1
        """,
        [[f"daicho_{role}" for role in STAFF_ROLES], list(sql_schemas())],
    ).fetchall()
    # How one likes one's lists is no work of the shop.
    assert {row.name for row in bare} <= {"staff.saved_search", "staff.list_layout"}


def sql_schemas():
    from sql.load import SCHEMAS

    return SCHEMAS
