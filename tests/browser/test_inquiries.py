"""What a buyer wrote, in a real browser: found, read, given to a person, linked, answered, ended; in both languages, on a phone too."""

import re
import uuid
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from scripts.servers.together import servers
from scripts.shown import speak
from sync import queue
from sync.mail import fetch
from sync.mail.mailbox import Raw
from sync.shops import Context
from sync.vault import Vault
from tests.browser.conftest import Shop
from tests.browser.test_accessible import faults
from tests.browser.test_narrow import WIDTH

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("few_orders")]
WORDS = "main :is(label, .help, button, summary, dt, nav.chips a, .note)"
FILE = b"PNG\0 of a broken box"
QUOTED = "先日はありがとうございました。お茶の箱が壊れていました。\nどうすればよいですか。\n\n> ご注文の商品を発送しました。\n> 店舗より\n"


def letter(subject: str, order_no: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "山田 花子 <hanako.yamada@mail.example.com>"
    mail["To"] = "shop@shop.example"
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{uuid.uuid4().hex}@phone.example>"
    mail.set_content(f"注文番号 {order_no}\n{QUOTED}")
    mail.add_attachment(FILE, maintype="image", subtype="png", filename="壊れた箱.png")
    return mail.as_bytes()


@pytest.fixture
def asked(shop: Shop) -> Iterator[Any]:
    """Two orders of one shop, and two inquiries about the first, as they come in."""
    with servers(shop.data) as up:
        context = Context(
            settings=up.settings,
            vault=Vault(up.settings.secret_keys),
            redis=queue.connect(up.settings.redis_url),
        )
        with shop.database() as admin:
            orders = admin.execute(
                "select shop_id, sales_order_id, order_no, external_order_no from sales.sales_order"
                " where shop_id = (select min(shop_id) from sales.sales_order) order by sales_order_id limit 2"
            ).fetchall()
        for subject in ("届いた箱が壊れていました", "領収書をください"):
            content = letter(subject, orders[0].external_order_no)
            raw = Raw(uid=1, size=len(content), content=content, is_whole=True)
            fetch.take(context, orders[0].shop_id, "both", raw)
        context.connection.close()
        yield orders


def opened_thread(shop: Shop, page: Page, subject: str) -> None:
    page.goto(f"{shop.url}/inquiries/")
    page.get_by_role("link", name=subject).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)


def test_an_inquiry_from_the_list_to_its_answer(shop: Shop, page: Page, asked: Any) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    first, second = asked
    page.goto(f"{shop.url}/inquiries/")
    assert faults(page) == []
    page.get_by_role("link", name="担当なし", exact=True).click()
    page.get_by_role("link", name="届いた箱が壊れていました").first.click()

    # What came: its text, what it quotes folded away, and its file as a download
    came = page.get_by_role("article").first
    expect(came).to_contain_text("お茶の箱が壊れていました")
    quoted = came.get_by_text("店舗より")
    expect(quoted).to_be_hidden()
    came.locator("summary", has_text="引用").click()
    expect(quoted).to_be_visible()
    with page.expect_download() as got:
        came.get_by_role("link", name="壊れた箱.png").click()
    assert got.value.suggested_filename == "壊れた箱.png"
    assert got.value.path().read_bytes() == FILE
    expect(page.get_by_role("link", name=first.order_no)).to_be_visible()
    assert faults(page) == []

    # Whose it is, and which order it is about
    page.get_by_role("button", name="自分が担当する").click()
    expect(page.get_by_role("button", name="自分が担当する")).to_have_count(0)
    page.locator("summary", has_text="担当を替える").click()
    page.get_by_label("担当", exact=True).select_option("")
    page.get_by_role("button", name="決める").click()
    expect(page.get_by_role("button", name="自分が担当する")).to_be_visible()
    page.locator("summary", has_text="別の受注に結ぶ").click()
    page.get_by_label("伝票番号か店舗の受注番号").fill(second.order_no.lower())
    page.get_by_role("button", name="結ぶ", exact=True).click()
    expect(page.get_by_role("link", name=second.order_no)).to_be_visible()
    expect(page.get_by_text("担当者が結びました")).to_be_visible()

    # Answered: it is who answers who has it, and the thread says how far its mail is
    page.get_by_label("本文").fill("代わりの品をお送りします。")
    page.get_by_role("button", name="返信を送る").click()
    ours = page.get_by_role("article").filter(has_text="代わりの品をお送りします。")
    expect(ours).to_contain_text("→ hanako.yamada@mail.example.com")
    expect(ours.locator(".st")).to_be_visible()
    expect(page.get_by_text("返信済み")).to_be_visible()
    assert faults(page) == []
    page.goto(f"{shop.url}/inquiries/?show=mine")
    expect(page.get_by_role("link", name="届いた箱が壊れていました").first).to_be_visible()

    # The order's page shows the same thread, with who answered
    page.goto(f"{shop.url}/sales/sales_order/show/{second.sales_order_id}")
    told = page.get_by_role("region", name="問い合わせ").first
    expect(told).to_contain_text("代わりの品をお送りします。")
    expect(told).to_contain_text("→ hanako.yamada@mail.example.com")
    told.get_by_role("link", name="開いて返信する").first.click()

    page.get_by_role("button", name="終わりにする").click()
    expect(page).to_have_url(re.compile("/inquiries/$"))
    page.get_by_role("link", name="終わり", exact=True).click()
    page.get_by_role("link", name="届いた箱が壊れていました").first.click()
    page.get_by_role("button", name="未対応に戻す").click()
    expect(page.get_by_role("button", name="終わりにする")).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_inquiries_on_a_phone(shop: Shop, page: Page, asked: Any, language: str) -> None:
    del asked
    page.set_viewport_size({"width": WIDTH, "height": 844})
    page.goto(f"{shop.url}/inquiries/")
    speak(page, language)
    wrong: dict[str, Any] = {}
    try:
        opened_thread(shop, page, "領収書をください")
        thread = page.url
        for address in (thread, f"{shop.url}/inquiries/?show=all", f"{shop.url}/mail/mailbox/add"):
            page.goto(address)
            page.wait_for_load_state("networkidle")
            width = page.evaluate("document.scrollingElement.scrollWidth")
            found = faults(page)
            if width > WIDTH or found:
                wrong[address] = width, found
            # What buyers and shops wrote stays as it is; what the house says is in one language
            said = page.locator(WORDS).all_inner_texts()
            assert len(said) > 5
            if language == "en":
                assert [one for one in said if re.search("[ぁ-ん]", one)] == [], address
    finally:
        speak(page, "ja")
    assert wrong == {}
