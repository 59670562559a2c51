"""What documents of orders say: tax once for each rate, bundles by their parts, and no more than one may see."""

from decimal import Decimal

import pytest

import sql
from sql.errors import NotAllowed
from tests.ledger.shop import Draft, accept, order_id, receive


def fee(kind, amount, rate=None, *, ours=True):
    said = {"fee_kind": kind, "amount": str(amount), "is_shop_funded": ours}
    return said | ({"tax_rate": rate} if rate else {})


def lines(*given):
    return [
        {"line_key": str(n), "line_no": n, "external_listing_no": "a", "line_name": "a", "quantity": quantity,
         "unit_price": str(price), "tax_rate": rate}
        for n, (quantity, price, rate) in enumerate(given, 1)
    ]  # fmt: skip


def taxes(reader, order):
    return [tuple(row) for row in sql.call(reader, "document.tax_lines", order)]


@pytest.mark.parametrize(
    "case",
    [
        # one rounding for each rate, not for each line: three lines of 33 at 10/110 are 9, not 3 x 3
        ([(1, 33, "0.1"), (1, 33, "0.1"), (1, 33, "0.1")], [], [("0.1", 99, 9)]),
        ([(1, 105, "0.08"), (1, 109, "0.1")], [], [("0.1", 109, 9), ("0.08", 105, 7)]),
        # what states no rate has the standard one
        ([(1, 108, "0.08")], [fee("shipping_fee", 550)], [("0.1", 550, 50), ("0.08", 108, 8)]),
        # what the shop takes off goes to the rates in proportion; what is left over to the largest
        ([(1, 1000, "0.1"), (1, 500, "0.08")], [fee("coupon", -100)], [("0.1", 933, 84), ("0.08", 467, 34)]),
        ([(1, 1000, "0.1"), (1, 500, "0.08")], [fee("coupon", -100, "0.08")], [("0.1", 1000, 90), ("0.08", 400, 29)]),
        # what a mall pays is a payment
        ([(1, 1000, "0.1")], [fee("points", -300, ours=False)], [("0.1", 1000, 90)]),
        ([(1, 1000, "0.1")], [fee("points", -1000)], [("0.1", 0, 0)]),
    ],
)  # fmt: skip
def test_tax_is_rounded_once_for_each_rate(worker, as_staff, house, case):
    bought, fees, expected = case
    more = (("lines", lines(*bought)), ("fees", fees), ("payments", []), ("paid_at", None))
    accept(worker, house, Draft(no="1", more=more))
    found = taxes(as_staff("accounting"), order_id(worker, house, "1"))
    assert found == [
        (Decimal(rate), Decimal(amount), Decimal(tax)) for rate, amount, tax in expected
    ]


def test_rounding_is_a_setting_and_refunds_go_the_same_way(admin):
    for way, up, down in (("down", 9, -9), ("up", 10, -10), ("half_up", 10, -10)):
        assert sql.value(admin, "document.rounded", Decimal("9.5"), 0, way) == up
        assert sql.value(admin, "document.rounded", Decimal("-9.5"), 0, way) == down
    assert sql.value(admin, "document.rounded", Decimal("1.005"), 2, "down") == Decimal("1.00")


def test_pages_come_in_the_order_asked_for_and_say_what_the_slip_says(worker, house, as_staff):
    receive(worker, house, a=9)
    for number in ("1", "2", "3"):
        accept(worker, house, Draft(no=number, lines=(("a", 2),)))
    ids = [order_id(worker, house, number) for number in ("3", "1", "2")]
    desk = as_staff("order_desk")
    found = sql.call(desk, "document.order_pages", ids)
    assert [row.sales_order_id for row in found] == ids
    page = found[0].page
    assert page["external_order_no"] == "3"
    assert page["sender"]["name"]
    assert page["locale"] == "ja"
    assert page["lines"][0]["quantity"] == 2
    assert Decimal(page["total"]) == sum(Decimal(one["amount"]) for one in page["tax_lines"])


def test_nobody_prints_what_they_may_not_see(worker, admin, house, as_staff):
    accept(worker, house, Draft(no="1", lines=(("a", 1),)))
    number = order_id(worker, house, "1")
    for role in ("analyst", "merchandiser", "purchasing"):
        with pytest.raises(NotAllowed):
            sql.call(as_staff(role), "document.order_pages", [number])
    desk = as_staff("order_desk")
    assert len(sql.call(desk, "document.order_pages", [number])) == 1
    admin.execute("update staff.account set sees_all_shops = false where staff_role = 'order_desk'")
    assert sql.call(desk, "document.order_pages", [number]) == []
    assert sql.call(desk, "document.picking_total", [number]) == []


def test_a_total_picking_list_counts_bundles_by_their_parts(worker, house, as_staff):
    accept(
        worker, house, Draft(no="1", lines=(("ab", 2), ("a", 1))), Draft(no="2", lines=(("a", 3),))
    )
    ids = [order_id(worker, house, number) for number in ("1", "2")]
    rows = sql.call(as_staff("warehouse"), "document.picking_total", ids)
    assert [(row.sku_code, row.quantity, row.orders) for row in rows] == [("a", 6, 2), ("b", 4, 1)]


def test_a_sender_is_checked_and_kept_by_owner_and_manager(admin, house, as_staff):
    shop = house.shops["one"]
    manager = as_staff("manager")
    manager.execute(
        "insert into document.sender (shop_id, sender_name, invoice_registration_no) values (%s, '店', 'T1234567890123')",
        (shop,),
    )
    with pytest.raises(Exception, match="sender_registration_ck"):
        manager.execute("update document.sender set invoice_registration_no = 'T123'")
    with pytest.raises(Exception, match="permission denied"):
        as_staff("order_desk").execute("update document.sender set sender_name = 'x'")
