"""The ledger of issued documents: numbered without gaps, one original, changed by nobody, kept as long as the law asks."""

import contextlib
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import sql
from sql.errors import (
    DaichoError,
    LedgerIsAppendOnly,
    NotAllowed,
    ValueMissing,
    WrongState,
)
from sync.asking import as_person
from tests.ledger.shop import accept, findings, order_id, receive
from tests.sql.issuing import (
    NUMBER,
    account_of,
    bought,
    issue,
    rates,
    sender,
    shipped,
    written,
)


@pytest.fixture
def desk(as_staff):
    return account_of(as_staff("order_desk"))


@pytest.fixture
def stocked(worker, admin, house):
    receive(worker, house, a=5000)
    sender(admin, house)
    return house


def fee(kind, amount, rate=None, *, ours=True):
    said = {"fee_kind": kind, "amount": str(amount), "is_shop_funded": ours}
    return said | ({"tax_rate": rate} if rate else {})


def cancel(admin, house, order, quantity, amount, *, no="C1", line=1):
    admin.execute(
        "insert into sales.line_cancellation (sales_order_line_id, cancelled_at, quantity, amount, shop_id, external_cancel_no, line_key)"
        " select sales_order_line_id, now(), %s, %s, %s, %s, '1' from sales.sales_order_line where sales_order_id = %s and line_no = %s",
        (quantity, amount, house.shops["one"], no, order, line),
    )


def refund(admin, order, amount, no="R1"):
    admin.execute(
        "insert into sales.payment (sales_order_id, paid_at, amount, payment_method, external_payment_no) values (%s, now(), %s, 'card', %s)",
        (order, -amount, no),
    )


def test_an_invoice_states_each_rate_once_and_who_it_is_for(worker, admin, stocked, desk):
    fees = [fee("shipping_fee", 550), fee("coupon", -100)]
    order = shipped(
        worker, stocked, bought("1", (3, 33, "0.1"), (1, 108, "0.08"), fees=fees, total="657")
    )
    found = issue(worker, desk, order)
    row = written(admin, found.issued_document_id)
    assert (row.document_no, row.issuer, row.issue_part, row.is_qualified) == (
        "I-0000001",
        NUMBER,
        1,
        True,
    )
    assert row.account_id == desk
    assert rates(admin, row.issued_document_id) == [
        ("0.1000", 563.0, 51.0),
        ("0.0800", 94.0, 6.0),
    ]
    assert (row.total, row.tax_total, row.mall_paid) == (657, 57, 0)
    facts = found.facts
    assert facts["addressee"] == "山田花子"
    assert facts["sender"]["registration_no"] == NUMBER
    assert [(line["name"], line["amount"], line["is_reduced"]) for line in facts["lines"]][:2] == [
        ("品1", "99", False),
        ("品2", "108", True),
    ]
    assert sum(float(line["amount"]) for line in facts["lines"]) == 657
    assert findings(admin) == {}


def test_what_a_mall_pays_is_no_discount(worker, admin, stocked, desk):
    fees = [fee("points", -300, ours=False)]
    order = shipped(worker, stocked, bought("1", (1, 1000, "0.1"), fees=fees))
    row = written(admin, issue(worker, desk, order).issued_document_id)
    assert (row.total, row.tax_total, row.mall_paid) == (1000, 90, 300)


def test_prices_without_tax_are_rounded_the_way_the_shop_charged(worker, admin, stocked, desk):
    for no, tax in (("1", 9), ("2", 10)):
        order = shipped(
            worker,
            stocked,
            bought(
                no, (3, 33, "0.1"), tax_inclusive=False, tax_total=str(tax), total=str(99 + tax)
            ),
        )
        row = written(admin, issue(worker, desk, order).issued_document_id)
        assert (row.total, row.tax_total) == (99 + tax, tax)
    # Three lines rounded one by one are no way of the invoice system
    order = shipped(
        worker,
        stocked,
        bought("3", (3, 33, "0.1"), tax_inclusive=False, tax_total="12", total="111"),
    )
    with pytest.raises(WrongState, match="is not the sum of its lines"):
        issue(worker, desk, order)
    assert findings(admin).keys() <= {"check_order_amount"}


def test_foreign_money_states_its_tax_in_yen_too(worker, admin, stocked, desk):
    admin.execute("insert into base.exchange_rate values ('USD', '2026-01-01', 150)")
    draft = bought("1", (1, 19.8, "0.1"), currency_code="USD", total="19.8")
    order = shipped(worker, stocked, draft)
    admin.execute("delete from base.exchange_rate")
    with pytest.raises(ValueMissing, match="no rate of USD"):
        issue(worker, desk, order)
    admin.execute("insert into base.exchange_rate values ('USD', '2026-01-01', 150)")
    found = issue(worker, desk, order)
    (tax,) = found.facts["tax_lines"]
    assert (tax["tax"], tax["tax_base"]) == ("1.80", "270")


@pytest.mark.parametrize(
    "case",
    [
        ("invoice", "unshipped", "has not been shipped"),
        ("invoice", "cancelled", "is cancelled"),
        ("invoice", "unregistered", "no registration no"),
        ("invoice", "nameless", "no addressee"),
        ("receipt", "unpaid", "0 is paid of 1000"),
        ("return_invoice", "shipped", "has no invoice"),
        ("return_invoice", "invoiced", "no amount"),
        ("invoice", "invoiced", "has I-0000001 already"),
        ("simplified_invoice", "invoiced", "has I-0000001 already"),
        ("delivery_note", "shipped", "no such document"),
    ],
)
def test_what_cannot_be_issued_says_why_and_takes_no_number(worker, admin, house, desk, case):
    kind, makes, said = case
    receive(worker, house, a=9)
    sender(admin, house, number=None if makes == "unregistered" else NUMBER)
    draft = bought(
        "1", (1, 1000, "0.1"), paid_at=None if makes == "unpaid" else "2026-11-02T00:00:00Z"
    )
    if makes in ("unshipped", "cancelled", "unpaid"):
        accept(worker, house, draft)
        order = order_id(worker, house, "1")
        if makes == "cancelled":
            sql.call(worker, "sales.order_cancel", order, "buyer")
    else:
        order = shipped(worker, house, draft)
    if makes == "nameless":
        admin.execute("update sales.sales_order_party set buyer_name = null")
    if makes == "invoiced":
        issue(worker, desk, order)
    before = admin.execute(
        "select document_kind, last_number from document.issue_counter"
    ).fetchall()
    with pytest.raises(DaichoError, match=said) as refused:
        issue(worker, desk, order, kind)
    assert " | " in refused.value.hint
    assert ";" not in refused.value.hint
    assert (
        admin.execute("select document_kind, last_number from document.issue_counter").fetchall()
        == before
    )
    assert findings(admin) == {}


def test_a_receipt_is_for_what_was_paid_and_qualified_only_with_a_number(
    worker, admin, house, desk
):
    receive(worker, house, a=9)
    sender(admin, house, number=None)
    accept(worker, house, bought("1", (1, 1000, "0.1")))
    order = order_id(worker, house, "1")
    found = issue(worker, desk, order, "receipt", addressee="株式会社 髙橋", proviso="お茶代として")
    row = written(admin, found.issued_document_id)
    assert (row.document_no, row.issuer, row.is_qualified) == ("R-0000001", "house", False)
    assert (found.facts["addressee"], found.facts["proviso"]) == ("株式会社 髙橋", "お茶代として")


def test_what_was_cancelled_before_is_not_invoiced(worker, admin, stocked, desk):
    order = shipped(worker, stocked, bought("1", (3, 1000, "0.1")))
    cancel(admin, stocked, order, 1, 1000)
    row = written(admin, issue(worker, desk, order).issued_document_id)
    assert row.total == 2000
    assert findings(admin) == {}


def test_returns_state_what_was_given_back_each_time_and_never_more(worker, admin, stocked, desk):
    fees = [fee("coupon", -200)]
    order = shipped(
        worker, stocked, bought("1", (2, 1000, "0.1"), (1, 1080, "0.08"), fees=fees, total="2880")
    )
    first = written(admin, issue(worker, desk, order).issued_document_id)
    cancel(admin, stocked, order, 1, 1000)
    found = issue(worker, desk, order, "return_invoice")
    row = written(admin, found.issued_document_id)
    assert (row.document_no, row.original_id) == ("C-0000001", first.issued_document_id)
    assert rates(admin, row.issued_document_id) == [("0.1000", 1000.0, 90.0)]
    assert found.facts["original_no"] == "I-0000001"
    with pytest.raises(WrongState, match="no amount"):
        issue(worker, desk, order, "return_invoice")
    # Money that was given back beyond what was cancelled is taken off where the cancelled goods were
    refund(admin, order, 1100)
    row = written(admin, issue(worker, desk, order, "return_invoice").issued_document_id)
    assert (row.total, row.document_no) == (100, "C-0000002")
    # All that is left
    cancel(admin, stocked, order, 1, 1000, no="C2")
    cancel(admin, stocked, order, 1, 1080, no="C3", line=2)
    refund(admin, order, 1780, "R2")
    row = written(admin, issue(worker, desk, order, "return_invoice").issued_document_id)
    assert row.total == 2880 - 1000 - 100
    assert "check_issued_document" not in findings(admin)


def test_a_refund_alone_is_given_back_at_the_rates_of_the_sale(worker, admin, stocked, desk):
    order = shipped(worker, stocked, bought("1", (1, 1100, "0.1"), (1, 1080, "0.08")))
    issue(worker, desk, order)
    refund(admin, order, 218)
    row = written(admin, issue(worker, desk, order, "return_invoice").issued_document_id)
    assert rates(admin, row.issued_document_id) == [
        ("0.1000", 110.0, 10.0),
        ("0.0800", 108.0, 8.0),
    ]
    assert row.total == 218


def test_an_order_cancelled_after_its_receipt_and_voids(worker, admin, stocked, desk, as_staff):
    order = shipped(worker, stocked, bought("1", (1, 1000, "0.1")))
    first = issue(worker, desk, order).issued_document_id
    accounting = as_staff("accounting")
    sql.call(accounting, "document.document_void", first, "wrong_addressee")
    with pytest.raises(DaichoError, match="voided already"):
        sql.call(accounting, "document.document_void", first, "wrong_addressee")
    again = written(admin, issue(worker, desk, order, addressee="鈴木商店").issued_document_id)
    assert (again.document_no, again.issue_part) == ("I-0000002", 2)
    cancel(admin, stocked, order, 1, 1000)
    issue(worker, desk, order, "return_invoice")
    with pytest.raises(WrongState, match="has a return invoice"):
        sql.call(accounting, "document.document_void", again.issued_document_id, "other")
    assert findings(admin) == {}


def test_nobody_changes_what_was_issued_and_nobody_issues_without_its_content(
    worker, admin, stocked, as_staff
):
    order = shipped(worker, stocked, bought("1", (1, 1000, "0.1")))
    desk = as_staff("order_desk")
    with pytest.raises(WrongState, match="together with what it states"):
        sql.call(desk, "document.document_issue", order, "invoice", "", "", 1)
    assert admin.execute("select count(*) from document.issued_document").fetchone()[0] == 0
    assert admin.execute("select count(*) from document.issue_counter").fetchone()[0] == 0
    found = issue(worker, account_of(desk), order)
    for table, column in (
        ("issued_document", "total"),
        ("issued_line", "amount"),
        ("issued_tax_line", "tax"),
        ("issued_content", "size"),
    ):
        for statement in (
            f"delete from document.{table}",
            f"update document.{table} set {column} = {column} + 1",
        ):
            with pytest.raises(Exception, match="is a ledger"):
                admin.execute(statement)
    assert LedgerIsAppendOnly.code == "DC001"
    assert written(admin, found.issued_document_id)


class Undone(Exception):
    """What a worker that dies does to its transaction."""


def numbered_and_undone(connection, desk, order):
    with contextlib.suppress(Undone), as_person(connection, desk):
        sql.call(connection, "document.document_issue", order, "invoice", "", "", 9_000 + order)
        raise Undone


def test_numbers_have_no_gap_whoever_issues_at_once_and_is_rolled_back(
    worker, admin, stocked, fresh_database, desk
):
    orders = [shipped(worker, stocked, bought(str(n), (1, 1000, "0.1"))) for n in range(24)]
    start = threading.Barrier(4)

    def one(place):
        rnd, count = random.Random(place), 0
        with sql.connect(fresh_database.worker, account_id=1) as connection:
            start.wait()
            for order in orders[place::4]:
                if rnd.random() < 0.5:
                    numbered_and_undone(connection, desk, order)
                else:
                    issue(connection, desk, order, job=9_000 + order)
                    count += 1
        return count

    with ThreadPoolExecutor(4) as pool:
        made = sum(pool.map(one, range(4)))
    numbers = [
        row[0]
        for row in admin.execute("select issue_number from document.issued_document order by 1")
    ]
    assert 0 < made < len(orders)
    assert numbers == list(range(1, made + 1))
    assert findings(admin) == {}


def test_two_at_once_make_one_original(worker, admin, stocked, fresh_database, desk):
    order = shipped(worker, stocked, bought("1", (1, 1000, "0.1")))
    start = threading.Barrier(2)

    def one(_):
        with sql.connect(fresh_database.worker, account_id=1) as connection:
            start.wait()
            try:
                return bool(issue(connection, desk, order))
            except WrongState as error:
                return error.message

    with ThreadPoolExecutor(2) as pool:
        found = sorted(map(str, pool.map(one, range(2))))
    assert found[0] == "True"
    assert "has I-0000001 already" in found[1]


def test_copies_are_counted_and_a_job_counts_once(worker, admin, stocked, desk):
    order = shipped(worker, stocked, bought("1", (1, 1000, "0.1")))
    number = issue(worker, desk, order).issued_document_id

    def note(job, act="print"):
        return sql.value(worker, "document.issued_copy_note", number, act, desk, job)

    assert [note(1, "issue"), note(2), note(2), note(3), note(1)] == [1, 2, 2, 3, 1]
    assert findings(admin) == {}


@pytest.mark.parametrize("planted", ["gap", "total", "rate", "originals", "copies"])
def test_the_check_finds_what_is_wrong(worker, admin, stocked, desk, planted):
    order = shipped(worker, stocked, bought("1", (1, 1000, "0.1")))
    number = issue(worker, desk, order).issued_document_id
    assert findings(admin) == {}
    admin.execute("set session_replication_role = replica")
    admin.execute({
        "gap": "update document.issue_counter set last_number = 2",
        "total": "update document.issued_document set total = 1001",
        "rate": "update document.issued_tax_line set tax = 92, tax_base = 92",
        "originals": "insert into document.issued_document (document_kind, family, issuer, issue_number, document_no, issued_on, transaction_on, shop_id, sales_order_id, issue_part, is_qualified, tax_inclusive, tax_rounding, exchange_rate, tax_total, mall_paid, total, currency_code, locale, account_id, job_request_id)"
        " select 'simplified_invoice', family, issuer, 1, 'S-0000001', issued_on, transaction_on, shop_id, sales_order_id, 2, is_qualified, tax_inclusive, tax_rounding, exchange_rate, tax_total, mall_paid, total, currency_code, locale, account_id, 0 from document.issued_document",
        "copies": f"insert into document.issued_copy (issued_document_id, copy_no, copy_act, account_id, job_request_id) values ({number}, 2, 'print', 1, 1)",
    }[planted])  # fmt: skip
    admin.execute("reset session_replication_role")
    assert planted in {row[1] for row in findings(admin)["check_issued_document"]}


@pytest.mark.parametrize(
    ("issued", "month", "years", "until"),
    [("2026-11-26", 12, 7, "2034-02-28"), ("2026-11-26", 3, 7, "2034-05-31"), ("2026-03-31", 3, 7, "2033-05-31"), ("2026-12-31", 12, 10, "2037-02-28")],
)  # fmt: skip
def test_the_law_counts_from_two_months_after_the_fiscal_year(admin, issued, month, years, until):
    admin.execute(
        "update base.setting set value = to_jsonb(%s::int) where setting_code = 'fiscal_end_month'",
        (month,),
    )
    admin.execute(
        "update staff.retention_clock set keep = make_interval(years => %s) where retention_code = 'issued_document'",
        (years,),
    )
    assert str(admin.execute("select document.kept_until(%s)", (issued,)).fetchone()[0]) == until
    for wrong in ("keep = '6 years'", "is_on = false"):
        with pytest.raises(Exception, match="retention_law_ck"):
            admin.execute(
                f"update staff.retention_clock set {wrong} where retention_code = 'issued_document'"
            )


def test_a_forgotten_order_s_invoice_stays_until_its_time_is_over(worker, admin, stocked, desk):
    order = shipped(worker, stocked, bought("1", (1, 1000, "0.1")))
    number = issue(worker, desk, order).issued_document_id
    sql.call(worker, "customer.forget", order)
    kept = "select party.addressee, (select count(*) from document.issued_key) as keys from document.issued_party as party"
    assert tuple(admin.execute(kept).fetchone()) == ("山田花子", 1)
    assert findings(admin) == {}
    admin.execute("set session_replication_role = replica")
    admin.execute(
        "update document.issued_document set issued_on = '2018-12-31' where issued_document_id = %s",
        (number,),
    )
    admin.execute("reset session_replication_role")
    assert {row[0] for row in findings(admin)["check_retention"]} == {"issued_document"}
    sql.value(worker, "staff.retention_keep", 100)
    assert tuple(admin.execute(kept).fetchone()) == (None, 0)
    assert findings(admin) == {}


def test_who_may_not_issue_does_not(worker, stocked, as_staff):
    order = shipped(worker, stocked, bought("1", (1, 1000, "0.1")))
    for role in ("warehouse", "analyst", "purchasing", "merchandiser"):
        with pytest.raises(NotAllowed):
            sql.call(as_staff(role), "document.document_issue", order, "invoice", "", "", 1)
    owner = as_staff("owner")
    for table in ("issued_key", "issued_content"):
        with pytest.raises(Exception, match="permission denied"):
            owner.execute(f"select * from document.{table}")
