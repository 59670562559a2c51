"""Start a server program: as its own user, apart from our terminal, writing to a log of its own."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from scripts.servers.system_user import SystemUser

LOG_TAIL_LINES = 12


class ServerProcess(subprocess.Popen[bytes]):
    """A server's process: others may use it longer than we live, so to forget it is no mistake."""

    def __del__(self) -> None:
        # The inherited one warns of a child that still runs
        if self.returncode is None:
            self.poll()


def start_server(command: Sequence[str], *, log: Path, user: SystemUser | None) -> ServerProcess:
    """Start a server that outlives our Ctrl-C; its words are appended to `log`."""
    with log.open("ab") as output:
        return ServerProcess(
            list(command),
            cwd="/",
            env=server_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
        )


def run_once(
    command: Sequence[str], *, user: SystemUser | None
) -> subprocess.CompletedProcess[str]:
    """Run a program of the servers to its end and keep what it says."""
    return subprocess.run(
        list(command),
        cwd="/",
        env=server_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
        check=False,
    )


def server_environment() -> dict[str, str]:
    """Nothing of the caller's: a locale or PG* variable of theirs must not change the server."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def tail(log: Path, lines: int = LOG_TAIL_LINES) -> list[str]:
    """Read the last lines of a log; none when there is no log."""
    try:
        text = log.read_text("utf-8", errors="replace")
    except OSError:
        return []
    return text.splitlines()[-lines:]
