"""The main screens can be used by everybody: axe-core's rules in a real browser, light and dark.

axe-core (MPL-2.0) comes in the wheel of axe-playwright-python (MIT) and is used by tests alone.
"""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, StorageState

from tests.browser.conftest import Shop, opened

pytestmark = pytest.mark.browser

STOPS = ("serious", "critical")
# axe cannot judge these for itself, but in pages of ours none is left open
LEFT_OPEN = ("duplicate-id-aria",)
NOWHERE = "/nowhere"
# Buttons fade from one colour to the other: half-way through they are neither
SETTLED = "() => Promise.all(document.getAnimations().map((one) => one.finished))"
SCREENS = {
    "home": "/",
    "list": "/sales/sales_order/list/",
    "list with conditions": "/sales/sales_order/list/?f.status=on_hold&q=a",
    "slip": "/sales/sales_order/show/1",
    "show": "/catalog/product/show/1",
    "form": "/catalog/product/edit/1",
    "new": "/catalog/sku/add",
    "search": "/find?q=見本",
    "jobs": "/jobs/",
    "people": "/people/",
    "a new person": "/people/new",
    "roles": "/roles/",
    "role": "/roles/order_desk/",
    "my settings": "/me/",
    "own": "/own/",
    "forms": "/forms/",
    "a template": "/forms/1/delivery_note",
    "mails": "/mail/mail/list/",
    "a template of mails": "/mails/templates/1",
    "a new template of mails": "/mails/templates/new",
    "own column": "/own/add-column?table_name=catalog.product",
    "imports": "/imports/",
    "statements": "/statements/",
    "password": "/password/",
    "manual": "/manual/",
    "manual of a table": "/manual/sales.sales_order",
    "error": NOWHERE,
}
LOGIN = "/login/"
FAULTY = """() => {
    const faint = document.createElement("p");
    faint.textContent = "faint";
    faint.style.cssText = "color: #888; background: #999";
    document.querySelector("main").append(document.createElement("input"), faint);
}"""


def faults(page: Page, *rules: str) -> list[str]:
    """What axe finds, by these rules or by all, that would keep somebody out, a line each."""
    options: dict[str, Any] = {"resultTypes": ["violations", "incomplete"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found: dict[str, Any] = Axe().run(page, options=options).response
    broken = [rule for rule in found["violations"] if rule["impact"] in STOPS]
    broken += [rule for rule in found["incomplete"] if rule["id"] in LEFT_OPEN]
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))} {node['html'][:200]}"
        for rule in broken
        for node in rule["nodes"]
    ]


@pytest.mark.usefixtures("few_orders")
def test_nobody_is_kept_out(shop: Shop, browser: Browser, owner: StorageState) -> None:
    """Every screen as it opens in light, then its colours in dark: nothing else differs there."""
    inside = opened(browser, storage_state=owner, color_scheme="light")
    outside = opened(browser, color_scheme="light")
    found = {}
    for name, path in {**SCREENS, "login": LOGIN}.items():
        page = (outside if path == LOGIN else inside).new_page()
        answer = page.goto(f"{shop.url}{path}")
        assert answer
        assert answer.status == (404 if path == NOWHERE else 200), path
        page.wait_for_load_state("networkidle")
        found[name] = faults(page)
        page.emulate_media(color_scheme="dark")
        page.evaluate(SETTLED)
        found[f"{name}, dark"] = faults(page, "color-contrast")
        page.close()
    inside.close()
    outside.close()
    assert {name: said for name, said in found.items() if said} == {}


def test_open_parts_keep_nobody_out(shop: Shop, page: Page) -> None:
    """What opens by a key or a press: conditions, the palette, the sheet of keys, a cell, a refused form."""
    page.goto(f"{shop.url}/catalog/product/list/")
    for key, part in (
        ("f", "details.pop[open]"),
        ("?", "dialog[open]"),
        ("Control+k", "dialog[open]"),
    ):
        page.keyboard.press(key)
        page.wait_for_selector(part)
        assert faults(page) == [], key
        page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_selector("td[data-edit] form")
    assert faults(page) == [], "a cell"
    page.goto(f"{shop.url}/catalog/product/add")
    page.keyboard.press("Control+s")
    page.wait_for_selector(".is-invalid")
    assert faults(page) == [], "a refused form"


def test_a_fault_would_be_found(shop: Shop, page: Page) -> None:
    page.goto(f"{shop.url}/jobs/")
    page.evaluate(FAULTY)
    assert {said.partition(":")[0] for said in faults(page)} == {"color-contrast", "label"}
    page.emulate_media(color_scheme="dark")
    page.evaluate(SETTLED)
    found = faults(page, "color-contrast")
    assert found
    assert all(said.startswith("color-contrast") for said in found)
