"""What a command tells the person who typed it when it cannot go on."""

import errno
import sys
from collections.abc import Callable

from config import SettingWrong
from sql.errors import DatabaseError

# Full disk, no rights, missing file: the machine's own sentence is enough
TOLD = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.ENOENT, errno.EROFS)
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
    except DatabaseError as error:
        if error.__cause__ is not None:
            # Why, in the server's own words; it never repeats a password
            print(f"    {str(error.__cause__).splitlines()[0]}", file=sys.stderr)
        print("\n".join(text for text in (error.message, error.hint) if text), file=sys.stderr)
        return 1
    except SettingWrong as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in TOLD:
            raise
        print(
            f"{error.filename} を使えません（{error.strerror}）。 | "
            f"{error.filename} cannot be used ({error.strerror}).",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
