"""A month of orders of several shops, invoiced by the jobs, read back from paper by a checker that knows the rules alone."""

import random
from collections import defaultdict
from decimal import ROUND_FLOOR, Decimal

import pytest

from tests.documents.invoice_rules import doubtful, gaps, read, sheets_of, ways, wrong
from tests.ledger.shop import Draft, accept
from tests.ledger.shop import House as Ledger
from tests.sync.people import an_account
from tests.sync.test_issuing import file_of, findings, ledger, run

ISSUERS = ("T1180301018771", "T7000012050002")
ORDERS = 120


def an_order(rnd: random.Random, no: int, shop: str) -> Draft:
    """One order of the month: any mix of rates, fees, points, currencies; its total is what the shop charged."""
    is_inclusive = rnd.random() < 0.8
    currency = "USD" if rnd.random() < 0.1 else "JPY"
    scale = 2 if currency == "USD" else 0
    rates = rnd.choice([("0.1",), ("0.08",), ("0.1", "0.08"), ("0.1", "0.08")])
    lines = []
    for n in range(1, rnd.choice([1, 1, 2, 3, 8]) + 1):
        price = Decimal(
            rnd.choice([1, 33, 105, 999, 1080, 19_801, 9_999_999, rnd.randint(1, 20_000)])
        ).scaleb(-scale)
        lines.append(
            {"line_key": str(n), "line_no": n, "external_listing_no": "x", "line_name": f"深蒸し茶 {n}号", "quantity": rnd.choice([1, 1, 2, 7]),
             "unit_price": str(price), "tax_rate": rnd.choice(rates)}
        )  # fmt: skip
    goods = sum(line["quantity"] * Decimal(line["unit_price"]) for line in lines)
    fees = []
    if rnd.random() < 0.5:
        fees.append(
            {
                "fee_kind": "shipping_fee",
                "amount": str(Decimal(550).scaleb(-scale)),
                "tax_rate": "0.1",
                "is_shop_funded": True,
            }
        )
    if rnd.random() < 0.3 and is_inclusive:
        fees.append(
            {
                "fee_kind": "coupon",
                "amount": str(-(goods / 7).quantize(Decimal(1).scaleb(-scale), ROUND_FLOOR)),
                "is_shop_funded": True,
            }
        )
    if rnd.random() < 0.3:
        fees.append(
            {
                "fee_kind": "points",
                "amount": str(-(goods / 9).quantize(Decimal(1).scaleb(-scale), ROUND_FLOOR)),
                "is_shop_funded": False,
            }
        )
    fees = [fee for fee in fees if Decimal(fee["amount"])]
    total = goods + sum(Decimal(fee["amount"]) for fee in fees)
    more = {}
    if not is_inclusive:
        by_rate = defaultdict(Decimal)
        for line in lines:
            by_rate[line["tax_rate"]] += line["quantity"] * Decimal(line["unit_price"])
        for fee in fees:
            by_rate[fee.get("tax_rate", "")] += (
                Decimal(fee["amount"]) if fee["is_shop_funded"] else 0
            )
        by_rate.pop("", None)
        tax = sum(
            (amount * Decimal(rate)).quantize(Decimal(1).scaleb(-scale), ROUND_FLOOR)
            for rate, amount in by_rate.items()
        )
        total += tax
        more["tax_total"] = str(tax)
    more |= {
        "lines": lines, "fees": fees, "total": str(total), "tax_inclusive": is_inclusive, "currency_code": currency, "is_gift": rnd.random() < 0.2,
        "ordered_at": f"2026-11-{no % 28 + 1:02}T03:00:00Z",
        "payments": [{"external_payment_no": f"p{no}", "paid_at": "2026-11-29T00:00:00Z", "amount": str(total), "payment_method": "card"}],
    }  # fmt: skip
    return Draft(
        no=f"M-{no:04}",
        shop=shop,
        is_history=True,
        is_cancelled=rnd.random() < 0.05,
        more=tuple(more.items()),
    )


@pytest.fixture
def month(house):
    rnd = random.Random(5)
    shops = sorted(house.shop_ids)[:3]
    for place, shop in enumerate(shops):
        house.admin.execute(
            "insert into document.sender (shop_id, sender_name, invoice_registration_no, address) values (%(shop)s, %(name)s, %(no)s, '京都市中京区1-2')"
            " on conflict (shop_id) do update set invoice_registration_no = excluded.invoice_registration_no, locale = 'ja'",
            {"shop": house.shop_ids[shop], "name": f"{shop} 商店", "no": ISSUERS[place // 2]},
        )
    known = Ledger(shops=house.shop_ids, warehouses={}, skus={})
    house.admin.execute(
        "insert into base.exchange_rate values ('USD', '2026-10-01', 151.23) on conflict do nothing"
    )
    drafts = [an_order(rnd, no, shops[no % 3]) for no in range(ORDERS)]
    for begin in range(0, ORDERS, 30):
        accept(house.connection, known, *drafts[begin : begin + 30])
    return drafts


def give_back(house, rnd):
    """Some of what was invoiced comes back: lines, or money alone."""
    lines = house.all(
        "select distinct on (line.sales_order_id) line.sales_order_line_id, line.sales_order_id, line.unit_price, sales_order.shop_id, currency.decimals"
        " from sales.sales_order_line as line join sales.sales_order as sales_order using (sales_order_id)"
        " join base.currency as currency using (currency_code)"
        " where sales_order_id in (select sales_order_id from document.issued_document) order by line.sales_order_id, line.line_no"
    )  # fmt: skip
    for line in rnd.sample(lines, 20):
        if rnd.random() < 0.6:
            house.admin.execute(
                "insert into sales.line_cancellation (sales_order_line_id, cancelled_at, quantity, amount, shop_id, external_cancel_no, line_key)"
                " values (%s, now(), 1, %s, %s, %s, '1')",
                (
                    line.sales_order_line_id,
                    line.unit_price,
                    line.shop_id,
                    f"c{line.sales_order_id}",
                ),
            )
        else:
            house.admin.execute(
                "insert into sales.payment (sales_order_id, paid_at, amount, payment_method, external_payment_no) values (%s, now(), %s, 'card', 'back')",
                (line.sales_order_id, -Decimal(17).scaleb(-int(line.decimals))),
            )


def test_a_month_of_invoices_keeps_the_rules(house, month):
    owner = an_account(house.admin, "owner")
    papers = []
    row = run(house, owner, "issue_documents", document_kind="invoice")
    cancelled = sum(draft.is_cancelled for draft in month)
    assert row.error is None
    assert row.answer["documents"] + row.answer.get("refused", 0) == ORDERS
    reasons = [one["reason"] for one in row.answer["reasons"] if "キャンセル" not in one["reason"]]
    assert reasons == []
    assert row.answer["refused"] == cancelled > 0
    papers += sheets_of(file_of(house, row))
    give_back(house, random.Random(3))
    row = run(house, owner, "issue_documents", document_kind="receipt")
    papers += sheets_of(file_of(house, row))
    row = run(house, owner, "issue_documents", document_kind="return_invoice")
    assert row.answer["documents"] == 20
    papers += sheets_of(file_of(house, row))
    found = {sheet.number: problems for sheet in papers if (problems := wrong(sheet))}
    assert found == {}
    assert len(papers) == len(ledger(house))
    assert {sheet.currency for sheet in papers} == {"JPY", "USD"}
    assert {sheet.is_inclusive for sheet in papers} == {True, False}
    assert {len(sheet.rates) for sheet in papers} == {1, 2}
    assert any("モール負担" in sheet.text for sheet in papers)
    assert ways(papers)
    by_issuer = defaultdict(list)
    for sheet in papers:
        number = next(issuer for issuer in ISSUERS if issuer in sheet.text)
        assert not doubtful(number)
        by_issuer[number].append(sheet)
    assert len(by_issuer) == 2
    assert [gaps(sheets) for sheets in by_issuer.values()] == [[], []]
    # The same again makes no second original, and copies are marked
    assert (
        "すでに" in run(house, owner, "issue_documents", document_kind="simplified_invoice").error
    )
    key = [{"issued_document_id": one.issued_document_id} for one in ledger(house)[:5]]
    copies = sheets_of(file_of(house, run(house, owner, "print_issued", keys=key)))
    assert [sheet.is_copy for sheet in copies] == [True] * 5
    assert not any(sheet.is_copy for sheet in papers)
    assert findings(house) == []


PAPER = """写し 1
書類番号 I-0000001
取引日 2026年11月24日
請求書
株式会社山田商店 御中
登録番号 T1180301018771
ご請求金額
¥2,169（税込）
品名 数量 単価 税率 金額（税込）
茶 ※ 1 ¥1,080 8% ¥1,080
缶 1 ¥1,089 10% ¥1,089
税率 対象額（税込） 消費税
10%対象 ¥1,089 ¥99
8%対象 ¥1,080 ¥80
消費税計 ¥179
合計（税込） ¥2,169
※ は軽減税率（8%）の対象です。
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("登録番号 T1180301018771", "", "1 "),
        ("取引日 2026年11月24日", "", "2 "),
        (" ※ 1", " 1", "3 "),
        ("¥1,089\n税率", "¥1,090\n税率", "4 "),
        ("¥99", "¥97", "5 "),
        ("¥179", "¥180", "5 "),
        ("合計（税込） ¥2,169", "合計（税込） ¥2,170", "4 "),
        (" 御中", "", "6 "),
    ],
)
def test_the_checker_finds_what_breaks_a_rule(old, new, said):
    assert wrong(read(PAPER)) == []
    assert read(PAPER).is_copy
    assert old in PAPER
    found = wrong(read(PAPER.replace(old, new)))
    assert any(one.startswith(said) for one in found), found
    assert doubtful("T2180301018771")
