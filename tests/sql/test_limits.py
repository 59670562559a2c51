"""What people wrote has a length and no control characters; a tracking number looks like one."""

from typing import Any

import pytest

import sql
from sql.errors import QuantityOutOfRange, Refused, ValueMissing, WrongState
from tests.ledger.shop import BUYER, Draft, accept, findings, order_id, receive, status

# Field of a draft's party, and how many characters it may have
PARTY = {
    "name": 200, "kana": 200, "company": 200, "phone": 50, "email": 320, "postal_code": 20,
    "country_code": 100, "region": 400, "address_line1": 400, "address_line2": 400,
}  # fmt: skip
NOTE = 10_000


def ordered(no: str, **more: Any) -> Draft:
    return Draft(no=no, lines=(("a", 1),), more=tuple(more.items()))


def test_a_field_of_a_person_has_its_length(worker, admin, house):
    sides = [("buyer", field) for field in PARTY]
    sides += [("recipient", field) for field in PARTY if field != "email"]
    longest = {field: "あ" * most for field, most in PARTY.items()}
    accept(worker, house, ordered("1", buyer=longest, recipient=longest))
    for role, field in sides:
        for wrong in ("あ" * (PARTY[field] + 1), "一行\n二行"):
            with pytest.raises(Refused) as caught:
                accept(worker, house, ordered("2", **{role: {**BUYER, field: wrong}}))
            assert caught.value.constraint == f"sales_order_party_{role}_{field}_ck"
        said = words(admin, caught.value)
        assert said.count(" | ") == 1
        assert str(PARTY[field]) in said.split(" | ")[1]
    for wrong in ("鈴\x07", "\t", "\x1b[31m", "\x7f", "\u0085", "\u009f"):
        with pytest.raises(Refused):
            accept(worker, house, ordered("2", buyer={**BUYER, "name": wrong}))
    # nothing of a refused page is left
    assert admin.execute("select count(*) from sales.sales_order").fetchone() == (1,)
    assert findings(admin) == {}


def words(admin: Any, refused: Refused) -> str:
    """What staff read of the constraint."""
    return admin.execute(
        "select obj_description(oid, 'pg_constraint') from pg_constraint"
        " where conname = %s and conrelid = %s::regclass",
        (refused.constraint, refused.table),
    ).fetchone()[0]


def test_a_note_may_have_lines_and_tabs_and_nothing_worse(worker, admin, house, as_staff):
    note = "一行\r\n二行\n\t三行" + "あ" * (NOTE - 10)
    accept(worker, house, ordered("1", buyer_note=note))
    support = as_staff("support")
    for wrong in ("あ" * (NOTE + 1), "鈴\x07", "\x1b[31m"):
        with pytest.raises(Refused) as caught:
            accept(worker, house, ordered("2", buyer_note=wrong))
        assert caught.value.constraint == "sales_order_party_buyer_note_ck"
        with pytest.raises(Refused) as caught:
            sql.run(support, "update sales.sales_order_party set staff_note = %s", (wrong,))
        assert caught.value.constraint == "sales_order_party_staff_note_ck"
    assert findings(admin) == {}


def test_a_customer_has_the_lengths_of_a_buyer(admin):
    """What a buyer may be called, the customer may be called too: no order fails at the customer."""
    found = {
        table: {
            name.removeprefix(prefix): text
            for name, text in admin.execute(
                "select conname, pg_get_constraintdef(oid) from pg_constraint"
                " where conrelid = %s::regclass and contype = 'c' and conname like %s",
                (table, f"{prefix}%"),
            ).fetchall()
        }
        for table, prefix in (
            ("sales.sales_order_party", "sales_order_party_buyer_"),
            ("customer.customer_party", "customer_party_"),
        )
    }
    buyer, customer = found["sales.sales_order_party"], found["customer.customer_party"]
    del buyer["note_ck"]
    assert len(buyer) == len(PARTY)
    assert {
        name.removeprefix("customer_"): text.replace("customer_", "")
        for name, text in customer.items()
    } == {name: text.replace("buyer_", "") for name, text in buyer.items()}


@pytest.fixture
def ready(worker, house) -> int:
    receive(worker, house, a=9)
    accept(worker, house, Draft(no="1", lines=(("a", 1),)))
    return order_id(worker, house, "1")


MISSING = (None, "", " \u3000\t")
UNLIKELY = (
    "-", "--1", "ABC", "1" * 41, "1" * 1_000_000, "12;34", "https://example.jp/1", "伝票1", "12\u202e34", "=1+1",
)  # fmt: skip


def test_what_is_no_tracking_number_is_refused_with_a_sentence(worker, admin, house, ready):
    for wrong in (*MISSING, *UNLIKELY):
        with pytest.raises(ValueMissing if wrong in MISSING else QuantityOutOfRange) as caught:
            sql.call(worker, "shipping.shipment_post", ready, "yamato", wrong)
        assert caught.value.column == "tracking_no"
        for said in (caught.value.message, caught.value.hint):
            assert said.count(" | ") == 1
    assert status(worker, house, "1") == "ready_to_ship"
    assert findings(admin) == {}


def test_a_tracking_number_is_kept_as_carriers_write_it(worker, admin, house, ready):
    accept(worker, house, Draft(no="2", lines=(("a", 1),)))
    typed = {ready: "１２３４－５６ー７８", order_id(worker, house, "2"): " ab 12−3\n"}
    for order, number in typed.items():
        sql.call(worker, "shipping.shipment_post", order, "yamato", number)
    assert admin.execute("select tracking_no from shipping.shipment order by 1").fetchall() == [
        ("1234-56-78",),
        ("AB12-3",),
    ]


def test_the_table_refuses_it_too(worker, admin, ready):
    sql.call(worker, "shipping.shipment_post", ready, "yamato", "1")
    for wrong in ("", "-1", "ABC", "1" * 41, "1\n"):
        with pytest.raises(Refused) as caught, sql.transaction(admin):
            sql.run(admin, "update shipping.shipment set tracking_no = %s", (wrong,))
        assert caught.value.constraint == "shipment_tracking_ck"


def test_one_tracking_number_on_two_orders_is_asked_about(worker, admin, house, ready):
    accept(worker, house, *[Draft(no=no, lines=(("a", 1),)) for no in ("2", "3", "4")])
    second, third, fourth = (order_id(worker, house, no) for no in ("2", "3", "4"))
    sql.call(worker, "shipping.shipment_post", ready, "yamato", "1234-5678")
    with pytest.raises(WrongState) as caught:
        sql.call(worker, "shipping.shipment_post", second, "yamato", "１２３４5678")
    assert f"D{ready:08d}" in caught.value.message
    assert (caught.value.column, caught.value.message.count(" | ")) == ("tracking_no", 1)
    assert status(worker, house, "2") == "ready_to_ship"
    # the number of another carrier is another number; one parcel of two orders is meant so
    sql.call(worker, "shipping.shipment_post", third, "sagawa", "1234-5678")
    sql.call(worker, "shipping.shipment_post", second, "yamato", "1234-5678", True)
    admin.execute("update shipping.shipment set shipped_at = now() - interval '91 days'")
    sql.call(worker, "shipping.shipment_post", fourth, "yamato", "1234-5678")
    assert findings(admin) == {}


def test_why_an_order_cannot_be_shipped_is_said_in_words(worker, house, ready):
    sql.call(worker, "shipping.shipment_post", ready, "yamato", "1")
    with pytest.raises(WrongState) as caught:
        sql.call(worker, "shipping.shipment_post", ready, "yamato", "1")
    ours, theirs = caught.value.message.split(" | ")
    assert "（出荷済み）" in ours
    assert "(Shipped)" in theirs
