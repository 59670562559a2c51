"""What a command tells the person who typed it when it cannot go on."""

import sys
from collections.abc import Callable

INTERRUPTED = 130


class CannotGoOn(Exception):
    """One sentence in each language: what is in the way, and what to do."""

    def __init__(self, japanese: str, english: str, *, lines: list[str] | None = None) -> None:
        super().__init__(f"{japanese} | {english}")
        self.lines = lines or []


def say(japanese: str, english: str) -> None:
    print(f"{japanese} | {english}", flush=True)


def guarded(main: Callable[[], int]) -> int:
    """Run a command; what it cannot do becomes a sentence and exit code 1."""
    try:
        return main()
    except CannotGoOn as stop:
        for line in stop.lines:
            print(f"    {line}", file=sys.stderr)
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
