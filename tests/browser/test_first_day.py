"""An order's whole way, seen by a person in a real browser, through `scripts/run` as it is."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop, wait

pytestmark = pytest.mark.browser

ARRIVES_S = 100  # orders are fetched each minute
TOLD_S = 15
SHIPPED_S = 30
QUANTITY = 2
# What was sold a moment ago is still on its way to the other mall: fetched every 5 s, then sent
QUIET_S = 15


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
    time.sleep(QUIET_S)
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

    found = f"{shop.url}/sales/sales_order/list/?q={order_no}"
    row = page.locator("#rows tbody tr")

    def appears() -> bool:
        page.goto(found)
        return row.count() == 1

    wait(f"{order_no} in the list", ARRIVES_S, appears)
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
    page.locator("main form.form button.btn-primary").click()
    page.goto(found)
    expect(row).to_contain_text("出荷済み")

    shipped = wait(
        "shipped at the mall",
        SHIPPED_S,
        lambda: (found := shop.mall("hinode", f"orders/{order_no}"))["tracking_nos"] and found,
    )
    assert shipped["state"] == "shipped"
    assert shipped["tracking_nos"] == ["1234-5678-9012"]
    assert shop.level("minato", sku_code) == before - QUANTITY
