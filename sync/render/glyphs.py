"""What the fonts of documents can print, and what stands for what they cannot. Reads the fonts of packages alone."""

from __future__ import annotations

import importlib.resources
import re
import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

FONT_PACKAGES: Final = ("noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold", "manimgx_fonts")
"""The first two set nearly everything; the third has emoji and the scripts of the world."""

MAIN: Final = FONT_PACKAGES[0]
GETA: Final = "〓"
"""What Japanese printers set for a character that they have not."""

MARKS: Final = frozenset({"Mn", "Me", "Cf"})
_NUMBER, _LONG, _GROUP = struct.Struct(">H"), struct.Struct(">I"), struct.Struct(">III")
_KEYCAP: Final = re.compile("\ufe0f?\u20e3")


class Ranges:
    """Code points that a font has, as ranges in order."""

    def __init__(self, ranges: Sequence[tuple[int, int]]) -> None:
        self._begins = [begin for begin, _ in ranges]
        self._ends = [end for _, end in ranges]

    def has(self, point: int) -> bool:
        """Whether the font has a glyph for it."""
        place = bisect_right(self._begins, point) - 1
        return place >= 0 and point <= self._ends[place]


def folders() -> list[str]:
    """The folders of the fonts that documents are set in: of packages, never of the machine."""
    return [str(importlib.resources.files(package)) for package in FONT_PACKAGES]


def printable(said: Any) -> Any:  # noqa: ANN401 - JSON
    """The same data, with 〓 for each character that no font has, and without control characters.

    A name of an emoji of next year must not hold up an invoice: what is kept for years may refer to
    no glyph that is not there (ISO 19005-2, 6.2.11.8), and whoever sets it refuses.
    """
    return _each(said, is_plain=False)


def plain(said: Any) -> Any:  # noqa: ANN401 - JSON
    """The same data in what the main font has alone, without marks: what can be set whatever was said."""
    return _each(said, is_plain=True)


def main_only(text: str) -> str:
    """What the main font has of a text, and nothing in place of the rest."""
    return _text(text, is_plain=True).replace(GETA, "")


def _each(said: Any, *, is_plain: bool) -> Any:  # noqa: ANN401 - JSON
    if isinstance(said, str):
        # Most are, and barcodes are long
        if said.isascii() and said.isprintable():
            return said
        return _text(said, is_plain=is_plain)
    if isinstance(said, dict):
        return {name: _each(one, is_plain=is_plain) for name, one in said.items()}  # pyright: ignore[reportUnknownVariableType] - JSON
    if isinstance(said, list | tuple):
        return [_each(one, is_plain=is_plain) for one in said]  # pyright: ignore[reportUnknownVariableType] - JSON
    return said


def _text(text: str, *, is_plain: bool) -> str:
    # A digit in a box of another font than the digit's cannot be set
    text = _KEYCAP.sub("", text)
    instead = {
        character: shown
        for character in set(text)
        if (shown := _shown(character, is_plain=is_plain)) != character
    }
    return "".join(instead.get(one, one) for one in text) if instead else text


def _shown(character: str, *, is_plain: bool) -> str:
    if character in "\n\t":
        return character
    kind = unicodedata.category(character)
    if kind == "Cc" or (is_plain and kind in MARKS):
        return ""
    if kind in {"Zl", "Zp"}:
        return " "
    point = ord(character)
    # Joiners and selectors choose a glyph and are none
    if kind == "Cf" or _selects(point):
        return character
    fonts = _fonts()[:1] if is_plain else _fonts()
    return character if any(font.has(point) for font in fonts) else GETA


def _selects(point: int) -> bool:
    return 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF


@cache
def _fonts() -> Sequence[Ranges]:
    """What each font has, the main one first."""
    files = [
        file
        for folder in folders()
        for file in sorted(Path(folder).rglob("*"))
        if file.suffix in {".otf", ".ttf"}
    ]
    return [Ranges(_ranges(file)) for file in files]


def _ranges(font: Path) -> Sequence[tuple[int, int]]:
    """The code points of a font by its table `cmap` (ISO/IEC 14496-22), of formats 12 and 4."""
    with font.open("rb") as file:
        head = file.read(12)
        directory = file.read(16 * _NUMBER.unpack_from(head, 4)[0])
        begin, size = next(
            (_LONG.unpack_from(directory, place + 8)[0], _LONG.unpack_from(directory, place + 12)[0])
            for place in range(0, len(directory), 16)
            if directory[place : place + 4] == b"cmap"
        )  # fmt: skip
        file.seek(begin)
        table = file.read(size)
    at = {
        _NUMBER.unpack_from(table, place)[0]: place
        for number in range(_NUMBER.unpack_from(table, 2)[0])
        for place in _LONG.unpack_from(table, 8 + 8 * number)
    }
    if (long := at.get(12)) is not None:
        count = _LONG.unpack_from(table, long + 12)[0]
        groups = table[long + 16 : long + 16 + _GROUP.size * count]
        return [(first, last) for first, last, _ in _GROUP.iter_unpack(groups)]
    short = at[4]
    twice = _NUMBER.unpack_from(table, short + 6)[0]

    def numbers(place: int) -> list[int]:
        return [one for (one,) in _NUMBER.iter_unpack(table[place : place + twice])]

    # The last segment is the end of the table
    return list(zip(numbers(short + 16 + twice), numbers(short + 14), strict=True))[:-1]
