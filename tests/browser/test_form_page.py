"""A template of a shop's own, written in a real browser: seen while it is written, wrong at its line, in force, and back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop, wait

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("few_orders")
def test_a_template_is_written_seen_and_taken_back(shop: Shop, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{shop.url}/forms/")
    page.get_by_role("link", name=re.compile("日の出.* 納品書$")).click()
    sheet = page.locator("[data-sheets] img")
    expect(sheet.first).to_be_visible()
    assert sheet.first.evaluate("img => img.naturalWidth") > 600
    area = page.locator("#body")
    standard, before = area.input_value(), sheet.first.get_attribute("src")
    lines = standard.count("\n") + 1
    expect(page.locator("[data-gutter] li")).to_have_count(lines)

    area.fill(standard + "\n#nothing")
    go = page.locator("[data-goto]")
    expect(go).to_contain_text(f"{lines + 1}行2桁")
    expect(page.locator("[data-gutter] li.wrong")).to_have_count(1)
    go.click()
    at = area.evaluate("area => area.value.slice(0, area.selectionStart)")
    assert at.count("\n") == lines
    page.get_by_role("button", name="保存して使う").click()
    expect(page.get_by_role("alert").first).to_contain_text("まだ使っていません")
    expect(area).to_have_value(standard + "\n#nothing")

    page.locator("#body").fill(standard.replace('"受注番号"', '"ご注文番号"'))
    expect(go).to_have_count(0)
    wait("the new picture", 20, lambda: sheet.first.get_attribute("src") != before)
    page.get_by_role("button", name="保存して使う").click()
    expect(page.locator(".head .sub")).to_contain_text("2版を使用中")
    assert "ご注文番号" in page.locator("#body").input_value()
    page.get_by_role("button", name="標準に戻す").click()
    expect(page.locator(".head .sub")).to_contain_text("標準の様式を使用中")
    assert page.locator("#body").input_value() == standard
    # A page that refuses what was wrong, and a preview that comes too soon, say so with their status
    assert [one for one in complaints if "422" not in one and "429" not in one] == []
