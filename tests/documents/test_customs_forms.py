"""Customs forms as the customs of another country read them, and why one is not made."""

import io
from datetime import date
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from sync.render import pages
from sync.render.customs_pages import customs_form, wanting
from sync.render.house import House
from sync.render.order_pages import document, file_of, missing
from sync.render.samples import samples
from sync.render.standard import template_of

KIND = "customs_form"
HOUSE = House(language="ja", zone=ZoneInfo("Asia/Tokyo"), issued_on=date(2026, 11, 26))


def page(lines=2, *, price=1200, weight_g=100, to=None, **customs):
    goods = [
        {"name": f"煎茶 {n}", "code": f"TEA-{n:03}", "quantity": 2, "weight_g": 2 * weight_g, "amount": str(2 * price),
         "description": f"Green tea no. {n}, dried leaves", "hs_code": "090210", "origin": "JP"}
        for n in range(1, lines + 1)
    ]  # fmt: skip
    total = 2 * price * lines
    return {
        "order_no": "D00000065", "external_order_no": "M-2026-7", "currency_code": "JPY", "locale": "ja", "is_gift": True,
        "sender": {"postal_code": "604-8151", "phone": "+81 75 111 2222", "email": "shop@example.jp"},
        "recipient": {
            "name": "Alex 𠮷 Müller 🍵", "company": "", "postal_code": "99950", "region": "AK", "address_line1": "7 Example Street",
            "address_line2": "", "country_code": "us", **(to or {}),
        },
        "customs": {
            "home_country": "JP", "sender_name": "Sunrise Tea", "sender_address": "1-2 Nakagyo-ku, Kyoto", "recipient_phone": "+1 202 555 0100",
            "recipient_email": "alex@example.com", "lines": goods, "total": str(total), "weight_g": 2 * weight_g * lines,
            "is_small": total < 45_000, "invoice_no": "I-00000012", **customs,
        },
    }  # fmt: skip


def said(*several, language="ja"):
    local = House(language=language, zone=HOUSE.zone, issued_on=HOUSE.issued_on)
    data = file_of(
        "税関告知書 | Customs form", local, [document(KIND, one, local) for one in several]
    )
    pdf = pages.typeset(template_of(KIND), data)
    assert pdf == pages.typeset(template_of(KIND), data)
    return [one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(io.BytesIO(pdf))]


def _flat(text):
    return "".join(text.split())


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_small_form_says_all_that_cn_22_asks(language):
    (text,) = said(page(), language=language)
    for word in (
        "CUSTOMS DECLARATION", "DÉCLARATION EN DOUANE", "CN 22", "Sunrise Tea", "1-2 Nakagyo-ku, Kyoto", "JAPAN (JP)",
        "Alex 𠮷 Müller", "7 Example Street", "AK 99950", "UNITED STATES (US)", "Tel. +1 202 555 0100", "alex@example.com",
        "D00000065", "M-2026-7", "I-00000012", "Gift", "Vente de marchandises", "Value JPY (3)", "HS tariff no. (4)", "Origin (5)",
        "Green tea no. 1, dried leaves", "TEA-002 2 0.200 2,400 090210 JP", "Total value / Valeur totale (7)", "JPY 4,800",
        "0.400 kg", "Total gross weight / Poids brut total (6)", "Date and sender’s signature / Date et signature de l’expéditeur (8)",
    ):  # fmt: skip
        assert _flat(word) in _flat(text), (word, text)
    assert "煎茶" not in text
    assert "Licence" not in text


@pytest.mark.parametrize(
    "large", [page(price=20_000), page(weight_g=1000), page(is_small=False)], ids=["dear", "heavy", "unknown"]
)  # fmt: skip
def test_what_is_dear_or_heavy_has_the_fields_of_cn_23(large):
    (text,) = said(large)
    for word in (
        "CN 23", "Detailed description of contents (1)", "Qty (2)", "Net kg (3)", "Total gross weight / Poids brut total (4)",
        "Value JPY (5)", "Total value / Valeur totale (6)", "HS tariff no. (7)", "Origin (8)", "Postal charges / Frais de port (9)",
        "Category of item / Catégorie de l’envoi (10)", "Comments / Observations (11)", "Licence / Licence (12)",
        "Certificate / Certificat (13)", "Invoice / Facture (14)", "signature de l’expéditeur (15)",
    ):  # fmt: skip
        assert _flat(word) in _flat(text), (word, text)


@pytest.mark.parametrize(("lines", "sheets"), [(1, 1), (8, 1), (200, 9)])
def test_long_forms_repeat_their_heads(lines, sheets):
    texts = said(page(lines), page(lines))
    assert len(texts) == 2 * sheets
    for number, text in enumerate(texts):
        assert text.splitlines()[-1].strip() == str(number % sheets + 1)
        if "TEA-" in text:
            assert "HS tariff no." in text
    assert all(f"TEA-{number:03}" in "".join(texts) for number in range(1, lines + 1))


def test_a_present_that_a_shop_sold_is_a_sale():
    ticked = [one["english"] for one in customs_form(page(), HOUSE)["categories"] if one["is_so"]]
    assert ticked == ["Sale of goods"]


def test_what_can_be_declared_has_nothing_missing():
    assert missing(KIND, page()) == []
    assert missing("delivery_note", {}) == ()


def _without(**more):
    one = page(1)
    one["customs"]["lines"][0] |= more
    return one


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (page(to={"country_code": "JP"}), "at home"),
        (page(to={"country_code": " jp "}), "at home"),
        (page(to={"country_code": ""}), "at home"),
        (page(to={"country_code": "America | U"}), "(AMERICA / U) is not two letters"),
        (page(to={"country_code": "XX"}), "(XX) is not two letters"),
        (page(to={"name": ""}), "name or address"),
        (page(to={"address_line1": ""}), "name or address"),
        (page(sender_name="日の出市場店"), "in English under Sender"),
        (page(sender_address=""), "in English under Sender"),
        (page(lines=0), "no goods"),
        (_without(code=""), "not linked to a SKU"),
        (_without(description=""), "TEA-001: no customs data"),
        (_without(weight_g=None), "TEA-001: no weight"),
        (_without(amount="0"), "its price is 0"),
    ],
)
def test_what_is_missing_is_said_in_both_languages(wrong, reason):
    (found,) = wanting(wrong)
    assert reason in found
    assert found.count(" | ") == 1


def test_all_that_is_missing_is_said_at_once():
    assert len(wanting(page(2, sender_name="", to={"name": ""}))) == 2


def test_samples_can_be_set_whatever_they_say():
    data = file_of("x | y", HOUSE, samples(KIND, HOUSE))
    texts = [
        one.get_textpage().get_text_range()
        for one in pypdfium2.PdfDocument(io.BytesIO(pages.typeset(template_of(KIND), data)))
    ]
    assert sum("DÉCLARATION EN DOUANE" in text for text in texts) == 4
    assert any("CN 23" in text for text in texts)
