"""A running demo shop, a real browser, and its owner signed in."""

import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from config import PROJECT
from scripts.servers.ports import free_port


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A running demo shop: its address, the owner's login, and its malls."""

    url: str
    login: str
    password: str
    malls: dict[str, str]

    def mall(self, name: str, path: str, body: Any = None) -> Any:
        with httpx.Client(trust_env=False, timeout=20) as client:
            url = f"{self.malls[name]}/_world/{path}"
            answer = client.get(url) if body is None else client.post(url, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def level(self, mall: str, sku_code: str) -> int:
        listings = self.mall(mall, "listings")["listings"]
        return next(one["level"] for one in listings if one["sku_code"] == sku_code)


@pytest.fixture(scope="session")
def shop() -> Iterator[Shop]:
    # Above the folders that only we may enter: the servers' own user must reach it
    folder = Path(tempfile.mkdtemp(prefix="daicho-test-"))
    folder.chmod(0o711)
    port = free_port()
    said = folder / "said"
    with said.open("w") as output:
        process = subprocess.Popen(
            [
                sys.executable, "-u", "-m", "scripts.commands.run",
                "--data", str(folder / "data"), "--port", str(port),
            ],
            cwd=PROJECT, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            wait("the address", 90, lambda: "Daicho is running" in said.read_text("utf-8"))
            login = re.search(r"The owner's login: (\S+) password: (\S+)", said.read_text("utf-8"))
            assert login
            ports = json.loads((folder / "data" / "world" / "ports.json").read_text("utf-8"))
            yield Shop(
                url=f"http://127.0.0.1:{port}",
                login=login[1],
                password=login[2],
                malls={name.split("-")[0]: f"http://127.0.0.1:{at}" for name, at in ports.items()},
            )
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
    shutil.rmtree(folder)


@pytest.fixture
def page(shop: Shop) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        opened = browser.new_context(locale="ja", viewport={"width": 1280, "height": 900})
        page = opened.new_page()
        page.goto(f"{shop.url}/login/")
        page.fill("input[name=username]", shop.login)
        page.fill("input[name=password]", shop.password)
        page.click("main button.btn-primary")
        expect(page.get_by_role("heading", name="ホーム")).to_be_visible()
        yield page
        browser.close()


def wait(what: str, seconds: float, until: Callable[[], Any]) -> Any:
    """Look twice a second until it is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := until():
            return found
        time.sleep(0.5)
    pytest.fail(f"not within {seconds} s: {what}")
