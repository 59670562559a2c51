"""The real orders go in by the page: sent, looked at, taken in."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop

pytestmark = pytest.mark.browser

FILE = Path(__file__).parents[1] / "data" / "online_retail_2010-12_2011-08.csv.xz"
LOOKED_S = 90
TAKEN_S = 240


def test_a_file_is_looked_at_and_then_taken_in(shop: Shop, page: Page) -> None:
    page.goto(f"{shop.url}/imports/")
    page.set_input_files("#file", FILE)
    page.select_option("#shop_id", label="uk uk")
    page.select_option("#map_code", "online_retail")
    page.get_by_label("過去受注として").check()
    page.get_by_role("button", name="調べる").click()
    expect(page.get_by_text("まだ何も書いていません")).to_be_visible(timeout=LOOKED_S * 1000)
    expect(page.get_by_text("320,705")).to_be_visible()
    page.get_by_role("button", name="取り込む").click()
    expect(page.get_by_text("取り込みました")).to_be_visible(timeout=TAKEN_S * 1000)
    expect(page.get_by_text("12,490")).to_be_visible()
    page.goto(f"{shop.url}/transit/inbox/list/")
    expect(page.get_by_text("1,342件")).to_be_visible()


def test_a_file_that_is_none_is_a_sentence(shop: Shop, page: Page, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n", "utf-8")
    page.goto(f"{shop.url}/imports/")
    page.set_input_files("#file", wrong)
    page.select_option("#map_code", "online_retail")
    page.get_by_role("button", name="調べる").click()
    expect(page.get_by_role("alert")).to_contain_text("InvoiceNo", timeout=LOOKED_S * 1000)
