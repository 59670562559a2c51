"""What staff do all day, by the keyboard alone: no test here touches a mouse."""

import csv
import re
import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Shop, opened, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("few_orders")]

ORDERS = "/sales/sales_order/list/"
PRODUCTS = "/catalog/product/list/"
TABS_MAX = 120
CHOICES_MAX = 20
JOB_MS = 90_000
MANY_ROWS = 100_000
MANY = """
insert into catalog.product (product_code, product_name)
select 'many-' || number, '数ある品 ' || number from generate_series(1, %(many)s) as number
"""
FEW = "delete from catalog.product where product_code like 'many-%'"
HUGE = 200 * 1024 * 1024
HERE = """() => {
    const here = document.activeElement;
    return (here.ariaLabel || here.labels?.[0]?.innerText || here.innerText || "").trim();
}"""


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Walk on until what has the focus is called so."""
    for _ in range(TABS_MAX):
        press(page, key)
        if page.evaluate(HERE).startswith(name):
            return
    pytest.fail(f"no way by {key} to {name}")


def skip(page: Page) -> None:
    """Past the menu, by the first link of each page."""
    press(page, "Tab", "Enter")
    expect(page.locator("#main")).to_be_focused()


def choose(page: Page, value: str) -> None:
    """Go down the choices of the field that has the focus."""
    for _ in range(CHOICES_MAX):
        if page.evaluate("() => document.activeElement.value") == value:
            return
        press(page, "ArrowDown")
    pytest.fail(f"no choice {value}")


def first_order(shop: Shop, page: Page) -> tuple[str, str]:
    """The number of the newest slip, and who bought."""
    page.goto(f"{shop.url}{ORDERS}")
    cells = page.locator("#rows tbody tr").first.locator("td")
    return cells.nth(1).inner_text().strip(), cells.nth(6).inner_text().strip()


def test_an_order_is_found_by_its_number(shop: Shop, page: Page) -> None:
    number, _ = first_order(shop, page)
    page.goto(shop.url)
    press(page, "/")
    page.keyboard.type(number)
    expect(page.get_by_role("option", name=number)).to_be_visible()
    press(page, "ArrowDown", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(number)


def test_an_order_is_found_by_a_part_of_a_name(shop: Shop, page: Page) -> None:
    number, name = first_order(shop, page)
    page.goto(shop.url)
    press(page, "/")
    page.keyboard.type(name[:2])
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("検索")
    tab_to(page, number)
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(number)


def test_the_palette_leads_to_pages_and_rows(shop: Shop, page: Page) -> None:
    number, _ = first_order(shop, page)
    press(page, "Control+k")
    page.keyboard.type("在庫変動")
    expect(page.get_by_role("option", name="在庫変動履歴").first).to_be_visible()
    press(page, "Enter")
    page.wait_for_url(re.compile(r"/stock/stock_entry/list/"))
    press(page, "Control+k")
    page.keyboard.type(number)
    expect(page.get_by_role("option", name=number)).to_be_visible()
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(number)


def test_a_search_is_kept_and_removed(shop: Shop, page: Page) -> None:
    page.goto(f"{shop.url}{ORDERS}")
    skip(page)
    tab_to(page, "支払方法")
    press(page, "Enter")
    press(page, "Tab", "Space")
    tab_to(page, "しぼる")
    press(page, "Enter")
    page.wait_for_url(re.compile(r"f\.payment_method="))
    press(page, "s")
    page.keyboard.type("朝いちばん")
    press(page, "Enter")
    chip = page.get_by_label("保存した検索").get_by_role("link", name="朝いちばん")
    expect(chip).to_have_attribute("aria-current", "true")
    expect(page.locator("nav.side").get_by_role("link", name="朝いちばん")).to_be_visible()
    page.on("dialog", lambda asked: asked.accept())
    tab_to(page, "この検索を消す")
    press(page, "Enter")
    expect(chip).to_have_count(0)


def test_all_matching_rows_are_changed_and_changed_back(shop: Shop, page: Page) -> None:
    page.goto(f"{shop.url}{PRODUCTS}")
    press(page, "a")
    expect(page.locator("[data-selected]")).to_contain_text("選択中")
    tab_to(page, "条件に合うすべてを選ぶ", "Shift+Tab")
    press(page, "Enter")
    expect(page.locator("[data-selected]")).to_contain_text("条件に合うすべて")
    tab_to(page, "一括変更")
    press(page, "Enter")
    expect(page.get_by_label("変える列")).to_be_visible()
    tab_to(page, "変える列")
    choose(page, "description")
    tab_to(page, "次へ")
    press(page, "Enter")
    expect(page.locator("#value")).to_be_visible()
    skip(page)
    tab_to(page, "説明")
    page.keyboard.type("贈りものに")
    tab_to(page, "下見する")
    press(page, "Enter")
    expect(page.get_by_text("まだ何も変えていません")).to_be_visible()
    expect(page.locator("ins").first).to_have_text("贈りものに")
    changes = page.get_by_role("button", name=re.compile(r"^\d+行を変える$"))
    rows = re.match(r"\d+", changes.inner_text())
    assert rows
    assert int(rows[0]) > page.locator("tbody tr").count()
    tab_to(page, rows[0])
    press(page, "Enter")
    done = page.locator("[data-job]").first
    expect(done).to_have_attribute("data-state", "done", timeout=JOB_MS)
    expect(done).to_contain_text(rows[0])
    page.goto(f"{shop.url}{PRODUCTS}?f.description=贈りものに")
    expect(page.locator("[data-total]")).to_contain_text(rows[0])
    page.goto(f"{shop.url}/jobs/")
    tab_to(page, "元に戻す")
    press(page, "Enter")
    expect(page.get_by_role("status")).to_contain_text("戻しました")
    page.goto(f"{shop.url}{PRODUCTS}?f.description=贈りものに")
    expect(page.get_by_text("該当する行はありません")).to_be_visible()


def test_a_list_is_exported_and_fetched_from_the_jobs(
    shop: Shop, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{shop.url}/catalog/sku/list/")
    assert fetched(page, tmp_path, "CSV（UTF-8）") == total(page)


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_exported(shop: Shop, page: Page, tmp_path: Path) -> None:
    with shop.database() as database:
        database.execute(MANY, {"many": MANY_ROWS})
    try:
        page.goto(f"{shop.url}{PRODUCTS}?q=many-")
        assert fetched(page, tmp_path, "CSV（UTF-8）") == MANY_ROWS
    finally:
        with shop.database() as database:
            database.execute(FEW)


def total(page: Page) -> int:
    """How many rows the list says there are."""
    said = page.locator("[data-total]")
    expect(said).to_contain_text(re.compile(r"\d"))
    return int(re.sub(r"\D", "", said.inner_text()))


def fetched(page: Page, folder: Path, kind: str) -> int:
    """Export the list before us and fetch the file; how many rows it holds."""
    tab_to(page, "書き出し")
    press(page, "Enter")
    tab_to(page, kind)
    press(page, "Enter")
    page.wait_for_url(re.compile("/jobs/"))
    expect(page.locator("[data-job]").first).to_have_attribute("data-state", "done", timeout=JOB_MS)
    tab_to(page, "受け取る")
    with page.expect_download() as coming:
        press(page, "Enter")
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    page.go_back()
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def test_a_cell_is_edited_in_place_and_the_change_undone(shop: Shop, page: Page) -> None:
    page.goto(f"{shop.url}{PRODUCTS}?q=AMZ")
    cell = page.locator("td[data-column=product_name]")
    before = cell.inner_text()
    press(page, "j", "ArrowRight", "ArrowRight", "e")
    expect(cell.locator("input:not([type=hidden])")).to_be_focused()
    page.keyboard.type("甘酒（試し）")
    press(page, "Enter")
    expect(cell).to_have_text("甘酒（試し）")
    expect(page.get_by_role("status").filter(has_text="保存しました")).to_be_visible()
    press(page, "z")
    expect(cell).to_have_text(before)


def test_the_second_of_two_writers_is_told_and_loses_nothing(
    shop: Shop, page: Page, context: BrowserContext
) -> None:
    other, number = context.new_page(), secrets.token_hex(3)
    first, second, more = (
        f"{said} {number}" for said in ("先の人の名前", "後の人の名前", "後の人の説明")
    )
    for one in (page, other):
        one.goto(f"{shop.url}/catalog/product/edit/2")
        tab_to(one, "商品名")
    other.keyboard.type(first)
    press(other, "Control+s")
    expect(other.get_by_role("heading", level=1)).to_contain_text(first)
    page.keyboard.type(second)
    tab_to(page, "説明")
    press(page, "Control+a")
    page.keyboard.type(more)
    press(page, "Control+s")
    expect(page.get_by_role("alert")).to_contain_text("ほかの人がこの行を変えました")
    expect(page.get_by_text(f"ほかの人が「{first}」に変えました")).to_be_visible()
    expect(page.locator("#product_name")).to_have_value(second)
    expect(page.locator("#description")).to_have_value(more)
    # What was typed is told to be unsaved, and leaving asks first
    expect(page.locator("[data-unsaved]")).to_contain_text("未保存の変更")
    asked = list[str]()
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="やめる").click()
    expect(page.locator("#product_name")).to_have_value(second)
    assert asked == ["beforeunload"]
    press(page, "Control+s")
    expect(page.get_by_role("heading", level=1)).to_contain_text(second)


def test_a_session_that_ends_while_typing_loses_nothing(shop: Shop, browser: Browser) -> None:
    context = opened(browser)
    page = context.new_page()
    sign_in(page, shop, shop.login, shop.password)
    page.goto(f"{shop.url}/catalog/product/add")
    tab_to(page, "代表商品コード")
    page.keyboard.type(f"typed-{secrets.token_hex(3)}")
    tab_to(page, "商品名")
    page.keyboard.type("長く考えた名前")
    signed_out = context.new_page()
    signed_out.goto(shop.url)
    tab_to(signed_out, "オーナー")
    press(signed_out, "Enter")
    tab_to(signed_out, "ログアウト")
    press(signed_out, "Enter")
    expect(signed_out.get_by_role("button", name="ログイン")).to_be_visible()

    page.bring_to_front()
    press(page, "Control+s")
    expect(page.get_by_text("入力したものはこのページに残っています")).to_be_visible()
    expect(page.get_by_text("長く考えた名前")).to_be_visible()
    with context.expect_page() as coming:
        press(page, "Enter")  # what comes first has the focus: the way to sign in
    again = coming.value
    expect(again.get_by_label("ログイン名")).to_be_focused()
    again.keyboard.type(shop.login)
    press(again, "Tab")
    again.keyboard.type(shop.password)
    press(again, "Enter")
    expect(again.get_by_role("navigation", name="メインメニュー")).to_be_visible()
    page.bring_to_front()
    tab_to(page, "もう一度送る")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("長く考えた名前")
    context.close()


def test_a_file_far_too_large_is_refused_in_a_sentence(
    shop: Shop, page: Page, tmp_path: Path
) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(HUGE)
    page.goto(f"{shop.url}/imports/")
    page.set_input_files("#file", huge)
    expect(page.get_by_role("alert")).to_contain_text("64 MB")
    tab_to(page, "調べる")
    press(page, "Enter")
    expect(page.locator("#file")).to_be_focused()  # not sent: the page is as it was
    page.evaluate("() => document.querySelector('#file').setCustomValidity('')")
    tab_to(page, "調べる")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("大きすぎます", timeout=JOB_MS)
