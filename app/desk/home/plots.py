"""Pure geometry of the plots: numbers in, rectangles and lines out. Classes draw them, no style does."""

from collections.abc import Sequence
from dataclasses import dataclass

AGE_WIDTH = 150
GAP = 1
HOURS = 24
HOUR_WIDTH = 10
HEIGHT = 34
ROOM = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One rectangle."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Rectangles beside each other, and what they say in words."""

    parts: Sequence[Part]
    said: str


def ages(counts: Sequence[int], most: int) -> list[Part]:
    """How many are of today, of the last days and older, as one bar; `most` fills the whole width."""
    found: list[Part] = []
    x = 0.0
    for kind, count in zip(("a1", "a2", "a3"), counts, strict=True):
        if count and most:
            # Thin, but there: one among thousands must be seen
            width = max(AGE_WIDTH * count / most - GAP, 2)
            found.append(Part(kind=kind, x=round(x, 1), y=0, width=round(width, 1), height=10))
            x += width + GAP
    return found


def scale(rows: Sequence[Sequence[float]]) -> float:
    """The greatest of all values: every shop is drawn to the same measure."""
    return max((value for row in rows for value in row), default=0.0)


def bars(amounts: Sequence[float], most: float) -> list[Part]:
    """One bar for each hour in which something came."""
    return [
        Part(
            kind="bar-c",
            x=hour * HOUR_WIDTH + 0.75,
            y=round(ROOM + HEIGHT - height, 1),
            width=HOUR_WIDTH - 1.5,
            height=round(height, 1),
        )
        for hour, amount in enumerate(amounts)
        if amount > 0 and most > 0 and (height := max(HEIGHT * amount / most, 1))
    ]


def steps(usual: Sequence[float], most: float) -> str:
    """The usual day as a line of steps, from midnight to midnight."""
    if not most or not usual:
        return ""
    heights = [round(ROOM + HEIGHT * (1 - value / most), 1) for value in usual]
    parts = [f"M0 {heights[0]}"]
    for hour, height in enumerate(heights):
        if hour and height != heights[hour - 1]:
            parts.append(f"V{height}")
        parts.append(f"H{(hour + 1) * HOUR_WIDTH}")
    return "".join(parts)


def share_of_day(hour: int, minute: int) -> float:
    """How much of the day has passed, in percent."""
    return round((hour * 60 + minute) / (HOURS * 60) * 100, 2)
