"""Bytes of old Japanese mails as text, whatever they say they are. Pure, and never raises."""

from __future__ import annotations

import re
from typing import Final

_JIS: Final = re.compile(rb"\x1b(\$[@B]|\$\([@BDOPQ]|\([BJIH]|\(J|&@)")
_CHARSETS: Final = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms_kanji": "cp932",
    "euc-jp": "euc_jp",
    "x-euc-jp": "euc_jp",
    "us-ascii": "",
    "ascii": "",
    "unknown-8bit": "",
    "default_charset": "",
}


def decoded(value: bytes, charset: str) -> str:
    """Bytes as text: as they say, else as what they look like; nothing is lost but what no table holds."""
    named = _CHARSETS.get(charset.strip().lower(), charset.strip().lower())
    if _JIS.search(value) or named.startswith("iso-2022-jp") or named == "csiso2022jp":
        if _JIS.search(value) or all(one < 0x80 for one in value):
            return _of_jis(value)
        named = ""
    for one in (named, "utf-8-sig", "cp932", "euc_jp"):
        if not one:
            continue
        try:
            text = value.decode(one)
        except (LookupError, UnicodeError, ValueError):
            continue
        if one != "cp932" or not any("\ue000" <= char <= "\uf8ff" for char in text):
            return text
    return value.decode("cp932", "replace")


def _of_jis(value: bytes) -> str:
    """ISO-2022-JP with all that mails put into it: NEC row 13, IBM extensions, half-width kana, bytes of Shift_JIS."""
    said: list[str] = []
    mode = b"(B"
    for piece in re.split(rb"(\x1b\$\([@BDOPQ]|\x1b\$[@B]|\x1b\([BJIH]|\x1b&@|\x0e|\x0f)", value):
        if piece.startswith(b"\x1b"):
            mode = piece[1:]
        elif piece in (b"\x0e", b"\x0f"):
            mode = b"(I" if piece == b"\x0e" else b"(B"
        elif mode in (b"$@", b"$B", b"$(@", b"$(B"):
            said.append(_of_kanji(piece))
        elif mode == b"(I":
            said.append(bytes(one | 0x80 for one in piece).decode("cp932", "replace"))
        elif mode == b"$(D":
            said.append(_of_supplement(piece))
        else:
            said.append(decoded(piece, "") if any(one > 0x7F for one in piece) else piece.decode())
    return "".join(said)


def _of_kanji(piece: bytes) -> str:
    """Pairs of JIS X 0208 by way of Shift_JIS, whose Microsoft table has what NEC and IBM added."""
    said: list[str] = []
    at = 0
    while at < len(piece):
        first = piece[at]
        if first < 0x21:
            # A line break inside: mails that forget to switch back
            said.append(chr(first))
            at += 1
            continue
        if at + 1 >= len(piece):
            break
        second = piece[at + 1]
        at += 2
        first, second = first & 0x7F, second & 0x7F
        row = (first - 0x21) // 2 + 0x81
        row += 0x40 if row > 0x9F else 0
        cell = (second + (0x1F if second < 0x60 else 0x20)) if first % 2 else second + 0x7E
        said.append(bytes((row & 0xFF, cell & 0xFF)).decode("cp932", "replace"))
    return "".join(said)


def _of_supplement(piece: bytes) -> str:
    """JIS X 0212, by way of EUC-JP."""
    pairs = (piece[at : at + 2] for at in range(0, len(piece) - 1, 2))
    return "".join(
        (b"\x8f" + bytes(one | 0x80 for one in pair)).decode("euc_jp", "replace") for pair in pairs
    )
