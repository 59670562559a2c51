"""Logs of a folder, kept small: what is full becomes .1, and the oldest goes."""

import shutil
from pathlib import Path

FULL_BYTES = 10_000_000
KEPT = 3


def rotate(folder: Path, *, full_bytes: int = FULL_BYTES, kept: int = KEPT) -> None:
    """Move the content of full logs aside.

    Their writers keep the file open and append, so it is copied and emptied in place.
    """
    for log in folder.glob("*.log"):
        if log.stat().st_size < full_bytes:
            continue
        for number in range(kept - 1, 0, -1):
            older = log.with_name(f"{log.name}.{number}")
            if older.exists():
                older.replace(log.with_name(f"{log.name}.{number + 1}"))
        shutil.copyfile(log, log.with_name(f"{log.name}.1"))
        with log.open("r+b") as file:
            file.truncate(0)
