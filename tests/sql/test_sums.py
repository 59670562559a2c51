"""What an order's head says is the sum of its lines and fees, kind by kind."""

from typing import Any

import psycopg
import pytest

from tests.ledger.shop import Draft, House, accept, findings, order_id, receive

FEES = (
    ("shipping_fee", 600), ("cod_fee", 330), ("gift_fee", 50), ("other", 7), ("discount", -20), ("coupon", -30), ("points", -11),
)  # fmt: skip
SUMS = {
    "item_total": 300,
    "shipping_fee": 600,
    "fee_total": 387,
    "discount_total": 50,
    "points_used": 11,
    "total_computed": 1226,
}


def with_fees(*fees: tuple[str, int], at: int = 0, **more: Any) -> Draft:
    kept = [{"fee_kind": kind, "amount": amount} for kind, amount in fees]
    return Draft(
        no="1", lines=(("a", 1), ("b", 2)), at=at, more=(("fees", kept), *sorted(more.items()))
    )


def head(admin: Any) -> dict[str, int]:
    row = admin.execute(f"select {', '.join(SUMS)} from sales.sales_order").fetchone()
    return {name: int(value) for name, value in zip(SUMS, row, strict=True)}


@pytest.fixture
def order(worker, admin, house: House) -> int:
    receive(worker, house, a=9, b=9)
    accept(worker, house, with_fees(*FEES, total=1226))
    return order_id(worker, house, "1")


def wrong(admin: Any) -> list[list[str]]:
    return [
        row.wrong_sums for row in admin.execute("select wrong_sums from report.check_order_amount")
    ]


def test_the_head_is_summed_from_lines_and_fees(worker, admin, house, order):
    assert head(admin) == SUMS
    accept(worker, house, with_fees(("shipping_fee", 500), at=9, total=800))
    assert head(admin) == {**dict.fromkeys(SUMS, 0), "item_total": 300, "shipping_fee": 500, "total_computed": 800}  # fmt: skip
    assert findings(admin) == {}


def test_sums_that_a_program_says_itself_are_not_believed(worker, admin, house):
    lies = {"item_total": 1, "shipping_fee": 2, "discount_total": 3, "points_used": 4}
    accept(worker, house, with_fees(*FEES, total=1226, **lies))
    assert head(admin) == SUMS
    assert findings(admin) == {}


def test_tax_is_added_where_prices_are_without_it(worker, admin, house):
    accept(worker, house, with_fees(total=330, tax_total=30, tax_inclusive=False))
    assert head(admin)["total_computed"] == 330
    assert findings(admin) == {}


@pytest.mark.parametrize("name", SUMS)
def test_a_head_that_does_not_add_up_is_refused(admin, order, name):
    with pytest.raises(psycopg.errors.CheckViolation, match="sales_order_sum_ck"):
        admin.execute(f"update sales.sales_order set {name} = {name} + 1")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("item_total = item_total + 1, total_computed = total_computed + 1", ["item_total", "total_computed"]),
        ("item_total = item_total + 1, fee_total = fee_total - 1", ["item_total", "fee_total"]),
        ("shipping_fee = shipping_fee + 1, fee_total = fee_total - 1", ["shipping_fee", "fee_total"]),
        ("discount_total = discount_total + 1, points_used = points_used - 1", ["discount_total", "points_used"]),
    ],
)  # fmt: skip
def test_a_wrong_sum_is_found(admin, order, change, found):
    """One that adds up in itself, and is not what the rows say."""
    assert wrong(admin) == []
    admin.execute(f"update sales.sales_order set {change}")
    assert wrong(admin) == [found]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("update sales.sales_order_line set unit_price = unit_price + 1 where line_no = 1", "item_total"),
        ("delete from sales.sales_order_fee where fee_kind = 'shipping_fee'", "shipping_fee"),
        ("delete from sales.sales_order_fee where fee_kind = 'other'", "fee_total"),
        ("update sales.sales_order_fee set amount = -1 where fee_kind = 'coupon'", "discount_total"),
        ("delete from sales.sales_order_fee where fee_kind = 'points'", "points_used"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_found(admin, order, change, found):
    admin.execute(change)
    assert wrong(admin) == [[found, "total_computed"]]
