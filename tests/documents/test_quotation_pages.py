"""Quotations as the customer reads them: 1, 8 and 200 lines, two tax rates, both languages."""

import io
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from sync.render import pages
from sync.render.house import House
from sync.render.order_pages import document, file_of
from sync.render.quotation_samples import quotation_samples
from sync.render.samples import samples
from sync.render.standard import template_of

KIND = "quotation"


def house(language="ja"):
    return House(language=language, zone=ZoneInfo("Asia/Tokyo"), issued_on=date(2026, 11, 26))


def page(lines=2, **more):
    said = [
        {"name": f"深蒸し茶 {n}", "code": f"TEA-{n:03}" if n > 1 else "", "quantity": 12, "unit_price": "1080", "amount": "12960",
         "tax_rate": "0.0800" if n % 2 else "0.1000", "is_reduced": bool(n % 2)}
        for n in range(1, lines + 1)
    ]  # fmt: skip
    taxed = {rate: sum(12960 for line in said if line["tax_rate"] == rate) for rate in ("0.1000", "0.0800")}  # fmt: skip
    taxes = {rate: int(amount * Decimal(rate)) for rate, amount in taxed.items()}
    sums = {
        "tax_lines": [{"tax_rate": rate, "amount": str(taxed[rate]), "tax": str(taxes[rate])} for rate in taxed if taxed[rate]],
        "tax_total": str(sum(taxes.values())), "total": str(sum(taxed.values()) + sum(taxes.values())),
    }  # fmt: skip
    return {**quotation_samples()[0], "lines": said, **sums, **more}


def said(*several, language="ja"):
    local = house(language)
    data = file_of("見積書 | Quotation", local, [document(KIND, one, local) for one in several])
    pdf = pages.typeset(template_of(KIND), data)
    assert pdf == pages.typeset(template_of(KIND), data)
    return [one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(io.BytesIO(pdf))]


def _flat(text):
    return "".join(text.split())


def test_a_quotation_says_to_whom_how_much_and_until_when():
    (text,) = said(page())
    for word in (
        "御見積書", "見積番号 Q-0000002", "見積日 2026年11月26日", "有効期限 2026年12月25日", "〒600-8001", "京都府京都市下京区真町5-24",
        "株式会社みほん", "髙橋 𠮷子 様", "登録番号 T1234567890123", "お見積金額", "¥28,252（税込）", "納期 ご注文から二週間",
        "お支払条件 月末締め翌月末払い", "深蒸し茶 1 ※ 12 ¥1,080 8% ¥12,960", "深蒸し茶 2 TEA-002 12 ¥1,080 10% ¥12,960", "金額（税抜）",
        "10%対象 ¥12,960 ¥1,296", "8%対象 ¥12,960 ¥1,036", "消費税計 ¥2,332", "合計（税込） ¥28,252", "※ は軽減税率（8%）の対象です。", "送料込み",
    ):  # fmt: skip
        assert _flat(word) in _flat(text), (word, text)
    assert "下書き" not in text
    assert "御中" not in text


def test_a_quotation_speaks_english():
    addressee = {**page()["addressee"], "company": "Tea & Sons 🍵", "name": "José Müller"}
    (text,) = said(page(currency_code="USD", total="19.80", tax_inclusive=True, addressee=addressee), language="en")  # fmt: skip
    for word in ("Quotation", "26 Nov 2026", "Valid until 25 Dec 2026", "Tea & Sons", "José Müller", "$19.80", "Taxed, incl.", "Total with tax", "reduced rate of 8%"):  # fmt: skip
        assert _flat(word) in _flat(text), (word, text)
    assert "様" not in text


@pytest.mark.parametrize(
    ("company", "name", "shown"),
    [
        ("株式会社𠮷野", "", "株式会社𠮷野 御中"),
        ("", "渡邉 太郎", "渡邉 太郎 様"),
        ("株式会社𠮷野", "渡邉 太郎", "株式会社𠮷野渡邉 太郎 様"),
        ("", "", ""),
    ],
)
def test_a_firm_and_a_person_are_honoured_as_such(company, name, shown):
    one = document(KIND, page(addressee={**page()["addressee"], "company": company, "name": name}), house())  # fmt: skip
    assert one["addressee"]["company"] + one["addressee"]["name"] == shown


def test_a_draft_says_that_it_is_one():
    (text,) = said(page(is_draft=True))
    assert "下書き" in text
    (text,) = said(page(is_draft=True), language="en")
    assert "Draft" in text


@pytest.mark.parametrize(("lines", "sheets"), [(1, 1), (8, 1), (200, 6)])
def test_long_quotations_repeat_their_heads(lines, sheets):
    texts = said(page(lines), page(lines))
    assert len(texts) == 2 * sheets
    for number, text in enumerate(texts):
        assert text.splitlines()[-1].strip() == str(number % sheets + 1)
        if "TEA-" in text:
            assert "商品コード" in text
    whole = _flat("".join(texts))
    assert all(f"深蒸し茶{number}" in whole for number in range(1, lines + 1))


def test_hostile_words_are_printed_and_harm_nobody():
    hostile = '#panic("x") #read("/etc/passwd") <script> \\ // $ * _ @x 🍵 葛󠄀'
    one = page(note=hostile * 20, delivery_terms=hostile)
    one["addressee"] = dict.fromkeys(one["addressee"], hostile)
    one["lines"][0]["name"] = hostile
    assert "#panic" in said(one)[0]


def test_samples_can_be_set_whatever_they_say():
    data = file_of("x | y", house(), samples(KIND, house()))
    found = pypdfium2.PdfDocument(io.BytesIO(pages.typeset(template_of(KIND), data)))
    texts = [one.get_textpage().get_text_range() for one in found]
    assert sum("お見積金額" in text for text in texts) == 3
