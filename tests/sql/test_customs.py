"""What customs are told: pieces, weight and what was paid, a bundle by its parts where nobody described it."""

from decimal import Decimal

import pytest

import sql
from sql.errors import NotAllowed
from tests.ledger.shop import Draft, accept, order_id, receive
from tests.sql import issuing
from tests.sql.issuing import account_of, issue, sender, shipped
from tests.sql.test_documents import fee, lines


def described(admin, house, *codes, weight=100):
    for code in codes:
        admin.execute(
            "update catalog.sku set weight_g = %s where sku_id = %s", (weight, house.skus[code])
        )
        admin.execute(
            "insert into catalog.sku_customs (sku_id, customs_description, hs_code, origin_country_code)"
            " values (%s, %s, '090210', 'JP')",
            (house.skus[code], f"Tea {code}"),
        )  # fmt: skip


def bought(worker, house, *given, fees=(), **more):
    """An order of (listing, pieces, price)."""
    said = [
        {**line, "external_listing_no": listing}
        for (listing, _, _), line in zip(given, lines(*((n, p, "0.1") for _, n, p in given)), strict=True)
    ]  # fmt: skip
    draft = Draft(no="1", more=(("lines", said), ("fees", list(fees)), ("payments", []), ("paid_at", None), *more.items()))  # fmt: skip
    accept(worker, house, draft)
    return order_id(worker, house, "1")


def declared(reader, order):
    return [
        (row.sku_code, row.quantity, row.weight_g, row.amount, row.description)
        for row in sql.call(reader, "document.customs_lines", order)
    ]


@pytest.mark.parametrize(
    "case",
    [
        ([], (1000, 500)),
        ([fee("shipping_fee", 800)], (1000, 500)),
        # what the shop takes off makes the goods cheaper, to the last yen; what the mall pays does not
        ([fee("coupon", -100)], (933, 467)),
        ([fee("coupon", -100, "0.1"), fee("points", -1)], (933, 466)),
        ([fee("points", -300, ours=False)], (1000, 500)),
    ],
)
def test_the_value_is_what_was_paid_for_the_goods(worker, admin, house, staff, case):
    fees, paid = case
    described(admin, house, "a", "b")
    order = bought(worker, house, ("a", 2, 500), ("b", 1, 500), fees=fees)
    assert declared(staff("order_desk"), order) == [
        ("a", 2, 200, Decimal(paid[0]), "Tea a"),
        ("b", 1, 100, Decimal(paid[1]), "Tea b"),
    ]


def test_a_bundle_is_declared_as_itself_or_by_its_parts(worker, admin, house, staff):
    described(admin, house, "a", "b", weight=50)
    order = bought(worker, house, ("ab", 2, 1000))
    desk = staff("warehouse")
    # by number, as no list price is known: one a and two b a bundle
    parts = [("b", 4, 200, Decimal(1333), "Tea b"), ("a", 2, 100, Decimal(667), "Tea a")]
    assert declared(desk, order) == parts
    for code, price in (("a", 600), ("b", 200)):
        admin.execute("update catalog.sku set list_price = %s where sku_id = %s", (price, house.skus[code]))  # fmt: skip
    assert [row[3] for row in declared(desk, order)] == [Decimal(1200), Decimal(800)]
    described(admin, house, "ab", weight=170)
    assert declared(desk, order) == [("ab", 2, 340, Decimal(2000), "Tea ab")]


def test_what_is_not_known_is_told_as_missing(worker, admin, house, staff):
    order = bought(worker, house, ("a", 1, 100), ("nobody knows it", 1, 100))
    assert declared(staff("order_desk"), order) == [
        ("a", 1, None, Decimal(100), None),
        (None, 1, None, Decimal(100), None),
    ]
    (row,) = sql.call(staff("order_desk"), "document.kind_pages", "customs_form", [order])
    assert row.page["customs"]["lines"][1]["name"] == "a"
    assert row.page["customs"]["weight_g"] == 0


def test_small_values_are_told_by_the_setting_and_the_order_s_own_rate(worker, admin, house, staff):
    order = bought(worker, house, ("a", 1, 44999))
    desk = staff("order_desk")

    def is_small():
        (row,) = sql.call(desk, "document.customs_pages", [order])
        return row.page["customs"]["is_small"]

    assert is_small()
    admin.execute("update base.setting set value = '44999' where setting_code = 'customs_small_value'")  # fmt: skip
    assert not is_small()
    admin.execute("update base.setting set value = '45000' where setting_code = 'customs_small_value'")  # fmt: skip
    for base, small in ((44999, True), (45000, False), (None, False)):
        admin.execute(
            "update sales.sales_order set currency_code = 'USD', total = 44999, total_base = %s where sales_order_id = %s",
            (base, order),
        )
        assert is_small() is small


def test_nobody_declares_what_is_not_theirs(worker, admin, house, staff):
    order = bought(worker, house, ("a", 1, 100))
    for role in ("analyst", "merchandiser", "purchasing"):
        with pytest.raises(NotAllowed):
            sql.call(staff(role), "document.customs_pages", [order])
    desk = staff("order_desk")
    assert len(sql.call(desk, "document.customs_pages", [order])) == 1
    admin.execute("update staff.account set sees_all_shops = false where staff_role = 'order_desk'")
    assert sql.call(desk, "document.customs_pages", [order]) == []
    assert sql.call(desk, "document.customs_lines", order) == []
    assert sql.value(desk, "document.invoice_no", order) is None


def test_the_invoice_s_number_is_there_for_who_may_not_read_it(worker, admin, house, staff):
    receive(worker, house, a=1)
    order = shipped(worker, house, issuing.bought("1", (1, 100, "0.1")))
    packer = staff("warehouse")
    assert sql.value(packer, "document.invoice_no", order) is None
    sender(admin, house)
    number = issue(worker, account_of(staff("accounting")), order)
    assert number
    (row,) = sql.call(packer, "document.customs_pages", [order])
    assert row.page["customs"]["invoice_no"].startswith("I-")


@pytest.mark.parametrize(
    ("description", "hs_code", "origin"),
    [
        ("煎茶", "090210", "JP"),
        ("Tea 煎茶", "090210", "JP"),
        ("123", "090210", "JP"),
        ("T" * 121, "090210", "JP"),
        ("Tea", "0902.10", "JP"),
        ("Tea", "09021", "JP"),
        ("Tea", "0902101", "JP"),
        ("Tea", "090210", "jp"),
        ("Tea", "090210", "Japan"),
    ],
)
def test_what_customs_could_not_read_is_refused(house, staff, description, hs_code, origin):
    with pytest.raises(Exception, match="sku_customs_"):
        staff("merchandiser").execute(
            "insert into catalog.sku_customs (sku_id, customs_description, hs_code, origin_country_code) values (%s, %s, %s, %s)",
            (house.skus["a"], description, hs_code, origin),
        )


def test_a_sender_s_english_is_in_latin_letters(admin, house):
    sender(admin, house)
    admin.execute("update document.sender set english_name = 'Café Sunrise', english_address = '1-2 Kyoto'")  # fmt: skip
    with pytest.raises(Exception, match="sender_english_ck"):
        admin.execute("update document.sender set english_name = '日の出'")
