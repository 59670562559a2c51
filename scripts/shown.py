"""A demo shop of its own, and a real browser: what the manual's pictures and the tests look at."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from config import PROJECT
from scripts.sentence import CannotGoOn
from scripts.servers.ports import free_port

START_S, STOP_S = 90, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A running demo shop: its address, the owner's login, and its data folder."""

    url: str
    login: str
    password: str
    data: Path


@contextmanager
def demo_shop() -> Iterator[Demo]:
    """Start `scripts/run` in a temporary folder; stop it and throw the folder away at the end.

    Raises CannotGoOn with what it said when it does not start within 90 seconds.
    """
    # Above the folders that only we may enter: the servers' own user must reach it
    folder = Path(tempfile.mkdtemp(prefix="daicho-shown-"))
    folder.chmod(0o711)
    said = folder / "said"
    port = free_port()
    with said.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [
                sys.executable, "-u", "-m", "scripts.commands.run",
                "--data", str(folder / "data"), "--port", str(port),
            ],
            cwd=PROJECT, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        login, password = _login(process, said)
        yield Demo(
            url=f"http://127.0.0.1:{port}", login=login, password=password, data=folder / "data"
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=STOP_S)
        shutil.rmtree(folder)


def _login(process: subprocess.Popen[bytes], said: Path) -> tuple[str, str]:
    """Name and password of the owner, once the shop says that it runs."""
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        text = said.read_text("utf-8")
        found = re.search(r"The owner's login: (\S+) password: (\S+)", text)
        if found and "Daicho is running" in text:
            return found[1], found[2]
        time.sleep(0.2)
    last = said.read_text("utf-8")[-500:]
    raise CannotGoOn(
        f"デモの店を起動できませんでした: {last}", f"The demo shop did not start: {last}"
    )


def speak(page: Page, language: str) -> None:
    """Choose the language, as the buttons at the top do."""
    page.evaluate(
        """async (language) => {
            const token = document.querySelector('meta[name="csrf-token"]').content;
            await fetch(`/language/${language}`, {method: 'POST', body: new URLSearchParams({csrf_token: token})});
        }""",
        language,
    )


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without anything that it would fetch by itself."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()
