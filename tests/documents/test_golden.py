"""Golden text of every document: 1, 8 and 200 lines, in both languages, page by page as it reads.

After a change that was meant, `python -m tests.documents.test_golden` writes them anew; read the difference.
"""

import itertools
from pathlib import Path

import pytest

from sync.render import issued_samples
from sync.render.order_pages import document, picking_total
from tests.documents import (
    test_customs_forms,
    test_issued_pages,
    test_quotation_pages,
    test_standard_templates,
    test_statement_pages,
)
from tests.documents.invoice_rules import read, wrong

GOLDEN = Path(__file__).with_name("golden")
PAGE = "\n=== {0} ===\n"
OF_ORDERS = ("delivery_note", "gift_delivery_note", "picking_list", "packing_label")
KINDS = (*OF_ORDERS, "picking_total", "customs_form", "quotation", "statement", *issued_samples.KINDS)  # fmt: skip
LINES = (1, 8, 200)
LANGUAGES = ("ja", "en")


def pages_of(kind, lines, language):
    """The text of each page of one document, as its own test sets it."""
    house = test_standard_templates.house(language)
    if kind in OF_ORDERS:
        order = test_standard_templates.page(lines, locale=language)
        return test_standard_templates.texts(kind, [document(kind, order, house)], language)
    if kind == "picking_total":
        goods = test_standard_templates.page(lines)["lines"]
        rows = [
            {"sku_code": line["code"], "sku_name": line["name"], "gtin": None, "quantity": 12, "orders": 3}
            for line in goods
        ]  # fmt: skip
        return test_standard_templates.texts(kind, [picking_total(rows, 5)], language)
    if kind == "customs_form":
        return test_customs_forms.said(test_customs_forms.page(lines), language=language)
    if kind == "quotation":
        return test_quotation_pages.said(test_quotation_pages.page(lines), language=language)
    if kind == "statement":
        facts = test_statement_pages.facts(lines, locale=language)
        return test_issued_pages.made(facts)[1]
    names = {"addressee": ""} if kind == "simplified_invoice" else {}
    number = f"{issued_samples.LETTERS[kind]}-0000012"
    facts = test_issued_pages.facts(kind, lines, locale=language, document_no=number, **names)
    return test_issued_pages.made(facts)[1]


def said(kind, lines, language):
    """What the pages of one document say, one after another."""
    texts = (text.replace("\r\n", "\n").strip() for text in pages_of(kind, lines, language))
    whole = "".join(PAGE.replace("{0}", str(n)) + text for n, text in enumerate(texts, 1))
    return whole.strip() + "\n"


def golden(kind, lines, language):
    return GOLDEN / f"{kind}-{lines}.{language}.txt"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lines", LINES)
@pytest.mark.parametrize("kind", KINDS)
def test_it_reads_as_it_did(kind, lines, language):
    text = said(kind, lines, language)
    assert text == golden(kind, lines, language).read_text(encoding="utf-8")
    if language == "ja" and kind in (*issued_samples.KINDS, "statement"):
        assert wrong(read(text)) == []


def test_every_kind_is_golden_and_no_other():
    named = {golden(*case).name for case in itertools.product(KINDS, LINES, LANGUAGES)}
    assert named == {path.name for path in GOLDEN.iterdir()}
    assert set(KINDS) == set(test_standard_templates.TEMPLATES)


if __name__ == "__main__":
    for case in itertools.product(KINDS, LINES, LANGUAGES):
        golden(*case).write_text(said(*case), encoding="utf-8")
