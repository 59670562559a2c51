"""An order's whole way, seen by a person in a real browser, through `scripts/run` as it is."""

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

pytestmark = pytest.mark.browser

ARRIVES_S = 100  # orders are fetched each minute
TOLD_S = 15
SHIPPED_S = 30
QUANTITY = 2


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


@pytest.fixture(scope="module")
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


def both_sell(shop: Shop) -> tuple[str, str]:
    """A SKU that both malls sell plenty of, and its number at the first one."""
    there = {
        one["sku_code"]: one["level"]
        for one in shop.mall("minato", "listings")["listings"]
        if one["level"] >= 10
    }
    for one in shop.mall("hinode", "listings")["listings"]:
        if one["level"] >= 10 and one["sku_code"] in there:
            return one["sku_code"], one["listing_no"]
    pytest.fail("no SKU that both malls sell")


def test_an_order_at_one_mall_goes_its_whole_way(shop: Shop, page: Page) -> None:
    wait(
        "levels at both malls", 60, lambda: shop.mall("hinode", "listings")["listings"][0]["level"]
    )
    for mall in shop.malls:
        shop.mall(mall, "customers", {"per_minute": 0})
    time.sleep(3)  # what was sold a moment ago is still on its way to the other mall
    sku_code, listing_no = both_sell(shop)
    before = shop.level("minato", sku_code)

    placed = shop.mall(
        "hinode",
        "orders",
        {
            "wanted": [[listing_no, QUANTITY]],
            "note": "",
            "payment_method": "card",
            "is_paid": True,
            "is_gift": False,
        },
    )
    order_no = placed["order_no"]

    def appears() -> bool:
        page.goto(f"{shop.url}/sales/sales_order/list/")
        return page.get_by_text(order_no).count() > 0

    wait(f"{order_no} in the list", ARRIVES_S, appears)
    row = page.locator("tr", has_text=order_no)
    expect(row).to_contain_text("出荷可能")
    wait(
        "fewer at the other mall",
        TOLD_S,
        lambda: shop.level("minato", sku_code) == before - QUANTITY,
    )

    row.get_by_role("link").first.click()
    expect(page.get_by_text("待つものはありません。出荷できます。")).to_be_visible()
    page.get_by_role("link", name="出荷する").or_(
        page.get_by_role("button", name="出荷する")
    ).first.click()
    page.select_option("#p_carrier_code", "yamato")
    page.fill("#p_tracking_no", "1234-5678-9012")
    page.locator("main form.fields button.btn-primary").click()
    page.goto(f"{shop.url}/sales/sales_order/list/")
    expect(page.locator("tr", has_text=order_no)).to_contain_text("出荷済み")

    shipped = wait(
        "shipped at the mall",
        SHIPPED_S,
        lambda: (found := shop.mall("hinode", f"orders/{order_no}"))["tracking_nos"] and found,
    )
    assert shipped["state"] == "shipped"
    assert shipped["tracking_nos"] == ["1234-5678-9012"]
    assert shop.level("minato", sku_code) == before - QUANTITY
