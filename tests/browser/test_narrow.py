"""On a phone every page is as wide as the phone, and no wider."""

import pytest

from scripts.shown import speak

WIDTH = 390
PAGES = (
    "/",
    "/sales/sales_order/list/",
    "/catalog/sku/list/",
    "/catalog/sku/add/",
    "/find?q=A",
    "/jobs/",
    "/people/",
    "/people/new",
    "/roles/",
    "/roles/order_desk",
    "/own/",
    "/forms/",
    "/statements/",
    "/mail/mail/list/",
    "/mails/templates/new",
    "/mails/templates/1",
    "/me/",
    "/sales/sales_order/show/999999999",
)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_page_is_wider_than_a_phone(shop, page, few_orders, language):
    page.set_viewport_size({"width": WIDTH, "height": 844})
    page.goto(f"{shop.url}/sales/sales_order/list/")
    slip = page.locator("#rows tbody tr a").first.get_attribute("href")
    speak(page, language)
    wide = dict[str, int]()
    try:
        for address in (*PAGES, slip):
            page.goto(f"{shop.url}{address}")
            page.wait_for_load_state("networkidle")
            width = page.evaluate("document.scrollingElement.scrollWidth")
            if width > WIDTH:
                wide[address] = width
    finally:
        speak(page, "ja")
    assert wide == {}


@pytest.mark.parametrize("table", ["mail_template", "mail_rule"])
def test_on_a_phone_a_row_says_its_name_and_leads_to_its_page(shop, page, table):
    page.set_viewport_size({"width": WIDTH, "height": 844})
    page.goto(f"{shop.url}/mail/{table}/list/")
    name = page.locator("#rows tbody tr a").first
    box = name.bounding_box()
    assert box is not None
    assert box["width"] > 40
    name.click()
    page.wait_for_load_state("networkidle")
    assert "/list/" not in page.url
