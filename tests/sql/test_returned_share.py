"""What comes back is worth what was charged for it: at its rate, and without what a mall had paid."""

from datetime import date

import pytest

import sql
from sync.asking import as_person
from tests.ledger.shop import findings
from tests.sql.issuing import issue, rates
from tests.sql.test_issued import cancel, fee
from tests.sql.test_statements import (
    LATER,
    balance,
    desk,  # noqa: F401 - fixtures
    pay,
    sold,
    state,
    stocked,  # noqa: F401
    terms,
)


@pytest.fixture
def order(worker, admin, stocked):  # noqa: F811
    """1,000 at 10% and 1,080 at 8%, less a coupon of the shop's: charged are 900 and 972."""
    fees = [fee("coupon", -208)]
    return sold(worker, admin, stocked, "1", (1, 1000, "0.1"), (1, 1080, "0.08"), fees=fees, total="1872")  # fmt: skip


def test_no_rate_gives_back_more_than_was_charged_at_it(worker, admin, stocked, desk, order):  # noqa: F811
    invoice = issue(worker, desk, order).issued_document_id
    assert rates(admin, invoice) == [("0.1000", 900.0, 81.0), ("0.0800", 972.0, 72.0)]
    cancel(admin, stocked, order, 1, 1000)
    first = issue(worker, desk, order, "return_invoice").issued_document_id
    # The coupon stays, for what was kept
    assert rates(admin, first) == [("0.1000", 900.0, 81.0), ("0.0800", 100.0, 7.0)]
    cancel(admin, stocked, order, 1, 1080, no="C2", line=2)
    second = issue(worker, desk, order, "return_invoice").issued_document_id
    # And ends with the order: never is more given back than was paid
    assert rates(admin, second) == [("0.0800", 872.0, 64.0)]
    assert findings(admin) == {}


def test_a_refund_says_what_was_given_back_at_its_rate(worker, admin, stocked, desk, order):  # noqa: F811
    pay(admin, order, 1872)
    issue(worker, desk, order)
    cancel(admin, stocked, order, 1, 1000)
    pay(admin, order, -900)
    found = issue(worker, desk, order, "return_invoice")
    assert rates(admin, found.issued_document_id) == [("0.1000", 900.0, 81.0)]


def test_a_statement_gives_back_as_an_invoice_does(worker, admin, stocked, desk, order):  # noqa: F811
    customer = terms(admin)
    state(worker, desk, customer)
    cancel(admin, stocked, order, 1, 1000)
    found = state(worker, desk, customer, LATER)
    assert rates(admin, found.issued_document_id) == [("0.1000", -900.0, -81.0), ("0.0800", -100.0, -7.0)]  # fmt: skip
    assert balance(admin, found.issued_document_id)[-1] == 872
    assert findings(admin) == {}


@pytest.mark.parametrize("own_invoice", [False, True])
def test_a_mall_pays_for_nothing_that_came_back(worker, admin, stocked, desk, own_invoice):  # noqa: F811
    fees = [fee("points", -300, ours=False)]
    number = sold(worker, admin, stocked, "1", (4, 250, "0.1"), fees=fees)
    if own_invoice:
        issue(worker, desk, number)
    customer = terms(admin)
    found = state(worker, desk, customer)
    assert balance(admin, found.issued_document_id)[-1] == 700
    cancel(admin, stocked, number, 2, 500)
    found = state(worker, desk, customer, LATER)
    assert balance(admin, found.issued_document_id)[-1] == 200

    def due():
        with as_person(worker, desk):
            return sql.call(worker, "document.statements_due", date(2026, 11, 30))[0].due

    # What is left is worth less than the mall's points, then nothing: the buyer owes nothing, and gets no points as money
    for place in ("C2", "C3"):
        cancel(admin, stocked, number, 1, 250, no=place)
        assert due() == 0
    assert findings(admin) == {}


def test_too_much_given_back_at_a_rate_is_found(worker, admin, stocked, desk, order):  # noqa: F811
    issue(worker, desk, order)
    cancel(admin, stocked, order, 1, 1000)
    returned = issue(worker, desk, order, "return_invoice").issued_document_id
    admin.execute("set session_replication_role = replica")
    for table in ("issued_line", "issued_tax_line"):
        admin.execute(
            f"update document.{table} set amount = 1000 where issued_document_id = %s and tax_rate = 0.1",
            (returned,),
        )
    admin.execute("set session_replication_role = origin")
    assert any(row[1] == "returned" for row in findings(admin)["check_issued_document"])


@pytest.mark.usefixtures("order")
def test_a_first_statement_begins_with_the_first_it_states(worker, admin, desk):  # noqa: F811
    found = state(worker, desk, terms(admin), LATER)
    assert (found.facts["begins_on"], found.facts["closes_on"]) == ("2026-09-10", "2026-10-31")
    assert findings(admin) == {}
