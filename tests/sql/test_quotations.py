"""Quotations: drafts are changed, what was sent is not; tax once for each rate; a person is forgotten."""

from decimal import Decimal

import pytest

import sql
from sql.errors import ChangedMeanwhile, DaichoError, NotAllowed, NotThere, ValueMissing, WrongState
from tests.ledger.shop import Draft, accept, findings, order_id

LINES = ((3, 33, "0.1"), (1, 105, "0.08"), (1, 33, "0.1"))


def quoted(person, house, *lines, shop="one", company="株式会社𠮷野", **more):
    """A draft of so many pieces at a price and a rate."""
    names = ", ".join(("shop_id", *more))
    holes = ", ".join("%s" for _ in ("shop_id", *more))
    number = person.execute(
        f"insert into sales.quotation ({names}) values ({holes}) returning quotation_id",
        (house.shops[shop], *more.values()),
    ).fetchone()[0]
    if company:
        person.execute(
            "update sales.quotation_party set company = %s where quotation_id = %s",
            (company, number),
        )
    for quantity, price, rate in lines:
        person.execute(
            "insert into sales.quotation_line (quotation_id, sku_id, quantity, unit_price, tax_rate) values (%s, %s, %s, %s, %s)",
            (number, house.skus["a"], quantity, price, rate),
        )
    return number


def sent(person, house, *lines, **more):
    number = quoted(person, house, *(lines or LINES), **more)
    sql.call(person, "sales.quotation_send", number)
    return number


def row(reader, number):
    return reader.execute("select * from sales.quotation where quotation_id = %s", (number,)).fetchone()  # fmt: skip


def party(reader, number):
    return reader.execute("select * from sales.quotation_party where quotation_id = %s", (number,)).fetchone()  # fmt: skip


def page_of(reader, number):
    (found,) = sql.call(reader, "document.kind_pages", "quotation", [number])
    return found.page


@pytest.mark.parametrize("role", ["owner", "manager", "order_desk"])
def test_a_draft_is_numbered_named_and_its_lines_say_what_they_are(house, staff, role):
    person = staff(role)
    number = quoted(person, house, *LINES)
    made = row(person, number)
    assert made.quotation_no == f"Q-{number:07}"
    assert (made.state, made.issued_on, made.total) == ("draft", None, None)
    assert made.account_id == person.execute("select access.account_id()").fetchone()[0]
    lines = person.execute("select line_no, line_title, amount from sales.quotation_line where quotation_id = %s order by 1", (number,)).fetchall()  # fmt: skip
    assert [tuple(one) for one in lines] == [(1, "a", 99), (2, "a", 105), (3, "a", 33)]
    page = page_of(person, number)
    assert page["is_draft"]
    assert page["addressee"]["company"] == "株式会社𠮷野"


@pytest.mark.parametrize(
    "case",
    [
        # one rounding for each rate: 132 at 10 % on top are 13, not 9 + 3
        (False, "down", 13, 8, 258),
        (False, "up", 14, 9, 260),
        (True, "down", 12, 7, 237),
        (True, "half_up", 12, 8, 237),
    ],
)
def test_tax_is_rounded_once_for_each_rate_and_stays_as_it_was_sent(admin, house, staff, case):
    inclusive, way, standard, reduced, total = case
    admin.execute("update base.setting set value = to_jsonb(%s::text) where setting_code = 'tax_rounding'", (way,))  # fmt: skip
    desk = staff("order_desk")
    number = sent(desk, house, tax_inclusive=inclusive)
    admin.execute("update base.setting set value = '\"up\"' where setting_code = 'tax_rounding'")
    made, page = row(desk, number), page_of(desk, number)
    assert (made.total, made.tax_rounding) == (total, way)
    assert [Decimal(one["tax"]) for one in page["tax_lines"]] == [standard, reduced]
    assert (Decimal(page["total"]), Decimal(page["tax_total"])) == (total, standard + reduced)
    assert not page["is_draft"]
    assert findings(admin) == {}


@pytest.mark.parametrize(
    "change",
    [
        "update sales.quotation set delivery_terms = 'x' where quotation_id = %s",
        "update sales.quotation set currency_code = 'USD' where quotation_id = %s",
        "update sales.quotation set valid_until = '2099-01-01' where quotation_id = %s",
        "update sales.quotation_line set quantity = 9 where quotation_id = %s",
        "delete from sales.quotation_line where quotation_id = %s",
        "insert into sales.quotation_line (quotation_id, line_title, unit_price) values (%s, 'x', 1)",
        "update sales.quotation_party set company = 'x' where quotation_id = %s",
        "update sales.quotation_party set company = null, phone = null where quotation_id = %s",
    ],
)
def test_what_was_sent_is_not_changed(house, staff, change):
    desk = staff("order_desk")
    number = sent(desk, house)
    for become in (None, "sales.quotation_accept", "sales.quotation_decline"):
        if become:
            sql.call(desk, become, number)
        with pytest.raises(Exception, match="送付済みで、変えられません"):
            desk.execute(change, (number,))


def test_not_even_the_owner_of_the_tables_takes_it_back(admin, house, staff):
    number = sent(staff("order_desk"), house)
    for change in ("state = 'draft', issued_on = null, total = null, tax_rounding = null", "total = 1", "issued_on = '2020-01-01'"):  # fmt: skip
        with pytest.raises(Exception, match="送付済みで、変えられません"):
            admin.execute(f"update sales.quotation set {change} where quotation_id = %s", (number,))
    with pytest.raises(Exception, match="送付済みで、変えられません"):
        admin.execute("delete from sales.quotation_line where quotation_id = %s", (number,))


def test_a_line_does_not_move_into_what_was_sent(house, staff, admin):
    desk = staff("order_desk")
    number, draft = sent(desk, house), quoted(desk, house, (1, 5, "0.1"))
    with pytest.raises(Exception, match="送付済みで、変えられません"):
        admin.execute("update sales.quotation_line set quotation_id = %s, line_no = 99 where quotation_id = %s", (number, draft))  # fmt: skip


def test_states_go_their_way(house, staff):
    desk = staff("order_desk")
    draft = quoted(desk, house, *LINES)
    for early in ("sales.quotation_accept", "sales.quotation_decline"):
        with pytest.raises(WrongState):
            sql.call(desk, early, draft)
    sql.call(desk, "sales.quotation_send", draft)
    with pytest.raises(ChangedMeanwhile):
        sql.call(desk, "sales.quotation_send", draft)
    for name, state in (("accept", "accepted"), ("decline", "declined"), ("accept", "accepted")):
        sql.call(desk, f"sales.quotation_{name}", draft)
        assert row(desk, draft).state == state


def test_what_says_too_little_is_not_sent(house, staff):
    desk = staff("order_desk")
    for number, error in (
        (quoted(desk, house), ValueMissing),
        (quoted(desk, house, *LINES, company=""), ValueMissing),
        (quoted(desk, house, *LINES, company="　 "), ValueMissing),
        (quoted(desk, house, *LINES, valid_until="2020-01-01"), DaichoError),
        (quoted(desk, house, (1, -500, "0.1")), DaichoError),
        (987654, NotThere),
    ):
        with pytest.raises(error):
            sql.call(desk, "sales.quotation_send", number)


def test_lines_that_cannot_be_are_refused(house, staff):
    desk = staff("order_desk")
    number = quoted(desk, house)
    for columns, values, said in (
        ("line_title, unit_price", ("", 1), "quotation_line_title_ck"),
        ("line_title, unit_price", ("x", "1.5"), "小数"),
        ("line_title, unit_price, quantity", ("x", 1, 0), "quotation_line_quantity_ck"),
        ("line_title, unit_price, line_no", ("x", 1, -1), "quotation_line_no_ck"),
    ):
        holes = ", ".join("%s" for _ in values)
        with pytest.raises(Exception, match=said):
            desk.execute(f"insert into sales.quotation_line (quotation_id, {columns}) values (%s, {holes})", (number, *values))  # fmt: skip
    # 12.5 yen a piece is a price when the amount is whole
    desk.execute("insert into sales.quotation_line (quotation_id, line_title, unit_price, quantity) values (%s, '箱', 12.5, 4)", (number,))  # fmt: skip


def test_a_copy_is_a_draft_that_says_the_same(admin, house, staff):
    desk = staff("order_desk")
    number = sent(desk, house, payment_terms="月末締め", valid_until="2099-01-01")
    copy = sql.value(desk, "sales.quotation_copy", number)
    made = row(desk, copy)
    assert (made.state, made.payment_terms) == ("draft", "月末締め")
    assert made.quotation_no != row(desk, number).quotation_no
    there, here = page_of(desk, copy), page_of(desk, number)
    for name in ("lines", "addressee", "total", "tax_lines"):
        assert there[name] == here[name]
    desk.execute("update sales.quotation_line set quantity = 5 where quotation_id = %s and line_no = 1", (copy,))  # fmt: skip
    assert page_of(desk, number) == here
    assert findings(admin) == {}


def test_a_customer_s_name_is_taken_over_and_forgotten_with_their_last_order(worker, admin, house, staff):  # fmt: skip
    accept(worker, house, Draft(no="1", lines=(("a", 1),)))
    order = order_id(worker, house, "1")
    customer = admin.execute("insert into customer.customer default values returning customer_id").fetchone()[0]  # fmt: skip
    admin.execute("insert into customer.customer_party (customer_id, customer_name, company, email) values (%s, '山田花子', '山田商店', 'a@example.jp')", (customer,))  # fmt: skip
    admin.execute("update sales.sales_order set customer_id = %s where sales_order_id = %s", (customer, order))  # fmt: skip
    desk = staff("order_desk")
    number = sent(desk, house, customer_id=customer, company="")
    assert party(desk, number)[1:4] == ("山田商店", "山田花子", None)
    sql.call(staff("owner"), "customer.forget", order)
    said = party(desk, number)
    assert said.forgotten_at is not None
    assert set(said[1:10]) == {None}
    assert row(desk, number).total == 258
    with pytest.raises(Exception, match="消されました"):
        desk.execute("update sales.quotation_party set company = 'x' where quotation_id = %s", (number,))  # fmt: skip
    assert findings(admin) == {}


def test_a_customer_of_nobody_s_orders_is_not_there(admin, house, staff):
    customer = admin.execute("insert into customer.customer default values returning customer_id").fetchone()[0]  # fmt: skip
    admin.execute("update staff.account set sees_all_shops = false")
    desk = staff("order_desk")
    admin.execute("update staff.account set sees_all_shops = false where staff_role = 'order_desk'")
    admin.execute("insert into staff.account_shop (account_id, shop_id) select account_id, %s from staff.account where staff_role = 'order_desk'", (house.shops["one"],))  # fmt: skip
    with pytest.raises(Exception, match="顧客"):
        quoted(desk, house, customer_id=customer)


def test_one_quotation_is_forgotten_and_old_ones_by_the_clock(worker, admin, house, staff):
    desk = staff("order_desk")
    one, old, young = sent(desk, house), sent(desk, house), sent(desk, house)
    with pytest.raises(NotAllowed):
        sql.call(desk, "sales.quotation_forget", one)
    sql.call(staff("manager"), "sales.quotation_forget", one)
    assert party(desk, one).company is None
    admin.execute("alter table sales.quotation disable trigger tg_100_keep")
    admin.execute("update sales.quotation set issued_on = issued_on - 1200 where quotation_id = %s", (old,))  # fmt: skip
    admin.execute("alter table sales.quotation enable trigger tg_100_keep")
    overdue = "select row_id from report.check_retention where retention_code = 'quotation_party'"
    assert [number for (number,) in admin.execute(overdue)] == [old]
    sql.call(worker, "staff.retention_keep", 100)
    assert admin.execute(overdue).fetchall() == []
    assert party(desk, old).company is None
    assert party(desk, young).company == "株式会社𠮷野"
    assert findings(admin) == {}


def test_rights_are_those_of_orders(admin, house, staff):
    desk = staff("order_desk")
    number = sent(desk, house)
    for role in ("support", "accounting"):
        assert page_of(staff(role), number)["order_no"] == row(desk, number).quotation_no
        with pytest.raises(Exception, match="permission denied"):
            quoted(staff(role), house)
        with pytest.raises(NotAllowed):
            sql.call(staff(role), "sales.quotation_accept", number)
    for role in ("warehouse", "outside_warehouse", "purchasing", "merchandiser", "analyst"):
        with pytest.raises(Exception, match="permission denied"):
            row(staff(role), number)
    with pytest.raises(Exception, match="permission denied"):
        desk.execute("update sales.quotation set state = 'accepted'")
    admin.execute("update staff.account set sees_all_shops = false where staff_role = 'order_desk'")
    assert row(desk, number) is None
    assert party(desk, number) is None
    assert sql.call(desk, "document.quotation_pages", [number]) == []
    with pytest.raises(NotThere):
        sql.call(desk, "sales.quotation_decline", number)


@pytest.mark.parametrize(
    ("broken", "finding"),
    [
        ("update sales.quotation_line set quantity = quantity + 1 where line_no = 1", "total"),
        ("delete from sales.quotation_line", "lines"),
        ("update sales.quotation_party set company = null", "party"),
    ],
)
def test_the_check_finds_what_got_past_the_triggers(admin, house, staff, broken, finding):
    sent(staff("order_desk"), house)
    admin.execute("set session_replication_role = replica")
    admin.execute(broken)
    assert finding in [one.finding for one in admin.execute("select * from report.check_quotation")]
