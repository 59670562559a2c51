"""What the law asks for is found on the pages of the standard templates, and missed where a template leaves it out."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from sync.render import issued_samples, pages, required, statement_samples
from sync.render.issued_file import data_of
from sync.render.issued_pages import STANDARD
from sync.render.standard import template_of
from tests.documents.test_issued_pages import facts

TOKYO = ZoneInfo("Asia/Tokyo")


def lacks(parts, said):
    """The English names of what is not on the pages."""
    data = data_of(said, TOKYO)
    (read,) = pages.typeset_read(parts, [data], standard=STANDARD)
    found = required.lacking(read.text, data["documents"][0])
    return [name.partition(" | ")[2] for name in found]


def without(*cuts):
    """The standard template with some of it cut out, of its own text or of what it includes."""
    parts = dict(template_of("invoice"))
    for cut, put in cuts:
        assert any(cut in text for text in parts.values()), cut
        parts = {name: text.replace(cut, put) for name, text in parts.items()}
    return parts


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", [*issued_samples.KINDS, "statement"])
def test_the_standard_template_states_all_on_each_sample(kind, language):
    found = (
        statement_samples.facts(language)
        if kind == "statement"
        else issued_samples.facts(kind, language)
    )
    files = [data_of(said, TOKYO) for said in found]
    assert len(files) == 5
    for file, read in zip(
        files, pages.typeset_read(template_of(kind), files, standard=STANDARD), strict=True
    ):
        assert required.lacking(read.text, file["documents"][0]) == []
    assert issued_samples.facts("delivery_note", language) == ()


@pytest.mark.parametrize("lines", [1, 200])
def test_it_is_read_from_all_pages(lines):
    assert lacks(template_of("invoice"), facts(lines=lines)) == []


@pytest.mark.parametrize(
    ("cut", "put", "missed"),
    [
        ("one.period)", '"")', ["the transaction date"]),
        ("one.addressee", '""', ["the addressee"]),
        ("  tax-table(one,", "  let _ = (one,", ["amount and tax at 10%", "amount and tax at 8%"]),
    ],
)
def test_what_a_template_of_statements_leaves_out_is_named(cut, put, missed):
    parts = dict(template_of("statement"))
    assert cut in parts["main.typ"]
    parts["main.typ"] = parts["main.typ"].replace(cut, put)
    first, _, balance, *_ = statement_samples.facts("ja")
    assert lacks(parts, first) == missed
    # A balance alone taxes nothing
    assert lacks(parts, balance) == [one for one in missed if "amount" not in one]


def test_samples_of_statements_add_up():
    for said in statement_samples.facts("en"):
        total = sum(Decimal(tax["amount"]) for tax in said["tax_lines"])
        total += 0 if said["tax_inclusive"] else Decimal(said["tax_total"])
        assert Decimal(said["total"]) == total
        assert Decimal(said["sales"]) == total - Decimal(said["mall_paid"])
        parts = [Decimal(said[name]) for name in ("carried_over", "sales", "invoiced_before")]
        assert Decimal(said["due"]) == sum(parts)


SENDER = ("    from(one.sender),\n", "    [],\n")
RATES = ("  tax-table(one,", "  let _ = (one,")


@pytest.mark.parametrize(
    ("cuts", "said", "missed"),
    [
        ([SENDER], facts(), ["the name of the issuer", "the registration no."]),
        ([(SENDER[0], "    text(one.sender.name),\n")], facts(), ["the registration no."]),
        ([(SENDER[0], "    text(one.sender.name),\n")], facts("receipt", is_qualified=False), []),
        ([("one.document_no),\n    (t(\"発行日\"", "[]),\n    (t(\"発行日\"")], facts(), ["the document no."]),
        ([("one.transaction_on),", "[]),")], facts(), ["the transaction date"]),
        ([("one.transaction_on),", "[]),")], facts("return_invoice"), ["the day on which it was given back"]),
        ([("one.original.transaction_on", '""')], facts("return_invoice"), ["the date of the original transaction"]),
        ([('if one.addressee != "" {', "if false {")], facts(), ["the addressee"]),
        ([('if one.addressee != "" {', "if false {")], facts("simplified_invoice", addressee=""), []),
        ([RATES], facts(), ["amount and tax at 10%", "amount and tax at 8%"]),
        ([("row.amount, row.tax,", "row.amount, [],")], facts(), ["amount and tax at 10%", "amount and tax at 8%"]),
        ([(' #t("※", "*")', ""), ("※ は軽減税率", "割引税率")], facts(), ["the mark of the reduced rate (* or the like)"]),
        ([("..if is-foreign { (row.tax_base,) }", "..if is-foreign { ([],) }")], facts(currency_code="USD", exchange_rate="151.23"),
         ["the tax at 10% in base money", "the tax at 8% in base money"]),
    ],
)  # fmt: skip
def test_what_a_template_leaves_out_is_named(cuts, said, missed):
    assert lacks(without(*cuts), said) == missed


def test_an_amount_is_found_by_itself_and_a_name_across_its_lines():
    document = {
        "kind": "invoice", "is_qualified": True, "document_no": "I-0000001", "transaction_on": "2026年11月24日", "addressee": "株式会社 山田 御中",
        "sender": {"name": "茶の店", "registration_no": "T1180301018771"}, "original": {}, "reduced": "",
        "tax_lines": [{"rate": "10%", "amount": "¥163", "tax": "¥14", "tax_base": ""}],
    }  # fmt: skip
    good = "茶の\n店 T11803\n01018771 I-\ufffe\n0000001 2026年11月24日 株式会社\r\n山田 御中 10%対象 ¥163 ¥14"
    assert required.lacking(good, document) == []
    for other in ("¥1,163", "¥163,000", "¥1630", "¥163.5"):
        assert required.lacking(good.replace("¥163", other), document), other
    assert required.lacking(good.replace("10%", "110%"), document)
    assert (
        required.sentence([required.REGISTRATION, required.ADDRESSEE])
        == "登録番号、宛名が載っていません。 | Not on the page: the registration no., the addressee."
    )
