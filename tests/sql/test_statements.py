"""Statements of customers who pay later: what is due each month, taxed once, each order on one, balances that go on."""

import hashlib
import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

import sql
from sql.errors import DaichoError, NotAllowed, WrongState
from sync.asking import as_person, worker_again
from tests.ledger.shop import accept, findings, order_id, receive
from tests.sql.issuing import NUMBER, account_of, bought, issue, rates, sender, shipped, written
from tests.sql.test_issued import cancel, fee

_jobs = itertools.count(50_000)
CLOSED = date(2026, 9, 30)
LATER = date(2026, 10, 31)


@pytest.fixture
def desk(as_staff):
    return account_of(as_staff("accounting"))


@pytest.fixture
def stocked(worker, admin, house):
    receive(worker, house, a=5000)
    sender(admin, house)
    return house


def sold(worker, admin, house, no, *lines, on="2026-09-10", **more):
    """A credit sale that left on a day."""
    draft = bought(no, *lines, payment_method="credit_sale", paid_at=None, **more)
    number = shipped(worker, house, draft)
    admin.execute(
        "update sales.sales_order set shipped_at = %s::date + time '03:00' where sales_order_id = %s",
        (on, number),
    )
    return number


def terms(admin, closing=31, months=1, payment=31):
    """All orders are of one customer, who pays later."""
    known = admin.execute("select customer_id from customer.customer").fetchone()
    (customer,) = (
        known
        or admin.execute(
            "insert into customer.customer default values returning customer_id"
        ).fetchone()
    )
    admin.execute(
        "insert into customer.customer_party (customer_id, company) values (%s, '株式会社山田商店')"
        " on conflict do nothing",
        (customer,),
    )
    admin.execute(
        "insert into customer.credit_term (customer_id, closing_day, payment_months, payment_day, starts_on) values (%s, %s, %s, %s, '2026-01-01')"
        " on conflict (customer_id) do nothing",
        (customer, closing, months, payment),
    )
    admin.execute("update sales.sales_order set customer_id = %s", (customer,))
    return customer


def state(worker, person, customer, on=CLOSED, *, issuer=NUMBER, inclusive=True, job=None, currency="JPY"):  # fmt: skip
    """Issue one statement as the job does."""
    with as_person(worker, person):
        said = (customer, issuer, currency, inclusive, on, job or next(_jobs))
        found = sql.call(worker, "document.statement_issue", *said)[0]
        if found.facts is not None:
            worker_again(worker)
            digest = hashlib.sha256(b"facts").digest()
            content = (found.issued_document_id, "facts", digest, 5, b"facts", b"key")
            sql.call(worker, "document.issued_content_keep", *content)
    return found


def balance(admin, number):
    row = admin.execute(
        "select previous_due, received, carried_over, sales, invoiced_before, due from document.issued_statement where issued_document_id = %s",
        (number,),
    ).fetchone()
    return tuple(int(one) for one in row)


def pay(admin, order, amount, on="2026-10-10", no="P"):
    admin.execute(
        "insert into sales.payment (sales_order_id, paid_at, amount, payment_method, external_payment_no) values (%s, %s::date + time '03:00', %s, 'credit_sale', %s)",
        (order, on, amount, f"{no}{next(_jobs)}"),
    )
    admin.execute(
        "update sales.sales_order set paid_at = now() where sales_order_id = %s and total <= (select sum(amount) from sales.payment where sales_order_id = %s)",
        (order, order),
    )


def test_a_month_is_taxed_once_over_all_its_orders(worker, admin, stocked, desk):
    sold(worker, admin, stocked, "1", (3, 33, "0.1"), (1, 108, "0.08"))
    sold(worker, admin, stocked, "2", (1, 109, "0.1"), on="2026-09-30")
    sold(worker, admin, stocked, "3", (1, 5000, "0.1"), on="2026-10-01")
    customer = terms(admin)
    with as_person(worker, desk):
        (due,) = sql.call(worker, "document.statements_due", CLOSED)
    assert (due.customer_id, due.orders, due.sales, due.due) == (customer, 2, 316, 316)
    assert str(due.payment_on) == "2026-10-31"
    found = state(worker, desk, customer)
    row = written(admin, found.issued_document_id)
    assert (row.document_no, row.is_qualified, row.sales_order_id) == ("B-0000001", True, None)
    # 99 and 109 alone would be taxed 9 and 9
    assert rates(admin, row.issued_document_id) == [("0.1000", 208.0, 18.0), ("0.0800", 108.0, 8.0)]
    assert balance(admin, row.issued_document_id) == (0, 0, 0, 316, 0, 316)
    facts = found.facts
    assert [order["external_order_no"] for order in facts["orders"]] == ["1", "2"]
    assert (facts["begins_on"], facts["closes_on"]) == ("2026-09-01", "2026-09-30")
    assert findings(admin) == {}


def test_prices_without_tax_are_rounded_once_a_month_not_once_an_order(
    worker, admin, stocked, desk
):
    said = {"tax_inclusive": False, "tax_total": "0", "total": "9"}
    for no in "123":
        sold(worker, admin, stocked, no, (1, 9, "0.1"), **said)
    found = state(worker, desk, terms(admin), inclusive=False)
    assert rates(admin, found.issued_document_id) == [("0.1000", 27.0, 2.0)]
    assert balance(admin, found.issued_document_id)[-1] == 29
    assert findings(admin) == {}


def test_balances_go_on_and_what_came_late_is_on_the_next(worker, admin, stocked, desk):
    first = sold(worker, admin, stocked, "1", (1, 1000, "0.1"))
    customer = terms(admin)
    pay(admin, first, 200, on="2026-09-20")
    pay(admin, first, 300, on="2026-10-05")
    one = state(worker, desk, customer)
    assert balance(admin, one.issued_document_id) == (0, 200, -200, 1000, 0, 800)
    # Left in September, told in October
    sold(worker, admin, stocked, "2", (1, 500, "0.1"), on="2026-09-29")
    sold(worker, admin, stocked, "3", (1, 700, "0.08"), on="2026-10-15")
    terms(admin)
    with as_person(worker, desk):
        (due,) = sql.call(worker, "document.statements_due", LATER)
    assert (due.previous_due, due.received, due.sales, due.due, due.orders) == (800, 300, 1200, 1700, 2)  # fmt: skip
    later = state(worker, desk, customer, LATER)
    assert balance(admin, later.issued_document_id) == (800, 300, 500, 1200, 0, 1700)
    assert later.facts["begins_on"] == "2026-10-01"
    assert later.facts["previous_no"] == "B-0000001"
    assert findings(admin) == {}


def test_a_balance_alone_is_asked_for_and_is_no_invoice(worker, admin, stocked, desk):
    order = sold(worker, admin, stocked, "1", (1, 1000, "0.1"))
    customer = terms(admin)
    state(worker, desk, customer)
    pay(admin, order, 400)
    later = state(worker, desk, customer, LATER)
    assert balance(admin, later.issued_document_id) == (1000, 400, 600, 0, 0, 600)
    assert written(admin, later.issued_document_id).is_qualified is False
    assert findings(admin) == {}


def test_an_order_with_its_own_invoice_is_not_taxed_again(worker, admin, stocked, desk):
    one = sold(worker, admin, stocked, "1", (1, 1000, "0.1"))
    sold(worker, admin, stocked, "2", (1, 500, "0.08"))
    customer = terms(admin)
    invoice = issue(worker, desk, one)
    found = state(worker, desk, customer)
    assert rates(admin, found.issued_document_id) == [("0.0800", 500.0, 37.0)]
    assert balance(admin, found.issued_document_id) == (0, 0, 0, 500, 1000, 1500)
    assert [order["original_no"] for order in found.facts["orders"]] == ["I-0000001", ""]
    assert findings(admin) == {}
    # What came back of it is on a return invoice, and off the balance
    cancel(admin, stocked, one, 1, 1000)
    issue(worker, desk, one, "return_invoice")
    later = state(worker, desk, customer, LATER)
    assert rates(admin, later.issued_document_id) == []
    assert balance(admin, later.issued_document_id) == (1500, 0, 1500, 0, -1000, 500)
    assert written(admin, invoice.issued_document_id).total == 1000
    assert findings(admin) == {}


def test_what_comes_back_is_taken_off_the_next_at_its_rate_and_once(worker, admin, stocked, desk):
    order = sold(worker, admin, stocked, "1", (3, 1000, "0.1"), (1, 1080, "0.08"))
    customer = terms(admin)
    state(worker, desk, customer)
    cancel(admin, stocked, order, 1, 1000)
    sold(worker, admin, stocked, "2", (1, 500, "0.1"), on="2026-10-02")
    terms(admin)
    later = state(worker, desk, customer, LATER)
    assert rates(admin, later.issued_document_id) == [("0.1000", -500.0, -45.0)]
    assert balance(admin, later.issued_document_id) == (4080, 0, 4080, -500, 0, 3580)
    back = later.facts["orders"][1]
    assert (back["earlier_no"], back["amount"], back["lines"][0]["quantity"]) == ("B-0000001", "-1000", -1)  # fmt: skip
    # Nothing of it comes a third time
    with as_person(worker, desk):
        (due,) = sql.call(worker, "document.statements_due", date(2026, 11, 30))
    assert (due.sales, due.due) == (0, 3580)
    assert findings(admin) == {}


def test_a_refund_is_money_and_goods_in_one(worker, admin, stocked, desk):
    order = sold(worker, admin, stocked, "1", (1, 1000, "0.1"))
    customer = terms(admin)
    pay(admin, order, 1000, on="2026-09-20")
    one = state(worker, desk, customer)
    assert balance(admin, one.issued_document_id)[-1] == 0
    pay(admin, order, -300, on="2026-11-05")
    later = state(worker, desk, customer, LATER)
    assert balance(admin, later.issued_document_id) == (0, -300, 300, -300, 0, 0)
    assert findings(admin) == {}


def test_a_payment_taken_back_goes_with_what_it_took_back(worker, admin, stocked, desk, as_staff):
    order = sold(worker, admin, stocked, "1", (1, 1000, "0.1"))
    customer = terms(admin)
    manager = as_staff("manager")
    wrong = sql.value(manager, "sales.payment_record", order, 500, "2026-10-20T03:00:00Z", "X")
    sql.call(manager, "sales.payment_void", wrong, "誤り")
    found = state(worker, desk, customer)
    assert balance(admin, found.issued_document_id) == (0, 0, 0, 1000, 0, 1000)
    later = state(worker, desk, customer, LATER)
    assert balance(admin, later.issued_document_id) == (1000, 0, 1000, 0, 0, 1000)
    assert findings(admin) == {}


def test_what_malls_pay_is_owed_by_nobody(worker, admin, stocked, desk):
    sold(worker, admin, stocked, "1", (1, 1000, "0.1"), fees=[fee("points", -300, ours=False)])  # fmt: skip
    found = state(worker, desk, terms(admin))
    row = written(admin, found.issued_document_id)
    assert (row.total, row.mall_paid) == (1000, 300)
    assert balance(admin, row.issued_document_id) == (0, 0, 0, 700, 0, 700)
    assert findings(admin) == {}


def test_a_mall_that_pays_all_pays_the_tax_as_it_is_rounded(worker, admin, stocked, desk):
    admin.execute("update base.setting set value = '\"up\"' where setting_code = 'tax_rounding'")
    said = {"tax_inclusive": False, "tax_total": "27", "total": "0"}
    fees = [fee("points", -358, ours=False)]
    number = sold(worker, admin, stocked, "1", (1, 331, "0.08"), fees=fees, **said)
    customer = terms(admin)
    # 331 and 26.48 of tax are 358, not 357
    found = state(worker, desk, customer, inclusive=False)
    assert balance(admin, found.issued_document_id)[-1] == 0
    cancel(admin, stocked, number, 1, 331)
    found = state(worker, desk, customer, LATER, inclusive=False)
    assert balance(admin, found.issued_document_id)[-1] == 0
    assert findings(admin) == {}


def test_a_voided_statement_frees_its_orders_and_payments_latest_first(
    worker, admin, stocked, desk, as_staff
):
    order = sold(worker, admin, stocked, "1", (1, 1000, "0.1"))
    customer = terms(admin)
    pay(admin, order, 100, on="2026-09-20")
    one = state(worker, desk, customer).issued_document_id
    two = state(worker, desk, customer, LATER).issued_document_id
    manager = as_staff("manager")
    with pytest.raises(WrongState, match="later statement"):
        sql.call(manager, "document.document_void", one, "wrong_addressee")
    for number in (two, one):
        sql.call(manager, "document.document_void", number, "wrong_addressee")
    assert findings(admin) == {}
    again = state(worker, desk, customer)
    assert written(admin, again.issued_document_id).document_no == "B-0000003"
    assert balance(admin, again.issued_document_id) == (0, 100, -100, 1000, 0, 900)
    assert findings(admin) == {}
    # Free again, the order may have an invoice of its own
    sql.call(manager, "document.document_void", again.issued_document_id, "wrong_addressee")
    issue(worker, desk, order)
    assert findings(admin) == {}


@pytest.mark.parametrize(
    "case",
    [
        ("no terms", "has no credit terms"),
        ("terms off", "has no credit terms"),
        ("not its day", "no past closing day"),
        ("ahead", "no past closing day"),
        ("closed", "closed up to 2026-09-30 already"),
        ("wrong sum", "is not the sum of its lines"),
        ("nobody", "has no name"),
        ("nothing", "nothing to state"),
        ("before it began", "nothing to state"),
    ],
)  # fmt: skip
def test_what_cannot_be_closed_says_why_and_takes_no_number(worker, admin, stocked, desk, case):
    makes, error = case
    sold(worker, admin, stocked, "1", (1, 1000, "0.1"))
    customer = terms(admin)
    on = CLOSED
    if makes == "not its day":
        on = date(2026, 9, 29)
    elif makes == "ahead":
        today = admin.execute("select base.today()").fetchone()[0]
        on = (today.replace(day=1) + timedelta(days=62)).replace(day=1) - timedelta(days=1)
    elif makes == "closed":
        state(worker, desk, customer)
    else:
        admin.execute({
            "no terms": "delete from customer.credit_term",
            "terms off": "update customer.credit_term set is_on = false",
            "wrong sum": "update sales.sales_order set total = 1001",
            "nobody": "update customer.customer_party set company = null, customer_name = null",
            "nothing": "update sales.sales_order set payment_method = 'bank_transfer'",
            "before it began": "update customer.credit_term set starts_on = '2026-09-11'",
        }[makes])  # fmt: skip
    counted = "select last_number from document.issue_counter where document_kind = 'statement'"
    before = admin.execute(counted).fetchall()
    with pytest.raises(DaichoError, match=error) as refused:
        state(worker, desk, customer, on)
    assert " | " in refused.value.hint
    assert ";" not in refused.value.hint
    assert admin.execute(counted).fetchall() == before


def test_an_order_is_invoiced_once_whichever_way_comes_first(worker, admin, stocked, desk):
    order = sold(worker, admin, stocked, "1", (1, 1000, "0.1"))
    customer = terms(admin)
    state(worker, desk, customer)
    for kind in ("invoice", "simplified_invoice"):
        with pytest.raises(WrongState, match="is on B-0000001 already"):
            issue(worker, desk, order, kind)
    with pytest.raises(WrongState, match="has no invoice"):
        issue(worker, desk, order, "return_invoice")
    with pytest.raises(DaichoError, match="no such document"):
        issue(worker, desk, order, "statement")
    assert findings(admin) == {}


def test_who_sees_a_part_of_the_orders_closes_nothing(worker, admin, stocked, as_staff):
    order = sold(worker, admin, stocked, "1", (1, 1000, "0.1"))
    customer = terms(admin)
    for role in ("warehouse", "analyst", "merchandiser"):
        with pytest.raises(NotAllowed):
            sql.call(as_staff(role), "document.statements_due", CLOSED)
    desk = as_staff("order_desk")
    number = account_of(desk)
    admin.execute(
        "update staff.account set sees_all_shops = false where account_id = %s", (number,)
    )
    admin.execute(
        "insert into staff.account_shop (account_id, shop_id) values (%s, %s)",
        (number, stocked.shops["one"]),
    )
    assert sql.call(desk, "document.statements_due", CLOSED) == []
    with pytest.raises(DaichoError, match="who sees every shop"):
        state(worker, number, customer)
    # And an order on a statement that they cannot see is not invoiced by them
    accountant = account_of(as_staff("accounting"))
    state(worker, accountant, customer)
    assert desk.execute("select count(*) from document.issued_document").fetchone()[0] == 0
    with pytest.raises(WrongState, match="is on B-0000001 already"):
        issue(worker, number, order)


def test_invoices_and_statements_at_once_never_both(worker, admin, stocked, fresh_database, desk):
    orders = [sold(worker, admin, stocked, str(n), (1, 1000, "0.1")) for n in range(12)]
    customer = terms(admin)
    start = threading.Barrier(4)

    def invoices(place):
        count = 0
        with sql.connect(fresh_database.worker, account_id=1) as connection:
            start.wait()
            for order in orders[place::3]:
                try:
                    issue(connection, desk, order)
                    count += 1
                except WrongState as error:
                    assert "already" in error.message  # noqa: PT017 - in a thread
        return count

    def states(_):
        with sql.connect(fresh_database.worker, account_id=1) as connection:
            start.wait()
            return state(connection, desk, customer).issued_document_id

    with ThreadPoolExecutor(4) as pool:
        made = [pool.submit(invoices, place) for place in range(3)]
        stated = pool.submit(states, 0).result()
        invoiced = sum(one.result() for one in made)
    taxed = admin.execute(
        "select count(*) filter (where original_id is null) as taxed, count(*) as stated from document.issued_statement_order where issued_document_id = %s",
        (stated,),
    ).fetchone()
    assert taxed.taxed + invoiced == taxed.stated == len(orders)
    assert invoiced
    assert findings(admin) == {}


def test_two_who_close_one_account_at_once_close_it_once(
    worker, admin, stocked, fresh_database, desk
):
    sold(worker, admin, stocked, "1", (1, 1000, "0.1"))
    customer = terms(admin)
    start = threading.Barrier(3)

    def one(_):
        with sql.connect(fresh_database.worker, account_id=1) as connection:
            start.wait()
            try:
                return str(bool(state(connection, desk, customer)))
            except WrongState as error:
                return error.message

    with ThreadPoolExecutor(3) as pool:
        found = sorted(pool.map(one, range(3)))
    assert found[0] == "True"
    assert all("closed up to" in said for said in found[1:])
    assert findings(admin) == {}


def test_the_same_job_goes_on_with_what_it_has_numbered(worker, admin, stocked, desk):
    sold(worker, admin, stocked, "1", (1, 1000, "0.1"))
    customer = terms(admin)
    first = state(worker, desk, customer, job=7)
    again = state(worker, desk, customer, job=7)
    assert (again.issued_document_id, again.facts) == (first.issued_document_id, None)


@pytest.mark.parametrize(
    "planted", ["sales", "received", "invoiced_before", "order", "chain", "twice", "payment"]
)
def test_the_check_finds_what_is_wrong(worker, admin, stocked, desk, planted):
    one = sold(worker, admin, stocked, "1", (1, 1000, "0.1"))
    sold(worker, admin, stocked, "2", (1, 500, "0.1"))
    customer = terms(admin)
    issue(worker, desk, one)
    pay(admin, one, 100, on="2026-09-20")
    first = state(worker, desk, customer).issued_document_id
    second = state(worker, desk, customer, LATER).issued_document_id
    assert findings(admin) == {}
    admin.execute("set session_replication_role = replica")
    admin.execute({
        "sales": f"update document.issued_statement set sales = sales + 1, due = due + 1 where issued_document_id = {second}",
        "received": f"update document.issued_statement set received = received + 1, carried_over = carried_over - 1, due = due - 1 where issued_document_id = {second}",
        "invoiced_before": f"update document.issued_statement_order set amount = 999 where issued_document_id = {first} and original_id is not null",
        "order": f"update document.issued_statement_order set amount = 499 where issued_document_id = {first} and original_id is null",
        "chain": f"update document.issued_statement set previous_due = 1, carried_over = 1 - received, due = 1 - received + sales + invoiced_before where issued_document_id = {second}",
        "twice": f"insert into document.issued_statement_order select {second}, sales_order_id, 2, null, null, amount from document.issued_statement_order where original_id is null",
        "payment": f"insert into document.issued_statement_payment select {second}, payment_id, amount from document.issued_statement_payment",
    }[planted])  # fmt: skip
    admin.execute("reset session_replication_role")
    assert planted in {row[1] for row in findings(admin)["check_issued_statement"]}


@pytest.mark.parametrize(
    ("month", "day", "said"),
    [("2026-02-10", 31, "2026-02-28"), ("2028-02-01", 30, "2028-02-29"), ("2026-12-05", 20, "2026-12-20"), ("2026-04-30", 31, "2026-04-30")],
)  # fmt: skip
def test_the_last_day_is_the_last_day(admin, month, day, said):
    assert str(admin.execute("select document.day_of_month(%s, %s)", (month, day)).fetchone()[0]) == said  # fmt: skip


@pytest.mark.parametrize("wrong", [(0, 1, 5), (32, 1, 5), (20, 4, 5), (20, 0, 20), (20, 1, 32)])
def test_terms_that_make_no_sense_are_refused(worker, admin, stocked, wrong):
    sold(worker, admin, stocked, "1", (1, 1000, "0.1"))
    with pytest.raises(Exception, match="credit_term_"):
        terms(admin, *wrong)


def test_draft_without_customer_is_nobody_s(worker, admin, stocked, desk):
    accept(worker, stocked, bought("9", (1, 10, "0.1")))
    assert order_id(worker, stocked, "9")
    with as_person(worker, desk):
        assert sql.call(worker, "document.statements_due", CLOSED) == []
