"""A running demo shop, a real browser, and its owner signed in."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

import sql
from scripts import shown
from scripts.servers.together import servers
from scripts.shown import Demo, demo_shop
from scripts.world.ports import world_urls

PATIENCE_MS = 20_000  # a loaded machine draws a page slowly; nothing here waits without need
FEW_ORDERS = 12
COME_S = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop(Demo):
    """A running demo shop, and the malls that it sells at."""

    malls: dict[str, str]

    @contextmanager
    def database(self) -> Iterator[Any]:
        """A connection that may do everything; committed at the end."""
        with servers(self.data) as up, sql.connect(up.settings.database_url) as connection:
            yield connection

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
    with demo_shop() as demo:
        malls = {name.split("-")[0]: url for name, url in world_urls(demo.data).items()}
        yield Shop(
            url=demo.url, login=demo.login, password=demo.password, data=demo.data, malls=malls
        )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with shown.browser() as started:
        yield started


@pytest.fixture(scope="session")
def owner(shop: Shop, browser: Browser) -> StorageState:
    """The owner's cookies: one sign-in for all tests."""
    context = opened(browser)
    page = context.new_page()
    sign_in(page, shop, shop.login, shop.password)
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def context(browser: Browser, owner: StorageState) -> Iterator[BrowserContext]:
    made = opened(browser, storage_state=owner)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def few_orders(shop: Shop, browser: Browser, owner: StorageState) -> None:
    """Some orders have come in from the malls."""
    context = opened(browser, storage_state=owner)
    page = context.new_page()

    def enough() -> bool:
        page.goto(f"{shop.url}/sales/sales_order/list/")
        return page.locator("#rows tbody tr").count() >= FEW_ORDERS

    wait(f"{FEW_ORDERS} orders", COME_S, enough)
    context.close()


def opened(browser: Browser, **more: Any) -> BrowserContext:
    """A window of its own, in Japanese, as wide as a small notebook."""
    given = {"locale": "ja", "viewport": {"width": 1280, "height": 900}} | more
    context = browser.new_context(**given)
    context.set_default_timeout(PATIENCE_MS)
    return context


def sign_in(page: Page, shop: Shop, login: str, password: str) -> None:
    page.goto(f"{shop.url}/login/")
    page.fill("input[name=username]", login)
    page.fill("input[name=password]", password)
    page.click("main button.btn-primary")
    expect(page.get_by_role("navigation", name="メインメニュー")).to_be_visible()


def wait(what: str, seconds: float, until: Callable[[], Any]) -> Any:
    """Look twice a second until it is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := until():
            return found
        time.sleep(0.5)
    pytest.fail(f"not within {seconds} s: {what}")
