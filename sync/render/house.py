"""What is the same on all documents of a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Language, zone and day."""

    language: str
    zone: ZoneInfo
    issued_on: date

    def t(self, japanese: str, english: str) -> str:
        """One side of a word."""
        return japanese if self.language == "ja" else english
