"""One day of `scripts/run`: first start, stop, second start, killed, third start."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from config import PROJECT
from scripts.servers.place import make_place
from scripts.servers.ports import free_port
from scripts.servers.postgres import Postgres
from scripts.servers.processes import is_alive, recall
from scripts.servers.valkey import Valkey
from scripts.supervisor.supervise import record, stop_orphans

START_S = 60.0
# The promise for a second start
AGAIN_S = 15.0
LOGIN = re.compile(r"The owner's login: (\S+) password: (\S+)")


class Run:
    """A `scripts/run` that was started, and what it said until its address."""

    def __init__(self, data: Path, port: int, *arguments: str) -> None:
        began = time.monotonic()
        self.process = subprocess.Popen(
            [
                sys.executable, "-u", "-m", "scripts.commands.run",
                "--data", str(data), "--port", str(port), *arguments,
            ],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
        self.said = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if "Daicho is running" in line:
                break
        self.seconds = time.monotonic() - began
        assert "Daicho is running" in self.said, self.said

    def end(self, how: signal.Signals) -> str:
        """Send a signal and wait; what it said after its address."""
        self.process.send_signal(how)
        said, _ = self.process.communicate(timeout=60)
        return said


@pytest.fixture
def data(open_folder: Path) -> Iterator[Path]:
    folder = open_folder / "data"
    yield folder
    stop_orphans(make_place(folder))
    Valkey(folder).stop()
    Postgres(folder).stop()


def page(port: int, path: str) -> httpx.Response:
    with httpx.Client(trust_env=False, follow_redirects=True, timeout=30) as client:
        return client.get(f"http://127.0.0.1:{port}{path}")


@pytest.mark.slow
def test_a_shop_is_started_stopped_killed_and_goes_on(data):
    port = free_port()
    first = Run(data, port, "--empty")
    login = LOGIN.search(first.said + first.process.stdout.readline())
    assert login is not None
    assert page(port, "/readyz").status_code == 200
    assert "password" in page(port, "/login/").text
    second = subprocess.run(
        [sys.executable, "-m", "scripts.commands.run", "--data", str(data)],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert f"already runs on this data ({data}, http://127.0.0.1:{port}/)" in second.stderr
    known = recall(record(make_place(data)))
    assert {one.name for one in known} == {
        "dispatch",
        "worker-now",
        "worker-long",
        "worker-mail",
        "worker-1",
        "worker-2",
        "web",
    }
    assert "the data is kept" in first.end(signal.SIGINT)
    assert first.process.returncode == 0
    assert not any(is_alive(one) for one in known)
    assert not Postgres(data).running()
    assert not Valkey(data).running()

    again = Run(data, port)
    assert again.seconds < AGAIN_S
    left = recall(record(make_place(data)))
    again.process.kill()
    said = again.process.communicate(timeout=10)[0]
    assert LOGIN.search(again.said + said) is None
    assert all(is_alive(one) for one in left)

    third = Run(data, port)
    assert "left behind" in third.said
    assert not any(is_alive(one) for one in left)
    web = next(one for one in recall(record(make_place(data))) if one.name == "web")
    psutil.Process(web.pid).kill()
    until = time.monotonic() + START_S
    while True:
        try:
            assert page(port, "/readyz").status_code == 200
            break
        except httpx.TransportError:
            assert time.monotonic() < until
            time.sleep(0.1)
    said = third.end(signal.SIGTERM)
    assert "web ended (SIGKILL)" in said
    assert third.process.returncode == 0
    for secret in (login[2],):
        for log in (data / "log").iterdir():
            assert secret not in log.read_text("utf-8")


@pytest.mark.slow
def test_a_check_proves_every_part_and_leaves_nothing_running(data):
    done = subprocess.run(
        [sys.executable, "-m", "scripts.commands.run", "--data", str(data), "--empty", "--check"],
        cwd=PROJECT, capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for part in (
        "postgres",
        "valkey",
        "web",
        "job",
        "dispatch",
        "worker-now",
        "worker-long",
        "worker-mail",
        "worker-1",
        "worker-2",
    ):
        assert f"| {part}: " in done.stdout
    assert recall(record(make_place(data))) == []
    assert not Postgres(data).running()
