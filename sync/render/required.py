"""What the law asks an issued document to state, looked for on its pages as they read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sync.render import glyphs

REGISTRATION: Final = "登録番号 | the registration no."
ISSUER: Final = "発行者の名前 | the name of the issuer"
NUMBER: Final = "書類番号 | the document no."
TRANSACTION: Final = "取引日 | the transaction date"
RETURNED: Final = "返還日 | the day on which it was given back"
SOLD: Final = "もとの取引日 | the date of the original transaction"
ADDRESSEE: Final = "宛名 | the addressee"
REDUCED: Final = "軽減税率の印（※ など） | the mark of the reduced rate (* or the like)"
RATE: Final = "{0}の対象額と消費税 | amount and tax at {0}"
IN_BASE: Final = "{0}の消費税（円） | the tax at {0} in base money"
NAMED_MAX: Final = 6

# A line that ends in a hyphen reads as one of these
_BROKEN: Final = re.compile(r"[\s\ufffe\u00ad\x02]")
_MARKED: Final = re.compile(r"[※*＊]|軽減|reduced", re.IGNORECASE)


def lacking(text: str, document: Mapping[str, Any]) -> list[str]:
    """What is not on the pages of a document that must be; in both languages, in the order of the law.

    `text` is what the pages say, `document` what their template was given. Found is what reads as it
    was given: an amount as a whole number of its own, a name wherever its lines were broken.
    """
    flat = _flat(text)
    return [name for name, is_there in _asked(text, flat, document) if not is_there]


def _asked(text: str, flat: str, document: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    sender, is_return = document["sender"], document["kind"] == "return_invoice"
    names = glyphs.main_only(flat)
    yield ISSUER, _name(sender["name"]) in names
    if document["is_qualified"]:
        yield REGISTRATION, _flat(sender["registration_no"]) in flat
    yield NUMBER, _flat(document["document_no"]) in flat
    # A statement has a period instead of a day
    on = document.get("transaction_on") or document["period"]
    yield (RETURNED if is_return else TRANSACTION), _flat(on) in flat
    if document.get("original"):
        yield SOLD, _flat(document["original"]["transaction_on"]) in flat
    if document["kind"] != "return_invoice":
        yield ADDRESSEE, _name(document["addressee"]) in names
    if document["reduced"]:
        yield REDUCED, _MARKED.search(text) is not None
    for row in document["tax_lines"]:
        said = (row["rate"], row["amount"], row["tax"])
        yield RATE.replace("{0}", row["rate"]), all(_is_said(one, text) for one in said)
        if row["tax_base"]:
            yield IN_BASE.replace("{0}", row["rate"]), _is_said(row["tax_base"], text)


def sentence(lacks: list[str]) -> str:
    """What is lacking, as a sentence in both languages."""
    named = [_names(lacks[:NAMED_MAX], side) for side in (0, 1)]
    return f"{named[0]}が載っていません。 | Not on the page: {named[1].removesuffix('.')}."


def _names(names: list[str], side: int) -> str:
    return ("、", ", ")[side].join(name.split(" | ")[side] for name in names)


def _flat(text: str) -> str:
    return _BROKEN.sub("", text).casefold()


def _name(name: str) -> str:
    """A name by what the main font has of it: the rest may read otherwise than it was given."""
    return glyphs.main_only(_flat(name))


def _is_said(amount: str, text: str) -> bool:
    """Whether an amount stands by itself: ¥163 is not said by ¥1,630 or ¥163,000."""
    spelled = r"\s*".join(re.escape(letter) for letter in _BROKEN.sub("", amount))
    return re.search(rf"(?<![\d,.]){spelled}(?![\d]|[,.]\d)", text) is not None
