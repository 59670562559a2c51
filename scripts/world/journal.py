"""The memory of a mall on disk: one JSON line per thing that changed, the last one of a thing wins.

Each line is handed to the operating system before the mall goes on, so a killed process forgets nothing that it
told anybody. At each start the file is written anew in its short form.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sync.simulated.floor import FakeMall


class JournalInUse(Exception):
    """Another world runs over this memory."""


class Journal:
    """The journal of one mall. `remember` is called under the mall's own lock."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def attach(self, mall: FakeMall) -> None:
        """Give the mall its memory back, and keep what it does from now on."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Held until the process ends: two worlds over one memory would each forget the other's.
        self._lock = self._path.with_suffix(".lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise JournalInUse(self._path) from error
        for kind, record in self._read():
            mall.recall(kind, record)
        mall.recalled()
        fresh = self._path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            for kind, record in mall.records():
                file.write(_line(kind, record))
        fresh.replace(self._path)
        self._file = self._path.open("a", encoding="utf-8")
        mall.remember = self._remember

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self._lock.close()

    def _remember(self, kind: str, record: Mapping[str, object]) -> None:
        self._file.write(_line(kind, record))
        self._file.flush()

    def _read(self) -> Iterator[tuple[str, dict[str, Any]]]:
        if not self._path.exists():
            return
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                # A process that was killed while writing leaves half a line, always the last.
                if line.endswith("\n"):
                    entry: dict[str, Any] = json.loads(line)
                    yield entry["kind"], entry["record"]


def _line(kind: str, record: Mapping[str, object]) -> str:
    return json.dumps({"kind": kind, "record": record}, ensure_ascii=False, default=str) + "\n"
