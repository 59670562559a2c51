"""Personal data has clocks: what is overdue is listed, and gone after the night's work."""

import psycopg
import pytest

import sql
from tests.ledger.shop import Draft, accept, findings, order_id, receive


def test_what_is_overdue_is_listed_and_then_gone(worker, admin, house):
    receive(worker, house, a=9)
    accept(
        worker,
        house,
        Draft(no="old", lines=(("a", 1),)),
        Draft(no="new", lines=(("a", 1),)),
        Draft(no="open", lines=(("a", 1),)),
    )
    for no in ("old", "new"):
        sql.call(worker, "shipping.shipment_post", order_id(worker, house, no), "yamato", f"{no}-1")
    assert findings(admin) == {}
    old = order_id(worker, house, "old")
    admin.execute(
        "update sales.sales_order set shipped_at = now() - interval '3 years 2 days' where sales_order_id = %s",
        (old,),
    )
    admin.execute(
        "update transit.message set received_at = now() - interval '92 days' where sales_order_id = %s",
        (old,),
    )
    assert {row[0] for row in findings(admin)["check_retention"]} == {"order_party", "message_body"}
    assert sql.value(worker, "staff.retention_keep", 100) == 1
    assert findings(admin) == {}
    kept = admin.execute(
        "select external_order_no, buyer_name is not null as is_known from sales.sales_order join sales.sales_order_party using (sales_order_id) order by 1"
    ).fetchall()
    assert kept == [("new", True), ("old", False), ("open", True)]
    assert sql.value(worker, "staff.retention_keep", 100) == 0


def test_the_limit_of_a_night_is_kept_and_a_clock_can_be_stopped(worker, admin, house):
    receive(worker, house, a=9)
    accept(worker, house, *[Draft(no=str(n), lines=(("a", 1),)) for n in range(3)])
    for n in range(3):
        sql.call(worker, "sales.order_cancel", order_id(worker, house, str(n)), "buyer")
    admin.execute("update sales.sales_order set cancelled_at = now() - interval '4 years'")
    admin.execute(
        "update staff.retention_clock set is_on = false where retention_code <> 'issued_document'"
    )
    assert sql.value(worker, "staff.retention_keep", 100) == 0
    admin.execute("update staff.retention_clock set is_on = true")
    assert sql.value(worker, "staff.retention_keep", 2) == 2
    assert sql.value(worker, "staff.retention_keep", 2) == 1
    assert findings(admin) == {}


def test_a_customer_goes_with_their_last_order(worker, admin, house):
    identity = [{"identity_key": "5c3e1c4e-0000-4000-8000-000000000001", "identity_kind": "email"}]
    accept(worker, house, Draft(no="1", lines=(("a", 1),), more=(("identities", identity),)))
    admin.execute("update sales.sales_order set accepted_at = now() - interval '4 years'")
    assert {row[0] for row in findings(admin)["check_retention"]} == {"customer_party"}
    sql.call(worker, "staff.retention_keep", 10)
    assert admin.execute("select customer_name from customer.customer_party").fetchall() == [
        (None,)
    ]
    assert findings(admin) == {}


def test_checks_are_kept_with_their_age(worker, admin, house):
    ran = {row.check_name: row.findings for row in sql.call(worker, "staff.checks_run")}
    assert len(ran) > 10
    assert set(ran.values()) == {0}
    receive(worker, house, a=1)
    admin.execute(
        "update stock.stock_balance set reserved = 1 where sku_id = %s", (house.skus["a"],)
    )
    assert {row.check_name for row in sql.call(worker, "staff.checks_run") if row.findings} == {
        "check_stock_balance"
    }
    kept = admin.execute(
        "select findings, changed_at = ran_at as is_news from report.check_result where check_name = 'check_stock_balance'"
    ).fetchone()
    assert tuple(kept) == (1, True)
    sql.call(worker, "staff.checks_run")
    again = admin.execute(
        "select findings, changed_at = ran_at as is_news from report.check_result where check_name = 'check_stock_balance'"
    ).fetchone()
    assert tuple(again) == (1, False)


def test_whoever_may_see_the_results_may_open_each_check(worker, admin, staff):
    """A finding that its reader is refused is one that nobody mends; no key is shown for it."""
    held = admin.execute(
        "select known.staff_role from staff.staff_role as known join pg_roles as held on held.rolname = 'daicho_' || known.staff_role"
        " where has_table_privilege(held.oid, 'report.check_result', 'select') order by 1"
    ).fetchall()
    roles = [row.staff_role for row in held]
    assert {"owner", "manager"} <= set(roles)
    names = [row.check_name for row in sql.call(worker, "staff.checks_run")]
    assert len(names) > 10
    for role in roles:
        refused = []
        for name in names:
            try:
                staff(role).execute(f"select * from report.{name}").fetchall()
            except psycopg.Error as error:
                refused.append((name, str(error)))
        assert refused == [], role
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            staff(role).execute("select * from document.issued_key")
