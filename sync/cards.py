"""Card numbers in free text: found and masked before a raw document is kept. Pure."""

from __future__ import annotations

import re
from typing import Final

DIGIT: Final = "0-9０-９"
BETWEEN: Final = r"[ \u3000.\-‐‑–—−－ー]?"
CANDIDATE: Final = re.compile(
    rf"(?<![{DIGIT}A-Za-z])[{DIGIT}](?:{BETWEEN}[{DIGIT}]){{13,18}}(?![{DIGIT}A-Za-z])"
)
# JCB 3528-3589 · Visa 4 · Mastercard 51-55, 2221-2720 · Amex 34, 37 · Diners 30, 36, 38, 39 · Discover
# 6011, 644-649, 65 · UnionPay 62; the lengths that each issues (ISO/IEC 7812-1 and the brands' pages)
ISSUERS: Final = (
    (re.compile(r"4"), frozenset({16, 19})),
    (re.compile(r"5[1-5]"), frozenset({16})),
    (re.compile(r"222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), frozenset({16})),
    (re.compile(r"3[47]"), frozenset({15})),
    (re.compile(r"35(?:2[89]|[3-8])"), frozenset({16, 17, 18, 19})),
    (re.compile(r"3[0689]"), frozenset({14, 16, 19})),
    (re.compile(r"6011|64[4-9]|65"), frozenset({16, 19})),
    (re.compile(r"62"), frozenset({16, 17, 18, 19})),
)
JSON_TEXT: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?')
# A value that is nothing but the number is a code, unless its field is for people's words
WORDS: Final = re.compile(
    r"note|memo|comment|remark|message|text|body|card|備考|要望|メッセージ|伝言|通信欄|コメント|ひとこと|カード",
    re.IGNORECASE,
)
CELL: Final = re.compile(r"[^,;\t\r\n\"]+")
SHOWN: Final = 4


def masked(body: bytes) -> bytes:
    """Replace card numbers by stars but their last four digits; everything else stays to the byte.

    In JSON a value that consists of the number alone is a code (an order or tracking number) and is
    left as it is, unless the name of its field says that people write there. In other text the same
    holds for a cell.
    """
    try:
        text = body.decode()
        encoding = "utf-8"
    except UnicodeDecodeError:
        # Any byte is a character here: digits of every encoding in use are those of ASCII
        text, encoding = body.decode("latin-1"), "latin-1"
    if not any(is_card(found.group()) for found in CANDIDATE.finditer(text)):
        return body
    masked_text = _in_json(text) if text.lstrip()[:1] in {"{", "["} else _in_cells(text)
    return masked_text.encode(encoding)


def is_card(number: str) -> bool:
    """Say whether digits are a card number: issuer prefix, its length, check digit (Luhn)."""
    digits = "".join(str(int(letter)) for letter in number if letter.isdecimal())
    if len(set(digits)) == 1:
        return False
    known = any(prefix.match(digits) and len(digits) in lengths for prefix, lengths in ISSUERS)
    return known and _luhn(digits)


def _in_json(text: str) -> str:
    field = ""

    def each(found: re.Match[str]) -> str:
        nonlocal field
        if found.group(2):
            field = found.group(1)
            return found.group()
        return f'"{_in_value(found.group(1), is_words=bool(WORDS.search(field)))}"'

    return JSON_TEXT.sub(each, text)


def _in_cells(text: str) -> str:
    return CELL.sub(lambda found: _in_value(found.group(), is_words=False), text)


def _in_value(value: str, *, is_words: bool) -> str:
    if not is_words and CANDIDATE.fullmatch(value.strip()):
        return value
    return CANDIDATE.sub(
        lambda found: _stars(found.group()) if is_card(found.group()) else found.group(), value
    )


def _stars(number: str) -> str:
    left = sum(letter.isdecimal() for letter in number) - SHOWN
    out: list[str] = []
    for letter in number:
        if letter.isdecimal():
            left -= 1
            out.append("*" if left >= 0 else letter)
        else:
            out.append(letter)
    return "".join(out)


def _luhn(digits: str) -> bool:
    total = 0
    for place, letter in enumerate(reversed(digits)):
        value = int(letter)
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0
