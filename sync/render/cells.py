"""What a cell of an exported file says: as lists say it, and harmless in a spreadsheet."""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from sync.render.words import side

# A spreadsheet runs what begins with one of these, wide forms and leading blanks included
FORMULA: Final = re.compile(r"^\s*[=+\-@＝＋－＠]")
# C0, C1, the marks that turn the direction of text, and what XML cannot hold
CONTROL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
# What cp932 writes in another form: facts of the encoding, not of taste
CP932: Final = str.maketrans(
    {
        "−": "－",
        "〜": "～",
        "—": "―",
        "‖": "∥",
        "¢": "￠",
        "£": "￡",
        "¬": "￢",
        "¥": "￥",
        "\u00a0": " ",
        "\u200b": "",
        "\u2011": "-",
    }
)
MISSING: Final = "〓"
EXACT_DIGITS: Final = 15
"""A spreadsheet keeps no more digits of a number."""

Cell = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How the values of one column are said."""

    name: str
    head: str
    kind: str = "text"
    is_bilingual: bool = False
    words: Mapping[str, str] = field(default_factory=dict[str, str])


def cell(said: Said, value: Any, *, language: str, zone: ZoneInfo) -> Cell:  # noqa: ANN401 - of any type a column has
    """Say a value: numbers and days stay what they are, all else is a text without control characters."""
    match value:
        case None:
            return None
        case bool():
            return side("はい | Yes" if value else "いいえ | No", language)
        case int():
            return value if len(str(abs(value))) <= EXACT_DIGITS else str(value)
        case Decimal():
            return _number(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case datetime():
            local = value.astimezone(zone) if value.tzinfo else value
            return local.replace(tzinfo=None, microsecond=0)
        case date():
            return value
        case time():
            return value.isoformat()
        case str():
            return clean(_word(said, value, language))
        case bytes() | memoryview():
            return f"{len(value)} bytes"
        case dict():
            return clean(json.dumps(value, ensure_ascii=False))
        case list() | tuple():
            parts = [cell(said, one, language=language, zone=zone) for one in value]
            return "、".join("" if one is None else str(one) for one in parts)
        case _:
            return clean(_range(value) if hasattr(value, "isempty") else str(value))


def _range(value: Any) -> str:  # noqa: ANN401 - the database's own kind
    if value.isempty:
        return "empty"
    low, high = ("" if end is None else str(end) for end in (value.lower, value.upper))
    return f"{value.bounds[0]}{low},{high}{value.bounds[1]}"


def _word(said: Said, text: str, language: str) -> str:
    if word := said.words.get(text):
        return side(word, language)
    return side(text, language) if said.is_bilingual else text


def _number(value: Decimal) -> int | float | str:
    if not value.is_finite():
        return str(value)
    if value == value.to_integral_value():
        whole = int(value)
        return whole if len(str(abs(whole))) <= EXACT_DIGITS else str(whole)
    short = value.normalize()
    return float(short) if len(short.as_tuple().digits) <= EXACT_DIGITS else f"{short:f}"


def clean(text: str) -> str:
    """A text without control characters; line breaks and tabs stay as such or as a blank."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def harmless(text: str) -> str:
    """A text that a spreadsheet takes for a text, whatever it begins with."""
    return f"'{text}" if FORMULA.match(text) else text


def written(value: Cell) -> str:
    """A cell as a text file holds it; texts are made harmless, numbers are left numbers."""
    match value:
        case None:
            return ""
        case str():
            return harmless(value)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case date():
            return value.isoformat()
        case float():
            return f"{Decimal(repr(value)):f}"
        case _:
            return str(value)


def in_cp932(text: str) -> tuple[str, int]:
    """A text that cp932 can write, and how many characters became 〓."""
    if text.isascii():
        return text, 0
    kept = [one if _has_cp932(one) else MISSING for one in text.translate(CP932)]
    # A geta mark that was one already is not lost.
    return "".join(kept), kept.count(MISSING) - text.count(MISSING)


@functools.lru_cache(maxsize=20_000)
def _has_cp932(letter: str) -> bool:
    return letter.encode("cp932", errors="ignore") != b""
