"""`own.<view>` is `report.<view>` with the shop's columns; an upgrade leaves all of it as it was."""

import re
from typing import Any

import psycopg
import pytest

import sql
from sql.errors import DaichoError
from tests.ledger.shop import Draft, accept
from tests.sql.own_things import add, columns_of


def siblings(admin: Any) -> list[str]:
    return [
        row.relname
        for row in admin.execute(
            "select relname from pg_class where relnamespace::regnamespace::text = 'own' and relkind = 'v' order by 1"
        ).fetchall()
    ]


def test_each_report_view_over_the_table_has_a_sibling(owner, staff, admin, house):
    assert siblings(admin) == []
    add(owner, kind="integer", default="7")
    add(owner, "stock.warehouse", code="zone", label_en="Zone", writers=[])
    assert siblings(admin) == ["stock_available"]
    plain = columns_of(admin, "report.stock_available")
    assert columns_of(admin, "own.stock_available") == [*plain, "x_season", "x_zone"]
    assert not [name for name in plain if name.startswith("x_")]
    admin.execute(
        "insert into stock.stock_balance (sku_id, warehouse_id) select sku_id, warehouse_id from catalog.sku, stock.warehouse"
        " on conflict do nothing"
    )
    one = staff("warehouse").execute("select distinct x_season from own.stock_available").fetchall()
    assert one == [(7,)]
    same = "select sku_id, warehouse_id, available from {}.stock_available order by 1, 2"
    assert (
        admin.execute(same.format("own")).fetchall()
        == admin.execute(same.format("report")).fetchall()
    )
    said = admin.execute(
        "select col_description('own.stock_available'::regclass, attnum) as said from pg_attribute"
        " where attrelid = 'own.stock_available'::regclass and attname in ('x_season', 'on_hand') order by attnum"
    ).fetchall()
    assert [row.said for row in said] == [
        "実在庫。 | On hand. What is in the warehouse.",
        "季節。 | Season.",
    ]
    options = admin.execute(
        "select reloptions from pg_class where oid = 'own.stock_available'::regclass"
    ).fetchone()
    assert options == (["security_invoker=true"],)


def test_a_sibling_is_read_by_whom_the_report_view_is_read(owner, admin):
    add(owner, "sales.sales_order", writers=[])
    asked = """
        select known.staff_role, has_table_privilege('daicho_' || known.staff_role, 'report.sales_order', 'select') as report,
            has_table_privilege('daicho_' || known.staff_role, 'own.sales_order', 'select') as own
        from staff.staff_role as known where known.staff_role <> 'system'
    """
    found = admin.execute(asked).fetchall()
    assert [row for row in found if row.report != row.own] == []
    assert {row.own for row in found} == {True, False}


def test_a_column_for_some_stands_in_a_sibling_of_its_own(owner, staff, admin):
    add(owner)
    number = add(owner, label_en="Margin", label_ja="粗利", readers=["merchandiser"], writers=[])
    assert "x_margin" not in columns_of(admin, "own.stock_available")
    assert columns_of(admin, "own.stock_available_x_margin")[-1] == "x_margin"
    for role in ("merchandiser", "owner"):
        staff(role).execute("select * from own.stock_available_x_margin")
    for role in ("analyst", "warehouse", "manager"):
        staff(role).execute("select * from own.stock_available")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            staff(role).execute("select sku_id from own.stock_available_x_margin")
    sql.call(owner, "staff.own_column_remove", number)
    assert siblings(admin) == ["stock_available"]


def test_columns_of_the_same_name_are_told_apart(owner, admin):
    add(owner, "stock.warehouse", writers=[])
    add(owner, writers=[])
    assert columns_of(admin, "own.stock_available")[-2:] == ["x_season", "x_sku_season"]


def test_rows_out_of_scope_stay_out(owner, staff, admin, house, worker):

    add(owner, "sales.sales_order", writers=["order_desk"])
    accept(worker, house, Draft(no="A"), Draft(no="B", shop="two"))
    desk = staff("order_desk")
    assert desk.execute("select count(*) from own.sales_order").fetchone() == (2,)
    account = admin.execute(
        "select account_id from staff.account where login_name = 'order_desk'"
    ).fetchone()[0]
    admin.execute(
        "update staff.account set sees_all_shops = false where account_id = %s", [account]
    )
    admin.execute("insert into staff.account_shop values (%s, %s)", [account, house.shops["one"]])
    assert desk.execute("select count(*) from own.sales_order").fetchone() == (1,)
    assert desk.execute("update sales.sales_order set x_season = 'x'").rowcount == 1


def test_what_stands_on_a_sibling_is_said_before_it_breaks(owner, admin):
    number = add(owner)
    admin.execute("create view own.mine as select x_season from own.stock_available")
    add(owner, code="more", label_en="More")  # appended below the feet of it
    assert columns_of(admin, "own.stock_available")[-2:] == ["x_season", "x_more"]
    with pytest.raises(DaichoError, match=re.escape("別のビュー（own.mine）が使っています")):
        sql.call(owner, "staff.own_column_remove", number)
    assert owner.execute(
        "select removed_at from staff.own_column where own_column_id = %s", [number]
    ).fetchone() == (None,)
    admin.execute("drop view own.mine")
    sql.call(owner, "staff.own_column_remove", number)
    admin.execute(f"create view own.mine as select x_removed_{number} as one from catalog.sku")
    with pytest.raises(DaichoError, match=re.escape("ビューなど（own.mine）が使っています")):
        sql.call(owner, "staff.own_column_delete", number)


def test_a_name_that_is_taken_by_hand_is_left_alone(owner, admin):
    admin.execute("create view own.stock_available as select 1 as one")
    add(owner)
    assert columns_of(admin, "own.stock_available") == ["one"]
    add(owner, "sales.sales_order", writers=[])
    assert columns_of(admin, "own.sales_order")[-1] == "x_season"


def test_keeping_them_twice_changes_nothing(owner, admin):
    add(owner)
    add(owner, label_en="Margin", readers=["merchandiser"], writers=[])
    before = admin.execute(
        "select oid, xmin::text, relacl::text from pg_class where relnamespace::regnamespace::text = 'own' order by 1"
    ).fetchall()
    owner.execute("select staff.own_apply()")
    assert (
        admin.execute(
            "select oid, xmin::text, relacl::text from pg_class where relnamespace::regnamespace::text = 'own' order by 1"
        ).fetchall()
        == before
    )


def test_a_column_made_by_hand_is_in_the_siblings(owner, admin):
    admin.execute("""
        set role daicho_schema;
        alter table catalog.sku add column x_shelf text;
        comment on column catalog.sku.x_shelf is '棚。 | Shelf.';
        select staff.own_apply();
        reset role;
    """)
    assert columns_of(admin, "own.stock_available")[-1] == "x_shelf"
