"""Each issued document as its reader sees it: golden text with 1, 8 and 200 lines, in both languages."""

import io
import re
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
import pytest

from sync.issuing import marked
from sync.render import pages
from sync.render.issued_file import data_of
from sync.render.issued_pages import STANDARD, addressee
from sync.render.standard import template_of
from tests.documents.invoice_rules import read, wrong

TOKYO = ZoneInfo("Asia/Tokyo")


def facts(kind="invoice", lines=3, **more):
    """What the ledger says of one document."""
    goods = [
        {"part_kind": "goods", "name": f"深蒸し茶 {n}", "option": "", "code": f"TEA-{n:03}", "quantity": 1, "unit_price": "1080",
         "amount": "1080", "tax_rate": "0.0800" if n % 2 else "0.1000", "is_reduced": bool(n % 2)}
        for n in range(1, lines + 1)
    ]  # fmt: skip
    fee = {"part_kind": "shipping_fee", "name": "送料 | Shipping fee", "option": "", "code": "", "quantity": None, "unit_price": None,
           "amount": "550", "tax_rate": "0.1000", "is_reduced": False}  # fmt: skip
    reduced, standard = 1080 * -(-lines // 2), 1080 * (lines // 2) + 550
    taxes = [("0.1000", standard, standard * 10 // 110), ("0.0800", reduced, reduced * 8 // 108)]
    return {
        "locale": "ja", "currency_code": "JPY", "document_kind": kind, "is_qualified": True, "document_no": "I-0000012", "issued_on": "2026-11-26",
        "transaction_on": "2026-11-24", "order_no": "D00000065", "external_order_no": "300012-0012345", "addressee": "髙橋 𠮷子", "proviso": "",
        "sender": {"name": "日の出市場店", "registration_no": "T1180301018771", "postal_code": "604-8151", "address": "京都市中京区1-2",
                   "phone": "075-111-2222", "email": "", "greeting": "", "note": ""},
        "original_no": "I-0000009" if kind == "return_invoice" else "", "original_on": "2026-11-10", "original_transaction_on": "2026-11-09",
        "lines": [*goods, fee], "tax_lines": [{"tax_rate": rate, "amount": str(amount), "tax": str(tax), "tax_base": str(tax)} for rate, amount, tax in taxes],
        "tax_inclusive": True, "total": str(reduced + standard), "tax_total": str(sum(tax for _, _, tax in taxes)), "mall_paid": "0",
        "base_currency": "JPY", "exchange_rate": "1", "reduced_rate": "0.08", "payment_method": "bank_transfer", "payment_label": "銀行振込 | Bank transfer",
        **more,
    }  # fmt: skip


def made(said):
    """The PDF, twice the same, and its pages as text."""
    parts = template_of(said["document_kind"])
    first, again = pages.typeset_each(parts, [data_of(said, TOKYO)] * 2, standard=STANDARD)
    assert first == again == pages.typeset(parts, data_of(said, TOKYO), standard=STANDARD)
    assert b"pdfaid:part" in first
    return first, [
        page.get_textpage().get_text_range().replace("\r\n", "\n")
        for page in pypdfium2.PdfDocument(io.BytesIO(first))
    ]


def flat(text):
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(("lines", "sheets"), [(1, 1), (8, 1), (200, 6)])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_long_invoices_repeat_their_heads_and_keep_their_sums_together(lines, sheets, language):
    _, said = made(facts(lines=lines, locale=language))
    assert len(said) == sheets
    text = "\n".join(said)
    mark = "※" if language == "ja" else "*"
    for n in range(1, lines + 1):
        assert f"深蒸し茶{n}{mark if n % 2 else ''}1¥1,080" in flat(text), n
    head = "品名" if language == "ja" else "Item"
    assert all(head in flat(page) for page in said if "深蒸し茶" in flat(page))
    assert "合計（税込）" in said[-1] or "Total with tax" in said[-1]
    if language == "ja":
        assert wrong(read(text)) == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (facts(), ("請求書 書類番号I-0000012 発行日2026年11月26日 取引日2026年11月24日 髙橋𠮷子様 登録番号T1180301018771 ご請求金額 ¥3,790（税込） 深蒸し茶1※ "
         "10%対象¥1,630¥148 8%対象¥2,160¥160 消費税計¥308 合計（税込）¥3,790 ※は軽減税率（8%）の対象です。")),
        (facts("receipt", payment_method="bank_transfer", mall_paid="300", proviso="お茶代として"),
         "領収書 領収金額 ¥3,490− 但しお茶代として 上記の金額を正に領収いたしました。 お支払方法銀行振込 ポイント・クーポン（モール負担）−¥300 お支払額¥3,490"),
        (facts("receipt", is_qualified=False), "但しお品代として この書類は適格請求書ではありません。"),
        (facts("return_invoice"), "返還請求書 もとの請求書I-0000009（2026年11月10日発行、取引日2026年11月9日） ご返金額 返還額計（税込）¥3,790 返還日2026年11月24日"),
        (facts("simplified_invoice", addressee=""), "請求書 ご請求金額"),
        (facts(locale="en", currency_code="USD", exchange_rate="151.23"),
         ("Invoice Documentno.I-0000012 Transactiondate24Nov2026 Registrationno.T1180301018771 Amountdue $3,790.00 Shippingfee Totalwithtax "
         "Taxinyen ¥148 TaxconvertedatUSD1=¥151.23 *istaxedatthereducedrateof8%.")),
        (facts("return_invoice", locale="en"), "Returninvoice ForinvoiceI-0000009issuedon10Nov2026 Givenback,withtax¥3,790"),
    ],
)  # fmt: skip
def test_each_document_says_what_the_law_and_its_reader_ask(said, words):
    text = flat("".join(made(said)[1]))
    for word in words.split():
        assert word in text, (word, text)
    assert ("様" in text) is (said["locale"] == "ja" and bool(said["addressee"]))


def test_only_receipts_of_much_money_on_paper_have_room_for_a_stamp():
    for said, has in (
        (facts("receipt", lines=60), True),
        (facts("receipt", lines=60, payment_method="card"), False),
        (facts("receipt", lines=3), False),
        (facts("invoice", lines=60), False),
    ):
        assert ("収入印紙" in "".join(made(said)[1])) is has


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("髙橋 𠮷子", "髙橋 𠮷子 様"), ("株式会社山田商店", "株式会社山田商店 御中"), ("山田商店(株)", "山田商店(株) 御中"), ("㈱山田", "㈱山田 御中"),
        ("株式会社山田商店 髙橋 𠮷子", "株式会社山田商店 髙橋 𠮷子 様"), ("上様", "上様"), ("山田商店 御中", "山田商店 御中"), ("", ""),
    ],
)  # fmt: skip
def test_a_company_is_addressed_as_one_and_nobody_twice(name, said):
    assert addressee(name, "ja") == said
    assert addressee(name, "en") == name


def test_a_copy_has_its_mark_on_each_page_over_the_same_content():
    pdf, said = made(facts(lines=60))
    marks = {}
    copy = marked(pdf, "ja", 2, marks)
    assert copy == marked(pdf, "ja", 2, marks) == marked(pdf, "ja", 2, {})
    with pikepdf.open(io.BytesIO(copy)) as file:
        assert len(file.pages) == len(said) > 1
    for page, before in zip(pypdfium2.PdfDocument(io.BytesIO(copy)), said, strict=True):
        text = page.get_textpage().get_text_range()
        assert "写し 2" in text
        assert flat(text.replace("写し 2", "")) == flat(before)
    english = pypdfium2.PdfDocument(io.BytesIO(marked(pdf, "en", 1, marks)))
    assert all("Copy 1" in page.get_textpage().get_text_range() for page in english)
