"""Take the pictures of the manual: each main page in both languages, light, dark and on a phone."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from config import PROJECT
from scripts.packages import install, is_there, packages
from scripts.sentence import CannotGoOn, guarded, say
from scripts.shown import Demo, browser, demo_shop, speak

PICTURES = PROJECT / "docs" / "pictures"
LANGUAGES = ("ja", "en")
WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
# How a page is looked at: size of the window, and whether the reader wants it dark
LOOKS = {"light": (WIDE, False), "dark": (WIDE, True), "phone": (PHONE, False)}
QUALITY = 62
ORDERS_S, SETTLE_MS = 180, 500
ORDERS_MIN = 50
FIRST = "#rows tbody tr a"


def _sign_in(page: Page, shop: Demo, language: str) -> None:
    page.goto(f"{shop.url}/login/")
    page.fill("input[name=username]", shop.login)
    page.fill("input[name=password]", shop.password)
    page.click("main button.btn-primary")
    page.wait_for_selector("nav.side")
    speak(page, language)


def _wait_for_orders(page: Page, shop: Demo) -> None:
    """Customers of the demo have bought for a while, and the sidebar's counts are kept."""
    end = time.monotonic() + ORDERS_S
    while time.monotonic() < end:
        page.goto(f"{shop.url}/sales/sales_order/list/")
        kept = page.locator("nav.side a[href$='/sales/sales_order/list/'] .c").first.inner_text()
        if page.locator("#rows tbody tr").count() >= ORDERS_MIN and kept.strip() not in ("", "0"):
            return
        time.sleep(2)
    raise CannotGoOn(
        f"{ORDERS_S} 秒待っても受注が {ORDERS_MIN} 件になりません。",
        f"There are no {ORDERS_MIN} orders after {ORDERS_S} seconds.",
    )


def _addresses(page: Page, shop: Demo) -> dict[str, str]:
    """What is shown: an order that waits for a person, and an SKU that somebody edits."""

    def first(address: str) -> str:
        page.goto(f"{shop.url}{address}")
        row = page.locator(FIRST)
        if not row.count():
            raise CannotGoOn(f"{address} に行がありません。", f"There are no rows at {address}.")
        return row.first.get_attribute("href") or ""

    slip = first("/sales/sales_order/list/?f.status=on_hold&sort=total&dir=desc")
    sku = first("/catalog/sku/list/")
    return {
        "home": "/",
        "list": "/sales/sales_order/list/",
        "show": slip,
        "form": sku.replace("/show/", "/edit/"),
        "search": "/find?q=花子",
        "error": "/sales/sales_order/show/999999999",
        "login": "/login/",
    }


def _take(browser: Browser, shop: Demo, language: str, folder: Path) -> int:
    """All pictures of one language; how many."""
    taken = 0
    inside = browser.new_context(locale=language, viewport=WIDE)
    page = inside.new_page()
    _sign_in(page, shop, language)
    addresses = _addresses(page, shop)
    outside = browser.new_context(locale=language, viewport=WIDE)
    door = outside.new_page()
    door.goto(f"{shop.url}/login/")
    speak(door, language)
    for name, address in addresses.items():
        shown = door if name == "login" else page
        for look, (size, is_dark) in LOOKS.items():
            shown.set_viewport_size(size)
            shown.emulate_media(color_scheme="dark" if is_dark else "light")
            shown.goto(f"{shop.url}{address}")
            shown.wait_for_load_state("networkidle")
            shown.wait_for_timeout(SETTLE_MS)
            path = folder / f"{name}-{language}-{look}.jpg"
            shown.screenshot(path=path, type="jpeg", quality=QUALITY)
            taken += 1
    outside.close()
    inside.close()
    return taken


def run(options: argparse.Namespace) -> int:
    wanted = [package for package in packages() if package.marker == "browser"]
    install([package for package in wanted if not is_there(package)])
    if missing := [package.name for package in wanted if not is_there(package)]:
        names = " ".join(missing)
        raise CannotGoOn(
            f"`sudo apt install {names}` を実行してから、もう一度実行してください。",
            f"Run `sudo apt install {names}`, then this again.",
        )
    folder: Path = options.to
    folder.mkdir(parents=True, exist_ok=True)
    with demo_shop() as shop, browser() as shown:
        waiting = shown.new_context(locale="ja", viewport=WIDE)
        page = waiting.new_page()
        _sign_in(page, shop, "ja")
        _wait_for_orders(page, shop)
        waiting.close()
        taken = sum(_take(shown, shop, language, folder) for language in LANGUAGES)
    say(f"{taken} 枚の画面を {folder} に撮りました。", f"{taken} pictures are in {folder}.")
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/pictures",
        description="説明書の画面を撮ります。 | Take the pictures of the manual.",
    )
    parser.add_argument(
        "--to", type=Path, default=PICTURES, metavar="DIR", help="置き場所 | where to"
    )
    options = parser.parse_args(arguments)
    return guarded(lambda: run(options))


if __name__ == "__main__":
    sys.exit(main())
