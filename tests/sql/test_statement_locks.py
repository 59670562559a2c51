"""What closes an account and what else touches its orders, at the same instant: they wait, they never block for ever."""

import itertools
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

import sql
from sql.errors import Busy, DaichoError
from tests.ledger.shop import Draft, accept, findings, receive
from tests.sql.issuing import NUMBER, account_of, issue, sender
from tests.sql.test_statements import CLOSED, LATER, sold, state, terms

ROUNDS, WAIT_S = 3, 30


@pytest.fixture
def actions(worker, admin, house, as_staff):
    """Each is rolled back, so that all find the same rows."""
    receive(worker, house, a=500)
    sender(admin, house)
    orders = [sold(worker, admin, house, str(n), (1, 1000, "0.1")) for n in range(6)]
    customer = terms(admin)
    desk = account_of(as_staff("manager"))
    own = issue(worker, desk, orders[5]).issued_document_id
    stated = state(worker, desk, customer).issued_document_id
    more = [sold(worker, admin, house, str(n), (1, 500, "0.1"), on="2026-10-05") for n in (7, 8, 9)]
    terms(admin)
    page = [Draft(no=str(n), at=99, lines=(("a", 1),)) for n in (9, 3, 8, 7)]

    def calls(name, *said):
        return lambda connection: sql.call(connection, name, *said)

    return {
        "a statement": calls("document.statement_issue", customer, NUMBER, "JPY", True, LATER, 77),
        "an invoice": calls("document.document_issue", more[2], "invoice", "", "", 78),
        "a void of a statement": calls("document.document_void", stated, "other"),
        "a void of an invoice": calls("document.document_void", own, "other"),
        "a payment": calls("sales.payment_record", more[1], 1, None, "p", True),
        "forgetting": calls("customer.forget", more[0]),
        "terms": lambda connection: connection.execute(
            "update customer.credit_term set payment_day = 30, version = version + 1"
        ),
        "a page": lambda connection: accept(connection, house, *page),
        "who is due": calls("document.statements_due", CLOSED),
    }


def test_nothing_that_meets_a_statement_deadlocks(actions, fresh_database, admin):
    found: Counter[str] = Counter()
    alone: dict[str, set[str]] = {}
    gate = threading.Barrier(2)

    def run(name):
        url, login = (fresh_database.worker, None) if name == "a page" else (fresh_database.web, "daicho_manager")  # fmt: skip
        with sql.connect(url, account_id=1, autocommit=False) as connection:
            for _ in range(ROUNDS):
                if login:
                    connection.execute(f"set role {login}")
                gate.wait(WAIT_S)
                try:
                    actions[name](connection)
                except Busy as busy:
                    found[f"{name} {busy.sqlstate}"] += 1
                except DaichoError as error:
                    alone.setdefault(name, set()).add(error.message)
                connection.rollback()

    with ThreadPoolExecutor(2) as pool:
        for pair in itertools.combinations_with_replacement(actions, 2):
            for done in [pool.submit(run, name) for name in pair]:
                done.result(WAIT_S * 3)
    assert found == {}
    # They really met: nothing was refused for another reason
    assert alone == {}
    assert findings(admin) == {}
