"""What pages read of statements: one to try a template on, and orders whose invoice was voided after one named it."""

from pathlib import Path

import pytest

import sql
from sql.errors import NotAllowed
from tests.ledger.shop import findings, receive
from tests.sql.issuing import account_of, issue, sender, written
from tests.sql.test_statements import (
    LATER,
    balance,
    sold,
    state,
    terms,
)

UNBILLED = (Path(__file__).parents[2] / "app/queries/statement_unbilled.sql").read_text()


@pytest.fixture
def desk(as_staff):
    return account_of(as_staff("accounting"))


@pytest.fixture
def stocked(worker, admin, house):
    receive(worker, house, a=50)
    sender(admin, house)
    return house


def test_an_invoice_named_on_a_statement_may_be_made_anew(worker, admin, stocked, desk, as_staff):
    order = sold(worker, admin, stocked, "1", (1, 1000, "0.1"))
    customer = terms(admin)
    invoice = issue(worker, desk, order).issued_document_id
    state(worker, desk, customer)
    manager = as_staff("manager")

    def unbilled():
        return [tuple(row)[1:] for row in manager.execute(UNBILLED).fetchall()]

    assert unbilled() == []
    sql.call(manager, "document.document_void", invoice, "wrong_addressee")
    # On the balance, and without an invoice that holds, until it is made anew
    (number,) = admin.execute("select order_no from sales.sales_order").fetchone()
    assert unbilled() == [(number, "I-0000001", "B-0000001")]
    again = issue(worker, desk, order, addressee="鈴木商店")
    assert unbilled() == []
    assert written(admin, again.issued_document_id).document_no == "I-0000002"
    later = state(worker, desk, customer, LATER)
    assert balance(admin, later.issued_document_id) == (1000, 0, 1000, 0, 0, 1000)
    assert findings(admin) == {}
    # A statement that was voided counts nothing
    for gone in (again, later):
        sql.call(manager, "document.document_void", gone.issued_document_id, "wrong_addressee")
    assert unbilled() == [(number, "I-0000001", "B-0000001")]
    stated = "select min(issued_document_id) from document.issued_statement"
    sql.call(
        manager, "document.document_void", admin.execute(stated).fetchone()[0], "wrong_addressee"
    )
    assert unbilled() == []


def test_a_trial_states_an_issued_statement_without_its_number(
    worker, admin, stocked, desk, as_staff
):
    manager, shop = as_staff("manager"), stocked.shops["one"]

    def trial(number="", who=manager):
        return sql.call(who, "document.statement_trial", shop, number)

    assert trial() == []
    sold(worker, admin, stocked, "1", (1, 110, "0.1"))
    customer = terms(admin)
    first = state(worker, desk, customer)
    sold(worker, admin, stocked, "2", (1, 220, "0.1"), on="2026-10-05")
    terms(admin)
    second = state(worker, desk, customer, LATER)
    (found,) = trial()
    assert found.document_no == second.facts["document_no"]
    assert found.facts == {**second.facts, "document_no": "B-0000000"}
    (earlier,) = trial(first.facts["document_no"])
    assert earlier.facts == {**first.facts, "document_no": "B-0000000"}
    assert trial("B-9999999") == []
    assert admin.execute("select count(*) as n from document.issued_document").fetchone().n == 2
    with pytest.raises(NotAllowed):
        trial(who=as_staff("support"))
    admin.execute("update staff.account set sees_all_shops = false where login_name = 'manager'")
    assert trial() == []
