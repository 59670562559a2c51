"""Names in whatever characters people write: every document is made, and what is kept for years refers to no missing glyph."""

import pytest

from sync.render import glyphs, pages, required
from sync.render.issued_file import data_of
from sync.render.issued_pages import STANDARD
from sync.render.standard import template_of
from tests.documents.test_issued_pages import TOKYO, facts, flat, made


def one(name, kind="invoice"):
    return data_of(facts(kind, 1, addressee=name), TOKYO)


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("𠮷田🍵花子", "𠮷田🍵花子"),
        ("家族👨‍👩‍👧❤️☎️", "家族"),
        ("Łukasz Ząb ze Łodzi", "ŁukaszZąbzeŁodzi"),
        ("Việt Ελένη Нина", "ViệtΕλένηНина"),
        ("สมชาย ใจดี", "สม"),
        ("علي حسن", ""),
        ("1️⃣番", "1番"),
        ("鈴木\ue000\U0001faf9商店", "鈴木〓〓商店"),
        ("田\u0007中\u2028屋", "田中屋"),
        # Two characters of two fonts that no font has together
        ("山\u064b本", "山本"),
        ("邊\U000e0100", "邊"),
    ],
)
def test_an_invoice_is_made_whatever_its_addressee_is_called(name, reads):
    _, (page,) = made(facts("invoice", 1, addressee=name))
    assert reads in flat(page)
    assert "様" in page
    # And a shop's own template is not said to leave the name out
    assert required.lacking(page, one(name)["documents"][0]) == []


def test_who_is_not_on_the_page_is_missed_all_the_same():
    _, (page,) = made(facts("invoice", 1, addressee="鈴木🍵"))
    assert "宛名" in required.sentence(required.lacking(page, one("佐藤🍵")["documents"][0]))


def test_one_that_cannot_be_printed_changes_no_other():
    parts = template_of("invoice")
    names = ("髙橋 𠮷子", "山\u064b本", "田中🍵")
    several = [one(name) for name in names]
    read = pages.typeset_read(parts, several, standard=STANDARD)
    assert [each.pdf for each in read] == [
        pages.typeset(parts, each, standard=STANDARD) for each in several
    ]
    assert all(name[0] in each.text for name, each in zip(names, read, strict=True))


def test_a_template_with_a_character_of_no_font_says_so():
    parts = {"main.typ": "A\n\ue000"}
    with pytest.raises(pages.TemplateWrong) as wrong:
        pages.typeset(parts, {}, standard=STANDARD)
    assert (wrong.value.line, "could not be displayed" in wrong.value.said) == (2, True)


def test_data_but_its_characters_stays_as_it_is():
    said = {"a": [1, None, True, "x\ny\t髙"], "b": {"c": "\x00\ue000"}, "d": ("ok",)}
    assert glyphs.printable(said) == {
        "a": [1, None, True, "x\ny\t髙"], "b": {"c": "〓"}, "d": ["ok"],
    }  # fmt: skip
    assert glyphs.plain("Ł1\ufe0f\u20e3🍵") == "〓1〓"
    assert glyphs.main_only("🍵花\u0301子") == "花子"
