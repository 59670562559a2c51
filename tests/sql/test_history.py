"""Every change of a day stands in the rows' history: who, when, before and after."""

from datetime import UTC, datetime
from typing import Any

import pytest

import sql
from sql.errors import LedgerIsAppendOnly
from tests.ledger.shop import Draft, accept, findings, holds, order_id, receive


def history(admin: Any, table: str) -> list[tuple[str, int | None, str, dict[str, Any]]]:
    return [
        (row.action, row.account_id, row.login, row.change)
        for row in admin.execute(
            "select action, account_id, login, change from staff.audit_log where table_name = %s order by audit_log_id",
            (table,),
        ).fetchall()
    ]


def changed(admin: Any, table: str, column: str) -> list[tuple[int | None, Any, Any]]:
    return [
        (account, change[column]["old"], change[column]["new"])
        for _, account, _, change in history(admin, table)
        if column in change
    ]


def test_a_told_day_can_be_read_again(worker, admin, house, as_staff):
    began = datetime.now(tz=UTC)
    desk, packer, buyer = as_staff("order_desk"), as_staff("warehouse"), as_staff("merchandiser")
    ids = {
        name: sql.value(one, "access.account_id")
        for name, one in (("desk", desk), ("packer", packer), ("buyer", buyer))
    }
    receive(worker, house, a=5)
    # a mall's order is taken in; it changes; the desk reads the note and notes; the packer ships
    accept(worker, house, Draft(no="1", lines=(("a", 1),), more=(("buyer_note", "早く"),)))
    accept(worker, house, Draft(no="1", lines=(("a", 2),), at=9, more=(("buyer_note", "早く"),)))
    number = order_id(worker, house, "1")
    sql.call(desk, "sales.hold_release", holds(desk, house, "1")["buyer_note"], "ok")
    desk.execute(
        "update sales.sales_order_party set staff_note = 'x' where sales_order_id = %s", (number,)
    )
    sql.call(packer, "shipping.shipment_post", number, "yamato", "1-2")
    # the merchandiser renames a product and a listing's buffer; the packer counts
    buyer.execute("update catalog.sku set sku_name = '紅茶' where sku_code = 'a'")
    buyer.execute("update channel.listing set buffer = 3 where external_listing_no = 'a'")
    sql.call(
        packer,
        "stock.stock_adjust",
        house.skus["a"],
        house.warehouses["main"],
        -1,
        "damaged",
        "drop",
    )
    ended = datetime.now(tz=UTC)

    assert changed(admin, "sales.sales_order", "status") == [
        (1, "ready_to_ship", "on_hold"), (ids["desk"], "on_hold", "ready_to_ship"), (ids["packer"], "ready_to_ship", "shipped"),
    ]  # fmt: skip
    assert [
        (one, old, new)
        for one, old, new in changed(admin, "sales.sales_order_line", "quantity_ordered")
    ] == [(1, 1, 2)]
    assert changed(admin, "sales.sales_order_line", "quantity_shipped") == [(ids["packer"], 0, 2)]
    assert changed(admin, "sales.hold", "released_by") == [(ids["desk"], None, ids["desk"])]
    assert changed(admin, "catalog.sku", "sku_name")[-1] == (ids["buyer"], "a", "紅茶")
    assert changed(admin, "channel.listing", "buffer")[-2:] == [(ids["buyer"], 0, 3)] * 2
    made = [row for row in history(admin, "stock.adjustment") if row[0] == "insert"]
    assert [(row[1], row[3]["quantity"]) for row in made] == [
        (ids["packer"], {"old": None, "new": -1})
    ]
    made = [row for row in history(admin, "shipping.shipment") if row[0] == "insert"]
    assert [(row[1], row[3]["tracking_no"]["new"]) for row in made] == [(ids["packer"], "1-2")]
    assert history(admin, "sales.sales_order_party")[-1][3] == {"staff_note": "@pii"}
    when = admin.execute(
        "select min(changed_at) as first, max(changed_at) as last from staff.audit_log where account_id is not null"
    ).fetchone()
    assert began <= when.first <= when.last <= ended
    ledger = admin.execute(
        "select reason, account_id from stock.stock_entry where sku_id = %s order by stock_entry_id",
        (house.skus["a"],),
    ).fetchall()
    assert ledger == [
        ("receive", 1),
        ("reserve", 1),
        ("reserve", 1),
        ("ship", ids["packer"]),
        ("adjust", ids["packer"]),
    ]
    assert findings(admin) == {}


def test_the_key_names_the_row(admin, house):
    admin.execute(
        "update catalog.bundle_component set quantity = 3 where bundle_sku_id = %s and sku_id = %s",
        (house.skus["ab"], house.skus["a"]),
    )
    row = admin.execute(
        "select row_key, change from staff.audit_log where table_name = 'catalog.bundle_component' and action = 'update'"
    ).fetchone()
    assert row.row_key == {"bundle_sku_id": house.skus["ab"], "sku_id": house.skus["a"]}
    assert row.change == {"quantity": {"old": 1, "new": 3}}


def test_a_removed_row_is_kept_in_words(admin, house):
    admin.execute(
        "delete from catalog.bundle_component where bundle_sku_id = %s and sku_id = %s",
        (house.skus["ab"], house.skus["a"]),
    )
    row = admin.execute("select change from staff.audit_log where action = 'delete'").fetchone()
    assert row.change["quantity"] == {"old": 1, "new": None}


def test_a_fee_that_stays_is_not_written_and_one_that_changes_is_an_update(worker, admin, house):
    receive(worker, house, a=5)

    def told(at: int, *fees: tuple[str, int]) -> None:
        said = [{"fee_kind": kind, "amount": str(amount)} for kind, amount in fees]
        accept(worker, house, Draft(no="1", lines=(("a", 1),), at=at, more=(("fees", said),)))

    told(1, ("shipping_fee", 500), ("gift_fee", 300), ("discount", -100))
    told(2, ("shipping_fee", 500), ("gift_fee", 350))
    written = [
        (action, change.get("amount", {}).get("new"))
        for action, _, _, change in history(admin, "sales.sales_order_fee")
        if action != "insert"
    ]
    assert sorted(written, key=str) == [("delete", None), ("update", 350)]
    assert admin.execute(
        "select fee_no, fee_kind, amount from sales.sales_order_fee order by fee_no"
    ).fetchall() == [(1, "shipping_fee", 500), (2, "gift_fee", 350)]


def test_what_changes_nothing_leaves_no_trace(admin, house):
    before = admin.execute("select count(*) from staff.audit_log").fetchone()
    admin.execute("update catalog.sku set sku_name = sku_name")
    assert admin.execute("select count(*) from staff.audit_log").fetchone() == before


def test_nobody_rewrites_what_was(admin):
    for table, column in (
        ("staff.audit_log", "account_id"),
        ("stock.stock_entry", "account_id"),
        ("stock.adjustment", "account_id"),
        ("sales.payment", "account_id"),
        ("sales.line_cancellation", "quantity"),
    ):
        for statement in (
            f"delete from {table}",
            f"truncate {table} cascade",
            f"update {table} set {column} = 1",
        ):
            with pytest.raises(LedgerIsAppendOnly):
                sql.run(admin, statement)


def test_many_rows_at_once_are_written_quickly(admin, house):
    """One statement over ten thousand rows stays within seconds: the join is on the key."""
    admin.execute(
        "insert into catalog.sku (sku_code, sku_name) select 'many' || n, 'many' from generate_series(1, 10000) as n"
    )
    admin.execute("set statement_timeout = '20s'")
    admin.execute("update catalog.sku set sku_name = sku_code where sku_code like 'many%'")
    counted = admin.execute(
        "select count(*) from staff.audit_log where table_name = 'catalog.sku' and action = 'update'"
    ).fetchone()
    assert counted[0] == 10000


def test_stock_can_be_asked_as_of_an_instant(worker, admin, house):
    def now() -> Any:
        return admin.execute("select clock_timestamp()").fetchone()[0]

    def at(instant: Any) -> list[tuple[int, int, int]]:
        rows = sql.call(worker, "stock.as_of", house.skus["a"], instant)
        return [(row.on_hand, row.reserved, row.available) for row in rows]

    start = now()
    receive(worker, house, a=5)
    received = now()
    accept(worker, house, Draft(no="1", lines=(("a", 2), ("ab", 1))))
    reserved = now()
    sql.call(
        worker, "stock.stock_adjust", house.skus["a"], house.warehouses["main"], -1, "lost", None
    )
    lost = now()
    sql.call(worker, "sales.order_cancel", order_id(worker, house, "1"), "buyer")
    assert [at(instant) for instant in (start, received, reserved, lost, now())] == [
        [], [(5, 0, 5)], [(5, 2, 3)], [(4, 2, 2)], [(4, 0, 4)],
    ]  # fmt: skip
