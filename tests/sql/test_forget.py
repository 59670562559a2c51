"""A person can be forgotten in one place: afterwards nothing of them is in a plain dump."""

import json
import subprocess
import uuid
from typing import Any

import pytest

import sql
from scripts.servers.binaries import client_bin
from sql.errors import NotThere, Refused, WrongState
from tests.ledger.shop import (
    BEGAN,
    BUYER,
    Draft,
    House,
    accept,
    arrived,
    balance,
    findings,
    order_id,
    receive,
)

WORDS = {
    "name": "忘却希望子",
    "kana": "ボウキャクキボウコ",
    "email": "kiboko@forget.example",
    "phone": "08011112222",
    "address_line1": "忘れ町3-4-5",
    "address_line2": "忘却荘101",
    "company": "忘却商事",
    "postal_code": "987-6543",
}
NOTE = "忘却のための備考です"
TYPED = (
    "忘却様より電話あり",
    "忘却様と確認済み",
    "忘却様に連絡済み",
    "ﾎﾞｳｷｬｸｷﾎﾞｳｺ 振込",
    "忘却様の入金ではなかった",
)
PERSON = {**BUYER, **WORDS}
MAIL_KEY, PHONE_KEY = uuid.uuid4(), uuid.uuid4()


def theirs(no: str, **more: Any) -> Draft:
    given = {"lines": (("a", 2),), **more}
    return Draft(
        no=no,
        more=(
            ("buyer", PERSON),
            ("recipient", PERSON),
            ("buyer_note", NOTE),
            (
                "identities",
                [
                    {"identity_key": str(MAIL_KEY), "identity_kind": "email"},
                    {"identity_key": str(PHONE_KEY), "identity_kind": "phone"},
                ],
            ),
            ("tax_total", 18),
        ),
        **given,
    )


def found(database: Any) -> list[str]:
    """Words of the person that a plain dump of the whole database holds."""
    done = subprocess.run(
        [client_bin() / "pg_dump", "--inserts", database.admin], capture_output=True, check=True
    )
    text = done.stdout.decode()
    assert "INSERT INTO sales.sales_order " in text
    marks = [*WORDS.values(), NOTE, *TYPED, str(MAIL_KEY), str(PHONE_KEY), BODY.hex()]
    return [mark for mark in marks if mark in text]


BODY = b"sealed-of-the-person"


@pytest.fixture
def order(worker, admin, house: House) -> int:
    receive(worker, house, a=9)
    draft = arrived(worker, house, theirs("1"))
    (key,) = sql.call(worker, "transit.data_keys_take", house.shops["one"], ["1"], [b"wrapped"])
    worker.execute(
        "update transit.message set body = %s, data_key_id = %s where message_id = %s",
        (BODY, key.data_key_id, draft.message_id),
    )
    accept(worker, house, draft)
    return order_id(worker, house, "1")


def state(admin: Any, order: int) -> Any:
    return admin.execute(
        "select to_jsonb(known) - array['version', 'status', 'has_buyer_note', 'is_recipient_complete'] as slip, (select jsonb_agg(to_jsonb(line) order by line_no)"
        " from sales.sales_order_line as line where line.sales_order_id = known.sales_order_id) as lines"
        " from sales.sales_order as known where known.sales_order_id = %s",
        (order,),
    ).fetchone()


def test_an_order_still_to_leave_waits_for_a_recipient_once_its_person_is_forgotten(
    worker, admin, house, as_staff
):
    receive(worker, house, a=9)
    accept(worker, house, Draft(no="1", lines=(("a", 1),)), Draft(no="2", lines=(("a", 1),)))
    first, second = (order_id(worker, house, number) for number in ("1", "2"))
    manager = as_staff("manager")
    sql.call(manager, "shipping.shipment_post", second, "yamato", "12-2")
    for order in (first, second):
        sql.call(manager, "customer.forget", order)
    assert [row.hold_reason for row in holds_open(admin, first)] == ["recipient_incomplete"]
    assert holds_open(admin, second) == []
    with pytest.raises(WrongState):
        sql.call(manager, "shipping.shipment_post", first, "yamato", "12-1")
    assert findings(admin) == {}


def holds_open(admin: Any, order: int) -> list[Any]:
    return admin.execute(
        "select hold_reason::text from sales.hold where sales_order_id = %s and released_at is null",
        (order,),
    ).fetchall()


def test_nothing_of_a_forgotten_person_is_in_a_dump(fresh_database, admin, house, order, as_staff):
    desk = as_staff("order_desk")
    desk.execute("update sales.sales_order_party set staff_note = %s", (WORDS["name"] + " 様",))
    desk.execute("update sales.sales_order_party set recipient_phone = %s", (WORDS["phone"] + "3",))
    assert set(found(fresh_database)) == {
        *WORDS.values(),
        NOTE,
        str(MAIL_KEY),
        str(PHONE_KEY),
        BODY.hex(),
    }
    before, stock = state(admin, order), balance(admin, house, "a")
    sql.call(as_staff("manager"), "customer.forget", order)
    assert found(fresh_database) == []
    assert state(admin, order) == before
    assert balance(admin, house, "a") == stock == (9, 2)
    assert admin.execute("select count(*) from customer.identity").fetchone()[0] == 0
    assert admin.execute("select count(*) from transit.data_key").fetchone()[0] == 0
    assert admin.execute("select forgotten_at is not null from customer.customer").fetchone()[0]
    assert findings(admin) == {}


def typed(worker: Any, desk: Any, order: int) -> None:
    """Write of the person wherever a clerk can write beside the slip."""
    for note in TYPED[:2]:
        sql.call(desk, "sales.hold_place", order, note)
    (hold,) = desk.execute(
        "select hold_id from sales.hold where hold_reason = 'manual' and released_at is null"
    ).fetchone()
    sql.call(desk, "sales.hold_release", hold, TYPED[1])
    sql.call(desk, "sales.hold_place", order, TYPED[0])
    payment = sql.value(desk, "sales.payment_record", order, 1, BEGAN, TYPED[3], True)
    sql.call(desk, "sales.payment_void", payment, TYPED[4])
    inbox = sql.value(
        worker, "transit.inbox_note", "job_failed", None, None, order, None, "x", None
    )
    sql.call(desk, "transit.inbox_close", inbox, TYPED[2])


def test_what_a_clerk_typed_beside_the_slip_is_forgotten_too(  # noqa: PLR0917  # six fixtures
    fresh_database, worker, admin, house, order, as_staff
):
    desk = as_staff("order_desk")
    typed(worker, desk, order)
    accept(worker, house, theirs("2"))
    sql.call(desk, "sales.hold_place", order_id(worker, house, "2"), "もう一つの受注のメモ")
    assert set(TYPED) < set(found(fresh_database))
    log = admin.execute("select change::text from staff.audit_log").fetchall()
    assert not any(word in change for (change,) in log for word in TYPED)
    paid = "select payment_id, amount, external_payment_no from sales.payment order by 1"
    before = admin.execute(paid).fetchall()
    sql.call(as_staff("manager"), "customer.forget", order)
    assert not set(TYPED) & set(found(fresh_database))
    # The shop's own number stays, so that what it says again counts once
    assert admin.execute(paid).fetchall() == [
        (key, amount, f"forgotten-{key}" if number == TYPED[3] else number)
        for key, amount, number in before
    ]
    assert len({number for _, _, number in before} - {TYPED[3]}) == len(before) - 2 > 0
    notes = admin.execute("select note from sales.hold where note is not null").fetchall()
    assert notes == [("もう一つの受注のメモ",)]
    sql.call(worker, "customer.forget", order)
    assert findings(admin) == {}


def refused(caller: Any, name: str, *arguments: Any) -> str | None:
    with pytest.raises(Refused) as told:
        sql.call(caller, name, *arguments)
    return told.value.constraint


@pytest.mark.parametrize("bad", ["あ" * 10_001, "ベル\x07"])
def test_notes_have_a_length_and_no_control_characters(order, as_staff, bad):
    desk = as_staff("order_desk")
    assert refused(desk, "sales.hold_place", order, bad) == "hold_note_ck"
    hold = sql.value(desk, "sales.hold_place", order, "一行目\n" + "あ" * 9_996)
    assert refused(desk, "sales.hold_release", hold, bad) == "hold_release_note_ck"


@pytest.mark.parametrize("bad", ["1" * 201, "1\n2"])
def test_payment_numbers_have_a_length_and_no_control_characters(order, as_staff, bad):
    desk = as_staff("order_desk")
    assert (
        refused(desk, "sales.payment_record", order, 1, BEGAN, bad, True) == "payment_external_ck"
    )
    sql.call(desk, "sales.payment_record", order, 1, BEGAN, "1" * 200, True)


def test_of_a_payment_nothing_but_its_number_can_be_taken_away(admin, order, as_staff):
    sql.call(as_staff("order_desk"), "sales.payment_record", order, 1, BEGAN, "1", True)
    for change in ("amount = 2", "paid_at = now()", "account_id = null", "payment_part = 3"):
        with pytest.raises(Exception, match="ledger"):
            admin.execute(f"update sales.payment set {change}")


def test_the_audit_log_says_that_and_by_whom_and_never_what(
    fresh_database, admin, house, order, as_staff
):
    desk = as_staff("order_desk")
    desk.execute("update sales.sales_order_party set staff_note = '忘却', buyer_name = '忘却花'")
    row = admin.execute(
        "select account_id, change from staff.audit_log where table_name = 'sales.sales_order_party'"
    ).fetchone()
    assert row.change == {"staff_note": "@pii", "buyer_name": "@pii"}
    assert row.account_id == sql.value(desk, "access.account_id")
    tagged = {
        (name, column)
        for name, column in admin.execute(
            "select attrelid::regclass::text, attname from pg_attribute where col_description(attrelid, attnum) like '%@pii%'"
        ).fetchall()
    }
    sql.call(as_staff("manager"), "customer.forget", order)
    for name, change in admin.execute("select table_name, change from staff.audit_log").fetchall():
        for column, value in change.items():
            assert ((name, column) in tagged) == (value == "@pii"), (name, column)
    assert "忘却" not in json.dumps(
        [row.change for row in admin.execute("select change from staff.audit_log")],
        ensure_ascii=False,
    )


def test_what_the_mall_sends_later_brings_nobody_back(fresh_database, worker, admin, house, order):
    sql.call(worker, "customer.forget", order)
    late = arrived(worker, house, theirs("1", lines=(("a", 3),), at=9))
    worker.execute(
        "update transit.message set body = %s where message_id = %s", (BODY, late.message_id)
    )
    assert list(accept(worker, house, late).values()) == ["changed"]
    assert found(fresh_database) == []
    assert balance(admin, house, "a") == (9, 3)
    assert findings(admin) == {}


def test_a_customer_with_another_order_is_kept_for_that_one(worker, admin, house, order):
    accept(worker, house, theirs("2"))
    other = order_id(worker, house, "2")
    sql.call(worker, "customer.forget", order)
    names = admin.execute(
        "select buyer_name from sales.sales_order_party order by sales_order_id"
    ).fetchall()
    assert names == [(None,), (WORDS["name"],)]
    assert admin.execute("select customer_name from customer.customer_party").fetchall() == [
        (WORDS["name"],)
    ]
    sql.call(worker, "customer.forget", other)
    assert admin.execute("select customer_name from customer.customer_party").fetchall() == [
        (None,)
    ]
    assert findings(admin) == {}


OTHER = {
    **BUYER,
    "name": "同居太郎",
    "kana": "ドウキョタロウ",
    "email": "taro@shared.example",
    "phone": WORDS["phone"],
    "address_line1": "忘れ町3-4-6",
}
OTHER_MAIL_KEY = uuid.uuid4()


def housemate(no: str) -> Draft:
    """An order of somebody with another name and mail, and the same phone."""
    return Draft(
        no=no,
        lines=(("a", 1),),
        more=(
            ("buyer", OTHER),
            ("recipient", OTHER),
            (
                "identities",
                [
                    {"identity_key": str(OTHER_MAIL_KEY), "identity_kind": "email"},
                    {"identity_key": str(PHONE_KEY), "identity_kind": "phone"},
                ],
            ),
        ),
    )


def people(admin: Any) -> tuple[list[Any], list[Any]]:
    """Who is on the slips, and who the customers are said to be."""
    return (
        admin.execute(
            "select buyer_name, recipient_name from sales.sales_order_party order by sales_order_id"
        ).fetchall(),
        admin.execute("select customer_name, email from customer.customer_party").fetchall(),
    )


def test_of_two_people_with_one_phone_the_forgotten_one_is_gone(
    fresh_database, worker, admin, house, order
):
    """The phone made them one customer, whose page says what the first of them said."""
    accept(worker, house, housemate("2"))
    name, other = WORDS["name"], OTHER["name"]
    assert people(admin) == ([(name, name), (other, other)], [(name, WORDS["email"])])
    sql.call(worker, "customer.forget", order)
    assert found(fresh_database) == [WORDS["phone"]]
    assert people(admin) == ([(None, None), (other, other)], [(other, OTHER["email"])])
    assert admin.execute("select forgotten_at from customer.customer").fetchall() == [(None,)]
    sql.call(worker, "customer.forget", order_id(worker, house, "2"))
    assert found(fresh_database) == []
    assert people(admin) == ([(None, None)] * 2, [(None, None)])
    assert findings(admin) == {}


def test_the_second_of_two_people_with_one_phone_is_forgotten(
    fresh_database, worker, admin, house, order
):
    accept(worker, house, housemate("2"))
    before = set(found(fresh_database))
    sql.call(worker, "customer.forget", order_id(worker, house, "2"))
    name = WORDS["name"]
    assert people(admin) == ([(name, name), (None, None)], [(name, WORDS["email"])])
    assert admin.execute(
        "select count(*) from customer.identity where identity_key = %s", (OTHER_MAIL_KEY,)
    ).fetchone() == (0,)
    # Whose each digest was nobody knows: both are gone, and the next order is a new customer's
    assert before - set(found(fresh_database)) == {str(MAIL_KEY), str(PHONE_KEY)}
    assert findings(admin) == {}


def test_a_person_with_another_order_is_known_again(worker, admin, house, order):
    accept(worker, house, theirs("2"))
    sql.call(worker, "customer.forget", order)
    accept(worker, house, theirs("3"))
    assert admin.execute(
        "select count(distinct customer_id) from sales.sales_order"
    ).fetchone() == (1,)


def test_the_orders_of_one_person_are_of_one_customer(worker, admin, house, order):
    accept(worker, house, theirs("2"))
    assert admin.execute(
        "select count(distinct customer_id), count(customer_id) as orders from sales.sales_order"
    ).fetchone() == (1, 2)


def test_forgetting_twice_or_what_is_not_there(worker, admin, house, order):
    sql.call(worker, "customer.forget", order)
    sql.call(worker, "customer.forget", order)
    with pytest.raises(NotThere):
        sql.call(worker, "customer.forget", 999_999)
    assert findings(admin) == {}


def test_a_dump_in_which_something_is_left_is_seen(fresh_database, worker, admin, order):
    """The test can fail: what forgets less leaves its words."""
    text = admin.execute(
        "select pg_get_functiondef('customer.forget(bigint)'::regprocedure)"
    ).fetchone()[0]
    admin.execute(
        text.replace("recipient_phone = null, ", "").replace(
            "delete from customer.identity as identity where identity.customer_id = v_order.customer_id;",
            "",
        )
    )
    sql.call(worker, "customer.forget", order)
    assert set(found(fresh_database)) == {WORDS["phone"], str(MAIL_KEY), str(PHONE_KEY)}
