"""Golden text of each issued document: 1, 8 and 200 lines of two rates, in both languages, page by page as it reads."""

from pathlib import Path

import pytest

from sync.render import issued_samples
from tests.documents.invoice_rules import read, wrong
from tests.documents.test_issued_pages import facts, made

GOLDEN = Path(__file__).with_name("golden")
PAGE = "\n=== {0} ===\n"


def said(kind, lines, language):
    """What the pages of one document say, one after another."""
    names = {"addressee": ""} if kind == "simplified_invoice" else {}
    number = f"{issued_samples.LETTERS[kind]}-0000012"
    _, pages = made(facts(kind, lines, locale=language, document_no=number, **names))
    whole = "".join(PAGE.replace("{0}", str(n)) + page.strip() for n, page in enumerate(pages, 1))
    return whole.strip() + "\n"


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("lines", [1, 8, 200])
@pytest.mark.parametrize("kind", issued_samples.KINDS)
def test_it_reads_as_it_did(kind, lines, language):
    text = said(kind, lines, language)
    assert text == (GOLDEN / f"{kind}-{lines}.{language}.txt").read_text(encoding="utf-8")
    if language == "ja":
        assert wrong(read(text)) == []
