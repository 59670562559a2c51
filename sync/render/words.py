"""Texts in two languages: `日本語 | English`."""

from __future__ import annotations

from typing import Final

BAR: Final = " | "


def side(text: str, language: str) -> str:
    """One side of a text; a text of one language serves both."""
    japanese, bar, english = text.replace("\n", " ").partition(BAR)
    return (english if language == "en" and bar else japanese).strip()


def joined(*sentences: str) -> str:
    """Several texts as one, each language on its own side of the bar."""
    said = [one for one in sentences if one]
    if not any(BAR in one for one in said):
        return " ".join(said)
    return BAR.join(" ".join(side(one, language) for one in said) for language in ("ja", "en"))
