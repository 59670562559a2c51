"""How long: `3日 2時間`, `3 days 2 hours`, as people say and type it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from app.words import t

_UNITS: Final = (
    ("日 | days", 86_400),
    ("時間 | hours", 3_600),
    ("分 | minutes", 60),
    ("秒 | seconds", 1),
)
_SECONDS: Final = {
    "日": 86_400, "時間": 3_600, "分": 60, "秒": 1, "週間": 604_800, "週": 604_800,
    "w": 604_800, "week": 604_800, "d": 86_400, "day": 86_400, "h": 3_600, "hour": 3_600,
    "m": 60, "min": 60, "minute": 60, "s": 1, "sec": 1, "second": 1,
}  # fmt: skip
_NONE: Final = ("なし", "none", "0")
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([^\d\s,.]+)[\s,、]*")


def said(span: timedelta) -> str:
    """A span in whole units, the largest first; nothing is `なし`."""
    left = int(span.total_seconds())
    if span.microseconds or left < 0:
        return str(span)
    if left == 0:
        return t("なし | none")
    parts: list[str] = []
    for unit, seconds in _UNITS:
        count, left = divmod(left, seconds)
        if count:
            word = t(unit)
            # English says one day, and sets a blank before the word
            if word.isascii():
                word = f" {word.removesuffix('s') if count == 1 else word}"
            parts.append(f"{count:,}{word}")
    return " ".join(parts)


def span_of(text: str) -> timedelta | None:
    """The span that a person typed in either language; None for what is none of these words.

    Full-width digits count, as they do elsewhere.
    """
    folded = text.strip().lower().translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    if folded in _NONE:
        return timedelta()
    folded = re.sub(r"(?<=\d),(?=\d{3})", "", folded)
    seconds, place = 0.0, 0
    while place < len(folded):
        found = _PART.match(folded, place)
        if found is None:
            return None
        unit = found[2].removesuffix("s") if found[2].isascii() and len(found[2]) > 1 else found[2]
        if unit not in _SECONDS:
            return None
        seconds += float(found[1]) * _SECONDS[unit]
        place = found.end()
    try:
        return timedelta(seconds=seconds) if place else None
    except OverflowError:
        return None
