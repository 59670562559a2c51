"""An own column and an own table, made by the page, used everywhere, and taken away: two web processes, no restart."""

import csv
import dataclasses
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from config import PROJECT
from scripts.servers.ports import free_port
from scripts.servers.together import servers
from scripts.supervisor.parts import PARTS, environment_for
from tests.browser.conftest import Shop, wait

pytestmark = pytest.mark.browser

SHOWN_WITHIN_S = 15
STARTS_S = 60
JOB_MS = 90_000


@pytest.fixture
def second(shop: Shop, page: Page) -> Iterator[str]:
    """The address of another web process on the same database; it has seen the schema before."""
    (web,) = (part for part in PARTS if part.name == "web")
    port = free_port()
    with servers(shop.data) as up:
        told = environment_for(web, dataclasses.replace(up.settings, port=port))
        with (shop.data.parent / "second").open("w") as said:
            process = subprocess.Popen(
                web.command, cwd=PROJECT, env=told, stdout=said, stderr=subprocess.STDOUT
            )
            try:
                url = f"http://127.0.0.1:{port}"
                wait("a second web process", STARTS_S, lambda: answers(page, f"{url}/healthz"))
                page.goto(f"{url}/catalog/product/list/")
                yield url
            finally:
                process.terminate()
                process.wait(timeout=30)


def answers(page: Page, url: str) -> bool:
    try:
        return page.request.get(url).ok
    except Exception as error:
        if "ECONNREFUSED" in str(error):
            return False
        raise


def shows(page: Page, address: str, words: str) -> None:
    """The page says so, soon enough."""

    def look() -> bool:
        page.goto(address)
        return page.locator("main").get_by_text(words).count() > 0

    wait(f"{words} at {address}", SHOWN_WITHIN_S, look)


def save(page: Page) -> None:
    page.locator("[data-save]").click()
    expect(page.get_by_role("status").first).to_be_visible()


def row_of(page: Page, name: str) -> Locator:
    return page.locator("main tr", has=page.get_by_role("link", name=name, exact=True))


def exported(page: Page, address: str, folder: Path) -> list[dict[str, str]]:
    page.goto(address)
    page.get_by_text("書き出し").click()
    page.get_by_role("button", name="CSV（UTF-8）").click()
    expect(page.locator("[data-job]").first).to_have_attribute("data-state", "done", timeout=JOB_MS)
    with page.expect_download() as coming:
        page.get_by_role("link", name="受け取る").first.click()
    path = folder / "exported.csv"
    coming.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_column_of_the_shop_is_everywhere_and_goes_again(
    shop: Shop, page: Page, second: str, tmp_path: Path
) -> None:
    page.goto(f"{shop.url}/own/")
    page.get_by_role("main").get_by_role("link", name="列を加える").first.click()
    page.select_option("#table_name", "sales.sales_order")
    page.get_by_role("button", name="次へ").click()
    page.get_by_label("名称（日本語）").fill("店の目印")
    page.get_by_label("名称（英語）").fill("Shop mark")
    page.get_by_label("説明（日本語）").fill("贈り先に声をかける受注")
    page.get_by_label("種類").select_option("choice")
    page.get_by_label("選択肢").fill("声かけ | Call\n済み | Called")
    save(page)

    # In a form of the other process
    with shop.database() as database:
        order_id = database.execute(
            "select min(sales_order_id) as id from sales.sales_order where status <> 'shipped'"
        ).fetchone()[0]
    shows(page, f"{second}/sales/sales_order/edit/{order_id}", "贈り先に声をかける受注")
    page.get_by_label("店の目印").select_option(label="声かけ")
    save(page)
    expect(page.locator("main")).to_contain_text("声かけ")
    # In lists and their conditions, in both
    for url in (shop.url, second):
        page.goto(f"{url}/sales/sales_order/list/")
        page.get_by_text("ほかの条件").click()
        page.locator("fieldset", has_text="店の目印").get_by_label("声かけ").check()
        page.get_by_role("button", name="しぼる").last.click()
        expect(page.locator("#rows tbody tr")).to_have_count(1)
        page.get_by_text(re.compile(r"^列 ")).click()
        page.get_by_label("店の目印", exact=True).check()
        page.get_by_role("button", name="この列にする").click()
        expect(page.locator("#rows tbody tr")).to_contain_text("声かけ")
    # In the file, by REST, and in the report view
    narrowed = f"{shop.url}/sales/sales_order/list/?f.x_shop_mark=声かけ | Call"
    assert [row["店の目印"] for row in exported(page, narrowed, tmp_path)] == ["声かけ"]
    found = page.request.get(
        f"{second}/api/v1/sales/sales_order/?f.x_shop_mark=声かけ | Call&cols=sales_order_id,x_shop_mark"
    )
    assert [row["x_shop_mark"] for row in found.json()["result"]] == ["声かけ | Call"]
    with shop.database() as database:
        rows = database.execute(
            "select sales_order_id, x_shop_mark from own.sales_order where x_shop_mark is not null"
        ).fetchall()
    assert rows == [(order_id, "声かけ | Call")]

    page.goto(f"{shop.url}/own/")
    row_of(page, "店の目印").get_by_role("button", name="外す").click()
    expect(page.get_by_role("heading", name="外したもの")).to_be_visible()

    def gone() -> bool:
        page.goto(f"{second}/sales/sales_order/edit/{order_id}")
        return page.get_by_label("店の目印").count() == 0

    wait("no such column in the other process", SHOWN_WITHIN_S, gone)
    page.goto(f"{shop.url}/own/")
    page.get_by_role("link", name="完全に消す").click()
    expect(page.locator("main")).to_contain_text("1件を完全に消します")
    page.get_by_role("button", name="完全に消す").click()
    expect(page.locator("main")).not_to_contain_text("店の目印")


def test_a_table_of_the_shop_is_everywhere_and_goes_again(
    shop: Shop, page: Page, second: str, tmp_path: Path
) -> None:
    page.goto(f"{shop.url}/own/")
    page.get_by_role("main").get_by_role("link", name="表を加える").click()
    page.get_by_label("名称（日本語）").fill("催事")
    page.get_by_label("名称（英語）").fill("Fair")
    save(page)
    page.get_by_role("link", name="列を加える").last.click()
    page.get_by_label("名称（日本語）").fill("会場")
    page.get_by_label("名称（英語）").fill("Place")
    save(page)

    shows(page, f"{second}/own/fair/add", "会場")
    page.get_by_label("名称").fill("春の茶市")
    page.get_by_label("会場").fill("南口広場")
    save(page)
    for url in (shop.url, second):
        page.goto(f"{url}/own/fair/list/?q=南口")
        expect(page.locator("#rows tbody tr")).to_have_count(1)
        expect(page.locator("#rows tbody tr")).to_contain_text("春の茶市")
        expect(page.locator("nav.side").get_by_role("link", name="催事")).to_have_count(1)
    (row,) = exported(page, f"{shop.url}/own/fair/list/", tmp_path)
    assert row["会場"] == "南口広場"
    found = page.request.get(f"{second}/api/v1/own/fair/?f.place=南口広場").json()
    assert [row["place"] for row in found["result"]] == ["南口広場"]
    with shop.database() as database:
        assert database.execute("select place from own.fair").fetchall() == [("南口広場",)]

    page.goto(f"{shop.url}/own/")
    row_of(page, "催事").get_by_role("button", name="外す").click()
    expect(page.get_by_role("heading", name="外したもの")).to_be_visible()
    wait(
        "no such table in the other process",
        SHOWN_WITHIN_S,
        lambda: page.request.get(f"{second}/own/fair/list/").status == 404,
    )
    page.goto(f"{shop.url}/own/")
    page.get_by_role("link", name="完全に消す").click()
    page.get_by_role("button", name="完全に消す").click()
    expect(page.get_by_role("link", name="催事")).to_have_count(0)
