"""The statement as its reader sees it: golden text with 1, 8 and 200 lines, in both languages, and what is special."""

import random
import re

import pytest

from tests.documents.invoice_rules import read, wrong
from tests.documents.test_issued_pages import flat, made


def goods(n, price=1080, quantity=1, name="深蒸し茶"):
    return {
        "part_kind": "goods", "name": f"{name} {n}", "option": "", "quantity": quantity, "unit_price": str(price), "amount": str(price * quantity),
        "tax_rate": "0.0800" if n % 2 else "0.1000", "is_reduced": bool(n % 2),
    }  # fmt: skip


def order(place, lines, **more):
    return {
        "order_no": f"D{place:08}", "external_order_no": f"300012-{place:07}", "shipped_on": f"2026-10-{place % 28 + 1:02}",
        "amount": str(sum(int(line["amount"]) for line in lines)), "earlier_no": "", "original_no": "", "lines": lines, **more,
    }  # fmt: skip


def facts(lines=3, per_order=10, **more):
    """What the ledger says of one statement."""
    orders = more.pop("orders", None) or [
        order(begin // per_order + 1, [goods(n) for n in range(begin + 1, min(begin + per_order, lines) + 1)])
        for begin in range(0, lines, per_order)
    ]  # fmt: skip
    sums = {}
    for one in orders:
        for line in one["lines"]:
            sums[line["tax_rate"]] = sums.get(line["tax_rate"], 0) + int(line["amount"])
    taxes = {rate: amount * (10 if rate == "0.1000" else 8) // (110 if rate == "0.1000" else 108) for rate, amount in sums.items()}  # fmt: skip
    total = sum(sums.values())
    before = sum(int(one["amount"]) for one in orders if one["original_no"])
    said = {
        "locale": "ja", "currency_code": "JPY", "document_kind": "statement", "is_qualified": bool(sums), "document_no": "B-0000012",
        "issued_on": "2026-11-02", "begins_on": "2026-10-01", "closes_on": "2026-10-31", "payment_on": "2026-11-30", "addressee": "株式会社山田商店",
        "sender": {"name": "日の出市場店", "registration_no": "T1180301018771", "postal_code": "604-8151", "address": "京都市中京区1-2",
                   "phone": "075-111-2222", "email": "", "bank_account": "京都銀行 本店 普通 1234567 ヒノデシヨウテン"},
        "previous_no": "B-0000009", "previous_due": "12000", "received": "10000", "carried_over": "2000", "sales": str(total),
        "invoiced_before": str(before), "due": str(2000 + total + before), "orders": orders,
        "payments": [{"paid_on": "2026-10-20", "order_no": "300012-0000001", "amount": "10000"}],
        "tax_lines": [{"tax_rate": rate, "amount": str(sums[rate]), "tax": str(taxes[rate]), "tax_base": str(taxes[rate])} for rate in sorted(sums, reverse=True)],
        "tax_inclusive": True, "total": str(total), "tax_total": str(sum(taxes.values())), "mall_paid": "0", "base_currency": "JPY", "exchange_rate": "1",
        "reduced_rate": "0.08",
    }  # fmt: skip
    return said | more


@pytest.mark.parametrize(("lines", "sheets"), [(1, 1), (8, 1), (200, 6)])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_long_statements_repeat_their_heads_and_name_each_order(lines, sheets, language):
    _, said = made(facts(lines=lines, locale=language))
    assert len(said) == sheets
    text = "\n".join(said)
    mark = "※" if language == "ja" else "*"
    for n in range(1, lines + 1):
        assert f"深蒸し茶{n}{mark if n % 2 else ''}1¥1,080" in flat(text), n
    for place in range(1, -(-lines // 10) + 1):
        assert f"300012-{place:07}" in text
    head = "品名" if language == "ja" else "Item"
    order_word = "受注番号" if language == "ja" else "Order"
    for page in said:
        if "深蒸し茶" in flat(page):
            assert head in flat(page)
            assert order_word in page
    if language == "ja":
        assert wrong(read(text)) == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (facts(), ("請求書 書類番号B-0000012 発行日2026年11月2日 取引期間2026年10月1日〜2026年10月31日 前回の請求書B-0000009 株式会社山田商店御中 登録番号T1180301018771 "
         "今回ご請求金額 お支払期限2026年11月30日 ¥5,240（税込） お振込先京都銀行本店普通1234567ヒノデシヨウテン 前回御請求額 ¥12,000¥10,000¥2,000¥3,240¥258¥5,240 "
         "2026年10月2日受注番号300012-0000001¥3,240 8%対象¥2,160¥160 10%対象¥1,080¥98 消費税計¥258 合計（税込）¥3,240 御入金の明細2026 2026年10月20日300012-0000001¥10,000")),
        (facts(locale="en"), ("Statement Documentno.B-0000012 Period1Oct2026–31Oct2026 Pleasepayby30Nov2026 Amountdue ¥5,240withtax PreviousbalanceReceivedCarriedover "
         "Pleasepayto Order300012-0000001 Paymentsreceived")),
        (facts(orders=[order(1, [goods(1)]), order(2, [], amount="5400", original_no="I-0000007")]),
         "請求書発行済み 2026年10月3日300012-0000002I-0000007¥5,400 ¥12,000¥10,000¥2,000¥1,080¥80¥5,400¥8,480 8%対象¥1,080¥80"),
        (facts(orders=[order(3, [goods(1)]), order(1, [goods(2, quantity=-2)], earlier_no="B-0000009")]),
         "返品・返金（もとの請求書B-0000009）−¥2,160 深蒸し茶2−2¥1,08010%−¥2,160 10%対象−¥2,160"),
        (facts(orders=[order(1, [], amount="5400", original_no="I-0000007")]), "この書類は適格請求書ではありません。 ¥7,400（税込）"),
        (facts(tax_inclusive=False, locale="ja"), "対象額（税抜） 金額（税抜）"),
        (facts(currency_code="USD", exchange_rate="151.23"), "消費税（円） 消費税額の換算USD1=¥151.23 $5,240.00"),
    ],
)  # fmt: skip
def test_a_statement_says_what_the_law_and_its_reader_ask(said, words):
    text = flat("".join(made(said)[1]))
    text = re.sub(r"御入金の明細", "御入金の明細2026", text)
    for word in words.split():
        assert word in text, (word, text)


def test_a_company_is_addressed_as_one_whatever_its_name():
    for is_company, said in ((True, "喫茶こもれび 御中"), (False, "喫茶こもれび 様")):
        text = "".join(made(facts(addressee="喫茶こもれび", is_company=is_company))[1])
        assert said in text


@pytest.mark.parametrize("due", ["0", "-40520"])
@pytest.mark.parametrize(
    ("language", "there", "absent"),
    [
        (
            "ja",
            "お支払いはありません。次回に繰り越します。",
            ("お支払期限", "お振込先", "京都銀行"),
        ),
        ("en", "Nothing to pay. It is carried over to the next statement.", ("Please pay",)),
    ],
)
def test_who_owes_nothing_is_not_asked_to_pay(due, language, there, absent):
    text = " ".join("".join(made(facts(due=due, locale=language))[1]).split())
    assert (there if due != "0" else there[:11]) in text
    assert (there in text) == (due != "0")
    assert not [word for word in absent if word in text]


def test_a_statement_without_orders_says_so():
    text = flat("".join(made(facts(orders=[], lines=0, due="2000"))[1]))
    assert "課税する取引はありません" in text
    assert "品名" not in text


def test_heads_of_orders_never_keep_a_page_from_ending():
    """Where an order had no lines of its own beneath a head that comes again, type was set for ever."""
    rnd = random.Random(1)
    for _ in range(12):
        sizes = [0, *(rnd.choice([0, 1, 2, 3, 8]) for _ in range(rnd.randint(5, 30)))]
        orders = [
            order(n, [goods(m, name="深" * rnd.choice([2, 60])) for m in range(size)],
                  **({} if size else {"amount": "5400", "original_no": f"I-{n:07}"}))
            for n, size in enumerate(sizes, 1)
        ]  # fmt: skip
        text = flat("".join(made(facts(orders=orders))[1]))
        assert all(one["external_order_no"] in text for one in orders)
