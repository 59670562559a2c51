"""Statements of a closing date by the job: all that are due or those chosen, one PDF, kept; a killed worker goes on."""

import random
from decimal import Decimal

import pytest

from sync.render.standard import template_of
from tests.documents.invoice_rules import gaps, sheets_of, ways, wrong
from tests.ledger.shop import House as Ledger
from tests.ledger.shop import accept
from tests.sync.people import a_worker, an_account, asked, killed, taken_over, until
from tests.sync.test_forms import take
from tests.sync.test_invoice_month import ISSUERS, an_order
from tests.sync.test_issuing import file_of, ledger, registered, run, sheets, some_orders

CLOSED, LATER = "2026-09-30", "2026-10-31"


def findings(house):
    return [
        tuple(row)
        for view in ("check_issued_document", "check_issued_statement")
        for row in house.all(f"select * from report.{view}")
    ]


def on_credit(house, customers, *, closing=31, on="2026-09-15"):
    """All orders are credit sales that left on a day, shared out among so many customers."""
    house.admin.execute("delete from customer.credit_term")
    ids = [
        house.one("insert into customer.customer default values returning customer_id").customer_id
        for _ in range(customers)
    ]
    for place, customer in enumerate(ids):
        house.admin.execute(
            "insert into customer.customer_party (customer_id, company) values (%s, %s)",
            (customer, f"株式会社顧客{place + 1}"),
        )
        house.admin.execute(
            "insert into customer.credit_term (customer_id, closing_day, payment_day, starts_on) values (%s, %s, 25, '2026-01-01')",
            (customer, closing),
        )
        house.admin.execute(
            "update sales.sales_order set customer_id = %(customer)s, payment_method = 'credit_sale', shipped_at = case when shipped_at is not null then %(on)s::timestamptz end"
            " where sales_order_id %% %(all)s = %(place)s",
            {"customer": customer, "on": f"{on} 12:00+09", "all": customers, "place": place},
        )
    return ids


@pytest.fixture
def sold(house):
    some_orders(house, 6)
    return on_credit(house, 3)


def test_all_who_are_due_get_one_each_and_the_next_month_goes_on(house, sold):
    desk = an_account(house.admin, "accounting")
    row = run(house, desk, "issue_statements", closes_on=CLOSED)
    assert row.error is None
    assert row.answer == {"documents": len(sold)}
    papers = sheets_of(file_of(house, row))
    assert [paper.number for paper in papers] == ["B-0000001", "B-0000002", "B-0000003"]
    assert {sheet.number: wrong(sheet) for sheet in papers if wrong(sheet)} == {}
    for place, paper in enumerate(papers):
        assert f"株式会社顧客{place + 1} 御中" in paper.text
        assert "2026年9月1日〜2026年9月30日" in paper.text
        assert "お支払期限 2026年10月25日" in paper.text
    orders = house.all("select external_order_no from sales.sales_order")
    assert all(sum(one.external_order_no in paper.text for paper in papers) == 1 for one in orders)
    assert findings(house) == []
    again = run(house, desk, "issue_statements", closes_on=CLOSED)
    assert "締める顧客がいません" in again.error
    later = sheets_of(file_of(house, run(house, desk, "issue_statements", closes_on=LATER)))
    assert [paper.number for paper in later] == ["B-0000004", "B-0000005", "B-0000006"]
    assert all("前回の請求書 B-000000" in paper.text for paper in later)
    assert findings(house) == []


def test_chosen_ones_alone_and_who_is_refused_holds_up_nobody(house, sold):
    desk = an_account(house.admin, "owner")
    house.admin.execute("update customer.customer_party set company = null where customer_id = %s", (sold[0],))  # fmt: skip
    keys = [
        {"customer_id": customer, "issuer": ISSUERS[0], "currency_code": "JPY", "tax_inclusive": True}
        for customer in sold[:2]
    ]  # fmt: skip
    row = run(house, desk, "issue_statements", closes_on=CLOSED, keys=keys)
    assert (row.answer["documents"], row.answer["refused"]) == (1, 1)
    assert "名前がありません" in row.answer["reasons"][0]["reason"]
    assert [one.customer_id for one in ledger(house)] == [sold[1]]
    assert findings(house) == []


def test_a_copy_of_a_statement_is_marked_and_is_the_kept_one(house, sold):
    desk = an_account(house.admin, "owner")
    keys = [
        {"customer_id": sold[0], "issuer": ISSUERS[0], "currency_code": "JPY", "tax_inclusive": True}
    ]  # fmt: skip
    first = file_of(house, run(house, desk, "issue_statements", closes_on=CLOSED, keys=keys))
    house.admin.execute("update document.sender set sender_name = '別の店'")
    row = run(house, desk, "print_issued")
    copies = sheets(file_of(house, row))
    assert b"pdfaid:part" in first
    for page, copy in zip(sheets(first), copies, strict=True):
        assert copy.replace("写し 1", "").split() == page.split()
        assert "写し 1" in copy
    assert run(house, desk, "export_issued").error is None
    assert {row.copy_act for row in house.all("select copy_act from document.issued_copy")} == {"issue", "print", "export"}  # fmt: skip


def test_nobody_closes_accounts_beyond_their_rights(house, sold):
    stranger = an_account(house.admin, "order_desk", sees_all=False)
    for who in (stranger, an_account(house.admin, "warehouse")):
        row = run(house, who, "issue_statements", closes_on=CLOSED)
        assert row.error
        assert row.stored_as is None
    assert "引数" in run(house, stranger, "issue_statements", closes_on="soon").error
    assert ledger(house) == []


def test_an_english_shop_s_statement_is_english(house, sold):
    registered(house, locale="en")
    house.admin.execute("update document.sender set locale = 'en', bank_account = 'MUFG 1234567'")
    row = run(house, an_account(house.admin, "owner"), "issue_statements", closes_on=CLOSED)
    text = "\n".join(sheets(file_of(house, row)))
    assert "Amount due" in text
    assert "MUFG 1234567" in text


def test_a_worker_killed_between_two_statements_goes_on(house, tmp_path):
    some_orders(house, 6)
    on_credit(house, 6)
    owner = an_account(house.admin, "owner")
    number = asked(house, owner, "issue_statements", closes_on=CLOSED)
    house.dispatcher.sweep(house.connection)
    with a_worker(house, tmp_path, pause=0.6) as process:
        until(house, number, lambda row: row.done and row.done >= 2)
        killed(process)
    numbered = len(ledger(house))
    assert 0 < numbered < 6
    taken_over(house, number)
    with a_worker(house, tmp_path):
        row = until(house, number, lambda row: row.done_at)
    assert row.error is None
    assert row.answer == {"documents": 6}
    assert [one.document_no for one in ledger(house)] == [f"B-{n:07}" for n in range(1, 7)]
    assert len(sheets_of(file_of(house, row))) == 6
    assert findings(house) == []


def test_a_quarter_of_statements_keeps_the_rules(house):
    """Three months of orders of several shops, some invoiced by themselves, some returned: paper and ledger agree."""
    rnd = random.Random(7)
    shops = sorted(house.shop_ids)[:3]
    for place, shop in enumerate(shops):
        house.admin.execute(
            "insert into document.sender (shop_id, sender_name, invoice_registration_no) values (%(shop)s, '商店', %(no)s)"
            " on conflict (shop_id) do update set invoice_registration_no = excluded.invoice_registration_no, locale = 'ja'",
            {"shop": house.shop_ids[shop], "no": ISSUERS[place // 2]},
        )
    house.admin.execute(
        "insert into base.exchange_rate values ('USD', '2026-07-01', 151.23) on conflict do nothing"
    )
    known = Ledger(shops=house.shop_ids, warehouses={}, skus={})
    accept(house.connection, known, *[an_order(rnd, no, shops[no % 3]) for no in range(60)])
    house.admin.execute("update sales.sales_order set paid_at = null")
    customers = on_credit(house, 4)
    house.admin.execute(
        "update sales.sales_order set shipped_at = '2026-08-05 12:00+09'::timestamptz + (sales_order_id % 70) * interval '1 day' where cancelled_at is null"
    )
    owner = an_account(house.admin, "owner")
    own = [{"sales_order_id": row.sales_order_id} for row in house.all("select sales_order_id from sales.sales_order where cancelled_at is null order by 1 limit 7")]  # fmt: skip
    papers = sheets_of(file_of(house, run(house, owner, "issue_documents", document_kind="invoice", keys=own)))  # fmt: skip
    for closes_on in ("2026-08-31", "2026-09-30", "2026-10-31"):
        row = run(house, owner, "issue_statements", closes_on=closes_on)
        assert row.error is None
        assert "refused" not in row.answer, row.answer
        papers += sheets_of(file_of(house, row))
        assert findings(house) == []
        if closes_on == "2026-10-31":
            break
        for line in house.all(
            "select distinct on (line.sales_order_id) line.sales_order_line_id, line.unit_price, sold.shop_id from sales.sales_order_line as line"
            " join sales.sales_order as sold using (sales_order_id) join document.issued_statement_order as stood using (sales_order_id)"
            " where not exists (select from sales.line_cancellation as back where back.sales_order_line_id = line.sales_order_line_id)"
            " order by line.sales_order_id, line.line_no limit 4"
        ):
            house.admin.execute(
                "insert into sales.line_cancellation (sales_order_line_id, cancelled_at, quantity, amount, shop_id, external_cancel_no, line_key)"
                " values (%s, now(), 1, %s, %s, %s, '1')",
                (line.sales_order_line_id, line.unit_price, line.shop_id, f"c{line.sales_order_line_id}"),
            )  # fmt: skip
    assert len(papers) == len(ledger(house))
    assert {sheet.number: problems for sheet in papers if (problems := wrong(sheet))} == {}
    assert {sheet.number[0] for sheet in papers} == {"I", "B"}
    assert {sheet.currency for sheet in papers} == {"JPY", "USD"}
    assert any("返品・返金" in sheet.text for sheet in papers)
    assert any("請求書発行済みの受注" in sheet.text for sheet in papers)
    assert ways(papers)
    for issuer in ISSUERS:
        assert gaps([sheet for sheet in papers if issuer in sheet.text]) == []
    # Nothing is lost: what is due in the end is all that was sold, less what came back and was paid
    for customer in customers:
        for series in house.all(
            "select issuer, currency_code, tax_inclusive, max(issue_part) as part from document.issued_document where customer_id = %s and document_kind = 'statement' group by 1, 2, 3",
            customer,
        ):
            due, sold = house.admin.execute(
                "select (select due from document.issued_statement join document.issued_document as last using (issued_document_id) where last.customer_id = %(customer)s"
                " and last.issuer = %(issuer)s and last.currency_code = %(currency)s and last.tax_inclusive = %(net)s and last.issue_part = %(part)s) as due,"
                " (select sum(document.charge(sold.sales_order_id, true)) - coalesce(sum((select sum(amount) from sales.payment where sales_order_id = sold.sales_order_id and paid_at < '2026-11-01')), 0)"
                " from sales.sales_order as sold join document.sender using (shop_id) where sold.customer_id = %(customer)s and invoice_registration_no = %(issuer)s and currency_code = %(currency)s"
                " and tax_inclusive = %(net)s and cancelled_at is null) as sold",
                {"customer": customer, "issuer": series.issuer, "currency": series.currency_code, "net": series.tax_inclusive, "part": series.part},
            ).fetchone()  # fmt: skip
            # Where prices are without tax a month is rounded once, and orders by themselves often
            off = Decimal(0) if series.tax_inclusive else Decimal(40)
            assert abs(due - sold) <= off, (series, due, sold)


def test_a_shop_s_own_template_sets_its_statements_and_a_broken_one_gives_way(house, sold):
    body = template_of("statement")["main.typ"]
    own = body.replace("  amount-box(one)\n", "  [OWN]\n  amount-box(one)\n")
    own = own.replace("[OWN]", '[#if one.document_no == "B-0000002" { one.nothing } OWN]')
    lacking = body.replace("    from(one.sender),\n", "    [OWN],\n")
    for mall in ("hinode-1", "minato-1"):
        take(house, mall, own, "statement")
    owner = an_account(house.admin, "owner")
    row = run(house, owner, "issue_statements", closes_on=CLOSED)
    pages = sheets(file_of(house, row))
    assert row.answer["documents"] == 3
    assert ["OWN" in page for page in pages] == [True, False, True]
    (told,) = row.answer["reasons"]
    assert told["row"] == "B-0000002"
    assert "標準の様式で作りました。" in told["reason"]
    for mall in ("hinode-1", "minato-1"):
        take(house, mall, lacking, "statement")
    row = run(house, owner, "issue_statements", closes_on=LATER)
    pages = sheets(file_of(house, row))
    assert not any("OWN" in page for page in pages)
    assert len(row.answer["reasons"]) == 3
    # A balance alone is no qualified invoice and needs no registration number
    assert all("発行者の名前が載っていません" in one["reason"] for one in row.answer["reasons"])
    assert findings(house) == []
