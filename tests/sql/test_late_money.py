"""Money is a fact of its own: it is kept when the order has shipped, is cancelled, or ends at once."""

import psycopg
import pytest

import sql
from tests.ledger.shop import Draft, accept, arrived, findings, order_id, receive, status


def take(worker, house, draft):
    return list(accept(worker, house, arrived(worker, house, draft)).values())


def paid(worker, house, no):
    return worker.execute(
        "select known.paid_at is not null as is_paid, count(payment_id) as payments"
        " from sales.sales_order as known left join sales.payment as payment using (sales_order_id)"
        " where known.sales_order_id = %s group by 1",
        (order_id(worker, house, no),),
    ).fetchone()


def test_a_payment_after_the_shipment_is_recorded_and_bothers_nobody(house, worker, admin):
    receive(worker, house, a=10)
    deferred = (("payment_method", "deferred"),)
    take(worker, house, Draft(no="1", lines=(("a", 1),), is_paid=False, more=deferred))
    sql.call(worker, "shipping.shipment_post", order_id(worker, house, "1"), "yamato", "123")
    late = Draft(no="1", lines=(("a", 1),), at=60, more=deferred)
    assert take(worker, house, late) == ["changed"]
    assert tuple(paid(worker, house, "1")) == (True, 1)
    assert status(worker, house, "1") == "shipped"
    assert worker.execute("select count(*) from transit.inbox").fetchone() == (0,)
    assert take(worker, house, Draft(no="1", lines=(("a", 2),), at=90, more=deferred)) == [
        "blocked"
    ]
    assert findings(admin) == {}


def test_paid_and_cancelled_between_two_looks_keeps_the_payment(house, worker, admin):
    receive(worker, house, a=10)
    take(worker, house, Draft(no="1", lines=(("a", 1),), is_paid=False))
    first = Draft(no="1", lines=(("a", 1),)).json(house)
    ending = Draft(
        no="1",
        lines=(("a", 1),),
        at=60,
        is_cancelled=True,
        more=(("paid_at", first["paid_at"]), ("payments", tuple(first["payments"]))),
    )
    assert take(worker, house, ending) == ["cancelled"]
    assert tuple(paid(worker, house, "1")) == (True, 1)
    assert findings(admin) == {}


def test_a_payment_that_cannot_be_is_refused(house, worker):
    receive(worker, house, a=10)
    take(worker, house, Draft(no="1", lines=(("a", 1),), is_paid=False))
    order = order_id(worker, house, "1")
    for amount, paid_at, number in (
        (-5, None, "x"),
        (0, None, "x"),
        ("0.5", None, "x"),
        (100, "0001-01-01", "x"),
        (100, "9999-01-01", "x"),
        (100, None, "  "),
    ):
        with pytest.raises(sql.errors.DaichoError):
            sql.call(worker, "sales.payment_record", order, amount, paid_at, number)
    assert tuple(paid(worker, house, "1")) == (False, 0)


def test_the_last_owner_cannot_be_removed(admin):
    admin.execute(
        "insert into staff.account (login_name, display_name, staff_role) values ('a', 'a', 'owner'), ('b', 'b', 'owner')"
    )
    admin.execute("update staff.account set ended_at = now() where login_name = 'a'")
    with pytest.raises(psycopg.errors.DatabaseError, match="owner") as refused:
        admin.execute("update staff.account set staff_role = 'analyst' where login_name = 'b'")
    assert refused.value.sqlstate == "DC010"
