"""An account closed in a real browser: terms entered, who is due looked at in both languages, statements issued and fetched."""

import io
import re
from collections.abc import Iterator

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from scripts.shown import speak
from tests.browser.conftest import Shop
from tests.browser.test_accessible import faults

pytestmark = pytest.mark.browser
ORDERS = 3
NARROW = {"width": 390, "height": 800}


@pytest.fixture
def owing(shop: Shop) -> Iterator[str]:
    """A company with credit sales that left in October; its customer number."""
    company = "株式会社山田商店"
    with shop.database() as admin:
        admin.execute(
            "insert into document.sender (shop_id, sender_name) select shop_id, shop_name from channel.shop on conflict do nothing"
        )
        before = admin.execute("select shop_id, invoice_registration_no from document.sender").fetchall()  # fmt: skip
        admin.execute("update document.sender set invoice_registration_no = 'T1180301018771'")
        customer = admin.execute(
            "insert into customer.customer default values returning customer_id"
        ).fetchone()[0]
        admin.execute(
            "insert into customer.customer_party (customer_id, company) values (%s, %s)",
            (customer, company),
        )
        orders = [row[0] for row in admin.execute("select sales_order_id from sales.sales_order where cancelled_at is null and total is not null and currency_code = 'JPY' order by 1 limit %s", (ORDERS,))]  # fmt: skip
        was = admin.execute("select sales_order_id, customer_id, payment_method, shipped_at, status, is_history from sales.sales_order where sales_order_id = any(%s)", (orders,)).fetchall()  # fmt: skip
        admin.execute("set session_replication_role = replica")
        admin.execute(
            "update sales.sales_order set customer_id = %s, payment_method = 'credit_sale', shipped_at = '2026-10-05 12:00+09', status = 'shipped', is_history = true where sales_order_id = any(%s)",
            (customer, orders),
        )
        admin.execute("reset session_replication_role")
    yield company
    with shop.database() as admin:
        admin.execute("set session_replication_role = replica")
        for row in was:
            admin.execute(
                "update sales.sales_order set customer_id = %s, payment_method = %s, shipped_at = %s, status = %s, is_history = %s where sales_order_id = %s",
                (*row[1:], row[0]),
            )
        for row in before:
            admin.execute("update document.sender set invoice_registration_no = %s where shop_id = %s", (row[1], row[0]))  # fmt: skip
        admin.execute("reset session_replication_role")


@pytest.mark.usefixtures("few_orders")
def test_an_account_is_closed(shop: Shop, page: Page, owing: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with shop.database() as admin:
        (customer,) = admin.execute("select max(customer_id) from customer.customer_party where company = %s", (owing,)).fetchone()  # fmt: skip
    page.goto(f"{shop.url}/statements/")
    page.get_by_role("link", name="掛売の条件").first.click()
    page.get_by_role("link", name=re.compile("新しく登録")).click()
    page.locator("[name=closing_day]").fill("31")
    page.locator("[name=payment_months]").fill("0")
    page.locator("[name=payment_day]").fill("20")
    page.locator("[name=starts_on]").fill("2026-10-01")
    page.evaluate(
        "(id) => { const field = document.querySelector('[name=customer_id]');"
        " if (field.tagName === 'SELECT' && ![...field.options].some((one) => one.value === id)) field.append(new Option(id, id)); field.value = id; }",
        str(customer),
    )
    page.get_by_role("button", name=re.compile("^登録")).click()
    expect(page.locator("main")).to_contain_text("支払日")
    # What makes no sense is refused at the field, in words of the trade
    expect(page.get_by_text("支払日は締日より後です").first).to_be_visible()
    complaints.clear()
    page.locator("[name=payment_months]").fill("1")
    page.get_by_role("button", name=re.compile("^登録")).click()
    page.goto(f"{shop.url}/statements/?closes_on=2026-10-31")
    expect(page.get_by_role("row", name=re.compile(owing))).to_contain_text("2026-11-20")
    for language in ("en", "ja"):
        speak(page, language)
        page.reload()
        assert faults(page) == []
        page.set_viewport_size(NARROW)
        expect(page.get_by_role("link", name=owing)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="選んだ顧客の締め請求書を発行").click()
    link = page.locator('a[href$="/file"]')
    expect(link.first).to_be_visible(timeout=60_000)
    with page.expect_download() as fetched:
        link.first.click()
    pdf = fetched.value.path().read_bytes()
    text = "".join(
        one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(io.BytesIO(pdf))
    )
    assert f"{owing} 御中" in text
    assert "2026年11月20日" in text
    page.goto(f"{shop.url}/statements/?closes_on=2026-10-31")
    expect(page.get_by_text("この締日に締める顧客はいません")).to_be_visible()
    assert complaints == []
