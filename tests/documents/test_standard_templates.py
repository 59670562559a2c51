"""Each standard document as its reader sees it: the golden text of its pages, with 1, 8 and 200 lines."""

import io
from datetime import date
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import zxingcpp

from sync.render import pages
from sync.render.barcodes import code128, qr
from sync.render.order_pages import (
    House,
    delivery_note,
    document,
    file_of,
    packing_label,
    picking_list,
    picking_total,
)
from sync.render.standard import TEMPLATES, NoSuchDocument, template_of

TOKYO = ZoneInfo("Asia/Tokyo")


def house(language="ja"):
    return House(language=language, zone=TOKYO, issued_on=date(2026, 11, 26))


def page(lines=2, *, is_gift=False, **more):
    return {
        "locale": "ja",
        "order_no": "D00000065",
        "shop_id": 1,
        "shop_name": "日の出市場店",
        "external_order_no": "300012-20261124-0012345",
        "ordered_at": "2026-11-24T01:00:00+09:00",
        "is_gift": is_gift,
        "reduced_rate": "0.08",
        "tax_on_top": "0",
        "currency_code": "JPY",
        "requested_delivery_on": "2026-12-01",
        "delivery_time_slot": "14:00-16:00",
        "payment_method": "card",
        "item_total": str(1080 * lines),
        "shipping_fee": "550",
        "fee_total": "0",
        "discount_total": "100",
        "points_used": "0",
        "total": str(1080 * lines + 450),
        "buyer_name": "渡邉 太郎",
        "recipient": {
            "name": "髙橋 𠮷子",
            "company": "",
            "postal_code": "600-8001",
            "region": "京都府",
            "address_line1": "京都市下京区真町5-24",
            "address_line2": "グランドメゾン1203",
            "country_code": "JP",
        },
        "sender": {
            "name": "日の出市場店",
            "registration_no": "T1234567890123",
            "postal_code": "604-8151",
            "address": "京都市中京区1-2",
            "phone": "075-111-2222",
            "email": "",
            "greeting": "",
            "note": "冷暗所で保管してください。",
        },
        "lines": [
            {
                "name": f"深蒸し茶 {number}",
                "option": "のし：御歳暮" if number == 1 else "",
                "code": f"TEA-{number:03}",
                "gtin": "4901111111115",
                "quantity": 1,
                "unit_price": "1080",
                "amount": "1080",
                "is_reduced": number % 2 == 1,
            }
            for number in range(1, lines + 1)
        ],
        "tax_lines": [
            {"tax_rate": "0.1000", "amount": "1500", "tax": "136"},
            {"tax_rate": "0.0800", "amount": "1110", "tax": "82"},
        ],
        **more,
    }


def texts(kind, documents, language="ja"):
    """The text of each page; the same input gives the same bytes."""
    data = file_of(kind, house(language), documents)
    pdf = pages.typeset(template_of(kind), data)
    assert pdf == pages.typeset(template_of(kind), data)
    return [one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(io.BytesIO(pdf))]


def made(kind, documents, language="ja"):
    return [text.splitlines() for text in texts(kind, documents, language)]


def pictures(kind, documents, dpi):
    """The pages as a printer of so many dots an inch has them."""
    data = file_of(kind, house(), documents)
    pdf = pages.typeset(template_of(kind), data)
    return [one.render(scale=dpi / 72).to_pil() for one in pypdfium2.PdfDocument(io.BytesIO(pdf))]


def test_a_delivery_note_says_all_that_the_buyer_must_know():
    (said,) = made("delivery_note", [delivery_note(page(), house(), is_gift=False)])
    for line in (
        "納品書", "受注番号 300012-20261124-0012345", "ご注文日 2026年11月24日", "発行日 2026年11月26日",
        "〒600-8001", "京都府京都市下京区真町5-24", "髙橋 𠮷子 様", "登録番号 T1234567890123",
        "ご注文主 渡邉 太郎 様", "深蒸し茶 1 ※のし：御歳暮 TEA-001 1 ¥1,080 ¥1,080", "小計 ¥2,160", "送料 ¥550",
        "値引 −¥100", "合計（税込） ¥2,610", "※ は軽減税率（8%）の対象です。", "冷暗所で保管してください。",
        "10%対象 ¥1,500（消費税 ¥136）　8%対象 ¥1,110（消費税 ¥82）",
    ):  # fmt: skip
        assert _flat(line) in _flat("".join(said)), (line, said)
    assert _flat("手数料") not in _flat("".join(said))


def test_a_gift_s_note_has_no_price_in_words_or_data():
    for forced in (True, False):
        document = delivery_note(page(is_gift=not forced), house(), is_gift=True)
        assert "1080" not in str(document)
        assert "1,080" not in str(document)
        text = "".join(made("gift_delivery_note", [document])[0])
        assert "¥" not in text
        assert "お届け明細" in text
        assert "ご注文主さまより" in text


@pytest.mark.parametrize(("lines", "sheets"), [(1, 1), (8, 1), (200, 6)])
def test_long_notes_repeat_their_heads_and_count_their_own_pages(lines, sheets):
    note = delivery_note(page(lines), house(), is_gift=False)
    said = made("delivery_note", [note, note])
    assert len(said) == 2 * sheets
    for number, one in enumerate(said):
        assert one[-1].strip() == str(number % sheets + 1)
        if any("TEA-" in line for line in one):
            assert "商品コード" in "".join(one), number
    text = "".join(line for one in said[:sheets] for line in one)
    assert all(f"TEA-{number:03}" in text for number in range(1, lines + 1))


def test_documents_speak_english():
    english = page(currency_code="USD", item_total="21.6", total="26.1", shipping_fee="5.5", discount_total="1")  # fmt: skip
    said = "".join(
        made("delivery_note", [delivery_note(english, house("en"), is_gift=False)], "en")[0]
    )
    for word in ("Delivery note", "24 Nov 2026", "Registration no. T1234567890123", "$5.50", "Total with tax", "$26.10", "reduced rate of 8%"):  # fmt: skip
        assert _flat(word) in _flat(said), said
    assert "様" not in said


def test_prices_without_tax_have_a_line_for_it():
    note = delivery_note(page(tax_on_top="218"), house(), is_gift=False)
    assert {"label": "消費税", "amount": "¥218", "is_total": False} in note["sums"]


def test_picking_lists_are_in_the_order_of_the_shelves():
    rows = page(8)["lines"][::-1]
    first = picking_list(page(8, is_gift=True) | {"lines": rows}, house())
    assert [line["code"] for line in first["lines"]] == [f"TEA-{n:03}" for n in range(1, 9)]
    (said,) = made("picking_list", [first, first])
    text = _flat("".join(said))
    assert text.count(_flat("［ギフト］")) == 2
    assert _flat("2026年12月1日 14:00-16:00") in text
    assert _flat("計 8 点") in text
    assert "¥" not in text
    total = picking_total(
        [
            {
                "sku_code": "TEA-001",
                "sku_name": "深蒸し茶",
                "gtin": None,
                "quantity": 12,
                "orders": 3,
            }
        ],
        5,
    )
    (said,) = made("picking_total", [total])
    assert _flat("TEA-001 深蒸し茶 3 12") in _flat("".join(said))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", ("日の出市場店", "〒600-8001　京都府", "髙橋 𠮷子 様", "お届け 2026年12月1日 14:00-16:00", "点数 3", "個口 1/1", "ギフト")),
        ("en", ("日の出市場店", "600-8001　京都府", "髙橋 𠮷子", "Deliver 1 Dec 2026 14:00-16:00", "Pieces 3", "Parcel 1/1", "GIFT")),
    ],
)  # fmt: skip
def test_a_packing_label_is_one_small_page_that_says_whose_parcel_it_is(language, words):
    labels = [packing_label(page(3, is_gift=gift), house(language)) for gift in (True, False)]
    gift, plain = made("packing_label", labels, language)
    text = _flat("".join(gift))
    assert all(_flat(word) in text for word in (*words, "D00000065")), gift
    assert words[-1] not in "".join(plain)
    assert "¥" not in text
    assert "真町" not in text


def test_labels_and_picking_lists_can_be_scanned():
    numbers = ["D00000065", "D12345678"]
    orders = [page(2, order_no=number) for number in numbers]
    labels = pictures("packing_label", [packing_label(one, house()) for one in orders], dpi=203)
    assert [one.size for one in labels] == [(800, 496)] * 2
    for number, picture in zip(numbers, labels, strict=True):
        found = {(one.format.name, one.text) for one in zxingcpp.read_barcodes(picture)}
        assert found == {("Code128", number), ("QRCode", number)}
    (sheet,) = pictures("picking_list", [picking_list(one, house()) for one in orders], dpi=203)
    found = {(one.format.name, one.text) for one in zxingcpp.read_barcodes(sheet)}
    assert {("Code128", number) for number in numbers} <= found


@pytest.mark.parametrize(
    "said",
    ["株式会社とても長い名前の会社 第二営業本部 " * 5, "A" * 300, "*b* #read(\"/etc/passwd\") $x$", "👩‍👩‍👧 𠮷葛󠄀城", ""],
)  # fmt: skip
def test_a_label_stays_one_page_whatever_a_name_says(said):
    order = page(1, shop_name=said or "店")
    order["recipient"] |= {"name": said, "region": said}
    assert len(made("packing_label", [packing_label(order, house())])) == 1


def test_a_barcode_is_the_same_for_the_same_text_and_none_for_none():
    assert code128("D00000065") == code128("D00000065") != code128("D00000066")
    assert qr("D00000065") != code128("D00000065")
    assert code128("") == qr("") == ""


def test_hostile_data_is_printed_and_harms_nobody():
    hostile = '#panic("x") #read("/etc/passwd") <script> \\ // /* ``` $ * _ @x 🍵 𠮷 葛󠄀 \x00\x07'
    order = page(700)
    order["recipient"] = dict.fromkeys(order["recipient"], hostile)
    order["buyer_name"] = hostile
    order["sender"] |= {"name": hostile, "note": hostile * 20}
    order["lines"][0] |= {"name": hostile, "option": hostile, "code": hostile[:60]}
    for kind in ("delivery_note", "picking_list"):
        note = document(kind, order, house())
        sheets = made(kind, [note])
        text = _flat("".join(line for sheet in sheets for line in sheet))
        assert "#panic" in text
        assert "TEA-700" in text
        assert len(sheets) > 15


def test_every_kind_has_a_template_and_no_other_has():
    assert all("main.typ" in template_of(kind) for kind in TEMPLATES)
    with pytest.raises(NoSuchDocument):
        template_of("../../config")


def _flat(text):
    return "".join(text.split())
