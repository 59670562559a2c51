"""Money is counted once: what is too much is asked about, and what was wrong is taken back."""

from typing import Any

import pytest

import sql
from sql.errors import (
    ChangedMeanwhile,
    NotThere,
    QuantityOutOfRange,
    Refused,
    ValueMissing,
    WrongState,
)
from tests.ledger.shop import (
    BEGAN,
    PRICE,
    Draft,
    House,
    accept,
    findings,
    holds,
    order_id,
    outcomes,
    receive,
    status,
)

LINES = (("a", 2),)
TOTAL = 2 * PRICE


@pytest.fixture
def order(worker, admin, house: House) -> int:
    """An order over TOTAL that nobody has paid."""
    receive(worker, house, a=50)
    accept(worker, house, Draft(no="1", lines=LINES, is_paid=False))
    return order_id(worker, house, "1")


def record(caller: Any, order: int, amount: int, number: str, *more: Any) -> int:
    return sql.value(caller, "sales.payment_record", order, amount, BEGAN, number, *more)


def said(*payments: tuple[str, int], at: int = 9, paid: bool = True, gift: bool = True) -> Draft:
    """The order as the mall tells it with these payments."""
    when = BEGAN.isoformat()
    return Draft(
        no="1",
        lines=LINES,
        at=at,
        more=(
            ("is_gift", gift),
            ("paid_at", when if paid else None),
            (
                "payments",
                [
                    {
                        "external_payment_no": number,
                        "paid_at": when,
                        "amount": amount,
                        "payment_method": "card",
                    }
                    for number, amount in payments
                ],
            ),
        ),
    )


def paid(admin: Any, order: int) -> tuple[bool, int]:
    """Whether the order is paid, and by how much money."""
    row = admin.execute(
        "select known.paid_at is not null as is_paid, coalesce(sum(payment.amount), 0)::integer as amount"
        " from sales.sales_order as known left join sales.payment as payment using (sales_order_id)"
        " where known.sales_order_id = %s group by 1",
        (order,),
    ).fetchone()
    return (row.is_paid, row.amount)


def test_more_than_what_is_open_is_refused_unless_it_is_meant(admin, order, as_staff):
    desk = as_staff("order_desk")
    record(desk, order, TOTAL - 50, "p1")
    with pytest.raises(QuantityOutOfRange) as told:
        record(desk, order, TOTAL - 50, "p2")
    assert (told.value.table, told.value.column) == ("sales.payment", "amount")
    assert "未入金額 50" in told.value.message
    assert "more than what is open" in told.value.message
    assert "過入金" in (told.value.hint or "")
    assert paid(admin, order) == (False, TOTAL - 50)
    record(desk, order, TOTAL - 50, "p2", True)
    assert paid(admin, order) == (True, 2 * TOTAL - 100)
    with pytest.raises(QuantityOutOfRange, match="未入金額 0 を"):
        record(desk, order, 1, "p3")
    assert findings(admin) == {}


def test_who_enters_a_number_twice_is_told_that(order, as_staff):
    desk = as_staff("order_desk")
    record(desk, order, TOTAL, "p1")
    with pytest.raises(Refused) as told:
        record(desk, order, TOTAL, "p1")
    assert told.value.constraint == "payment_external_uq"


def test_money_for_an_order_whose_amount_is_not_fixed_is_taken(worker, admin, house):
    accept(worker, house, Draft(no="1", lines=LINES, is_paid=False, more=(("total", None),)))
    number = order_id(worker, house, "1")
    record(worker, number, 5 * TOTAL, "p1")
    assert paid(admin, number) == (False, 5 * TOTAL)


def test_a_payment_that_was_wrong_is_taken_back(worker, admin, house, order, as_staff):
    desk = as_staff("order_desk")
    payment = record(desk, order, TOTAL, "p1")
    assert status(worker, house, "1") == "ready_to_ship"
    void = sql.value(as_staff("accounting"), "sales.payment_void", payment, " 別の受注の入金 ")
    assert paid(admin, order) == (False, 0)
    assert status(worker, house, "1") == "awaiting_payment"
    assert list(holds(worker, house, "1")) == ["awaiting_payment"]
    row = admin.execute(
        "select amount, voids_payment_id, payment_part, void_reason from sales.payment where payment_id = %s",
        (void,),
    ).fetchone()
    assert tuple(row) == (-TOTAL, payment, 2, "別の受注の入金")
    # The ledger keeps both, and the number is free again
    again = record(desk, order, TOTAL, "p1")
    assert (paid(admin, order), status(worker, house, "1")) == ((True, TOTAL), "ready_to_ship")
    sql.call(desk, "sales.payment_void", again, "二重")
    assert paid(admin, order) == (False, 0)
    assert findings(admin) == {}


def test_what_cannot_be_taken_back_is_refused(admin, order, as_staff):
    desk = as_staff("order_desk")
    payment = record(desk, order, TOTAL, "p1")
    for reason in (None, " "):
        with pytest.raises(ValueMissing):
            sql.call(desk, "sales.payment_void", payment, reason)
    for reason in ("あ" * 10_001, "ベル\x07"):
        with pytest.raises(Refused) as told:
            sql.call(desk, "sales.payment_void", payment, reason)
        assert told.value.constraint == "payment_void_reason_ck"
    void = sql.value(desk, "sales.payment_void", payment, "x")
    with pytest.raises(ChangedMeanwhile):
        sql.call(desk, "sales.payment_void", payment, "x")
    with pytest.raises(WrongState):
        sql.call(desk, "sales.payment_void", void, "x")
    with pytest.raises(NotThere):
        sql.call(desk, "sales.payment_void", 999_999, "x")
    admin.execute("update staff.account set sees_all_shops = false")
    with pytest.raises(NotThere):
        sql.call(desk, "sales.payment_void", payment, "x")
    assert paid(admin, order) == (False, 0)


def test_of_two_payments_the_other_stays(worker, admin, house, order):
    record(worker, order, 50, "p1")
    second = record(worker, order, TOTAL - 50, "p2")
    over = record(worker, order, 30, "p3", True)
    sql.call(worker, "sales.payment_void", over, "多すぎた")
    assert paid(admin, order) == (True, TOTAL)
    sql.call(worker, "sales.payment_void", second, "x")
    assert paid(admin, order) == (False, 50)
    record(worker, order, TOTAL - 50, "p2")
    assert (paid(admin, order), status(worker, house, "1")) == ((True, TOTAL), "ready_to_ship")
    assert findings(admin) == {}


def test_of_a_shipped_order_too(worker, admin, house, order):
    payment = record(worker, order, TOTAL, "p1")
    sql.call(worker, "shipping.shipment_post", order, "yamato", "1")
    sql.call(worker, "sales.payment_void", payment, "不渡り")
    assert (paid(admin, order), status(worker, house, "1")) == ((False, 0), "shipped")
    assert holds(worker, house, "1") == {}
    assert findings(admin) == {}


@pytest.mark.parametrize("payments", [(("m1", TOTAL),), ()])
def test_what_the_shop_says_again_stays_taken_back(worker, admin, house, order, payments):
    """The shop names the payment, or says "paid" and no more."""
    assert outcomes(worker, house, said(*payments)) == ["changed"]
    assert paid(admin, order) == (True, TOTAL)
    (payment,) = admin.execute("select payment_id from sales.payment").fetchone()
    sql.call(worker, "sales.payment_void", payment, "店舗の間違い")
    assert outcomes(worker, house, said(*payments, at=20, gift=False)) == ["changed"]
    assert (paid(admin, order), status(worker, house, "1")) == ((False, 0), "awaiting_payment")
    assert findings(admin) == {}
    # Another number is other money
    assert outcomes(worker, house, said(("m2", TOTAL), at=30)) == ["changed"]
    assert (paid(admin, order), status(worker, house, "1")) == ((True, TOTAL), "ready_to_ship")
    assert findings(admin) == {}


def test_a_shop_that_says_paid_has_been_paid_what_was_open(worker, admin, house, order):
    record(worker, order, 50, "p1")
    assert outcomes(worker, house, said()) == ["changed"]
    assert paid(admin, order) == (True, TOTAL)
    assert outcomes(worker, house, said(at=20, gift=False)) == ["changed"]
    assert paid(admin, order) == (True, TOTAL)
    assert findings(admin) == {}


def test_a_typed_number_that_was_forgotten_counts_once(worker, admin, house, order, as_staff):
    """The number is gone with the person; the same money, told by the shop, is known by its amount."""
    record(as_staff("order_desk"), order, 50, "振込ﾊﾅｺ")
    sql.call(as_staff("manager"), "customer.forget", order)
    same = said(("振込ﾊﾅｺ", 50), paid=False)
    assert outcomes(worker, house, same) == ["changed"]
    assert paid(admin, order) == (False, 50)
    # Beside it the next instalment counts, and again once
    for at in (20, 30):
        both = said(("振込ﾊﾅｺ", 50), ("m2", 50), at=at, paid=False, gift=at == 20)
        assert outcomes(worker, house, both) == ["changed"]
        assert paid(admin, order) == (False, 100)
    rest = said(("振込ﾊﾅｺ", 50), ("m2", 50), ("m3", 100), at=40)
    assert outcomes(worker, house, rest) == ["changed"]
    assert (paid(admin, order), status(worker, house, "1")) == ((True, TOTAL), "on_hold")
    assert findings(admin) == {}


def test_a_forgotten_number_that_pays_all_counts_once(worker, admin, house, order, as_staff):
    record(as_staff("order_desk"), order, TOTAL, "振込ﾊﾅｺ")
    sql.call(as_staff("manager"), "customer.forget", order)
    for at, payments in ((9, (("振込ﾊﾅｺ", TOTAL),)), (20, ())):
        assert outcomes(worker, house, said(*payments, at=at)) == ["changed"]
        assert paid(admin, order) == (True, TOTAL)
    assert findings(admin) == {}


def test_forgotten_after_it_was_taken_back_the_shop_may_say_it(
    worker, admin, house, order, as_staff
):
    desk = as_staff("order_desk")
    sql.call(desk, "sales.payment_void", record(desk, order, TOTAL, "振込ﾊﾅｺ"), "ﾊﾅｺ様ではない")
    sql.call(as_staff("manager"), "customer.forget", order)
    kept = admin.execute("select void_reason from sales.payment").fetchall()
    assert kept == [(None,), (None,)]
    assert outcomes(worker, house, said(("振込ﾊﾅｺ", TOTAL))) == ["changed"]
    assert paid(admin, order) == (True, TOTAL)
    assert findings(admin) == {}
