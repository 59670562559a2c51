"""Which process is ours: by number and time of start, because numbers are used again."""

import json
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from scripts.servers.place import write_whole

POLL_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A process that we started: what to call it, its number and when it began (epoch seconds)."""

    name: str
    pid: int
    started: float


def know(name: str, pid: int) -> Known:
    """Note a process that is alive now; raises psutil.NoSuchProcess when it is not."""
    return Known(name=name, pid=pid, started=psutil.Process(pid).create_time())


def is_alive(known: Known) -> bool:
    """Tell whether this very process still works; a zombie does not."""
    try:
        process = psutil.Process(known.pid)
        same = abs(process.create_time() - known.started) < 1.0
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def is_server(pid: int, name: str, folder: Path) -> bool:
    """Tell whether `pid` is a live program called `name` that works in `folder`."""
    try:
        process = psutil.Process(pid)
        return (
            process.status() != psutil.STATUS_ZOMBIE
            and process.name() == name
            and Path(process.cwd()) == folder.resolve()
        )
    except psutil.Error:
        return False


def find_servers(name: str, folder: Path) -> list[int]:
    """List the live programs called `name` that work in `folder`, the oldest first."""
    found = [
        (process.create_time(), process.pid)
        for process in psutil.process_iter(["name"])
        if process.info["name"] == name and is_server(process.pid, name, folder)
    ]
    return [pid for _, pid in sorted(found)]


def stop(known: Known, *, how: signal.Signals = signal.SIGTERM, seconds: float = 10.0) -> bool:
    """Ask a process to end and wait; False when it is still there after `seconds`."""
    if not is_alive(known):
        return True
    try:
        psutil.Process(known.pid).send_signal(how)
    except psutil.NoSuchProcess:
        return True
    return wait_gone(known, seconds=seconds)


def wait_gone(known: Known, *, seconds: float) -> bool:
    """Wait until a process has ended; False when it is still there after `seconds`."""
    until = time.monotonic() + seconds
    while is_alive(known):
        if time.monotonic() > until:
            return False
        time.sleep(POLL_S)
    return True


def remember(path: Path, known: list[Known]) -> None:
    """Write down processes, for a later start that finds them orphaned."""
    write_whole(path, json.dumps([asdict(one) for one in known]) + "\n")


def recall(path: Path) -> list[Known]:
    """Read the processes written down; a torn or missing file knows none."""
    try:
        return [Known(**one) for one in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        return []
