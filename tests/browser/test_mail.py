"""A mail in a real browser: its template mended at the line that is wrong, then sent to chosen orders and followed to the end."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

import sql
from tests.browser.conftest import Shop, wait
from tests.browser.test_accessible import faults
from tests.mail.post import Office

pytestmark = pytest.mark.browser
ORDERS = 3


@pytest.fixture
def office(shop: Shop) -> Iterator[Office]:
    """A mail server for all shops, and mail switched on; off again at the end."""
    with Office() as running:
        with shop.database() as admin:
            admin.execute(
                "insert into mail.mail_account (shop_id, from_address, smtp_host, smtp_port, smtp_security)"
                " select shop_id, 'shop@shop.example', '127.0.0.1', %s, 'none' from channel.shop"
                " on conflict (shop_id) do update set smtp_host = '127.0.0.1', smtp_port = excluded.smtp_port, smtp_security = 'none',"
                " smtp_user = null, dkim_domain = null, dkim_selector = null, is_on = true",
                [running.port],
            )
            sql.call(admin, "transit.outgoing_set", "mail", True)
        yield running
        with shop.database() as admin:
            sql.call(admin, "transit.outgoing_set", "mail", False)


def written(office: Office) -> list[str]:
    """What the server was given that says what the test wrote; the demo's own rules send too."""
    bodies = [mail.get_body(("plain",)) for mail in office.post.mails]
    texts = [body.get_content() for body in bodies if body is not None]
    return [text for text in texts if "担当より" in text]


@pytest.mark.usefixtures("few_orders")
def test_a_mail_is_written_sent_to_chosen_orders_and_followed(
    shop: Shop, page: Page, office: Office
) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{shop.url}/mail/mail_template/list/?f.mail_event=chosen&f.locale=ja")
    page.locator("#rows tbody tr a").first.click()
    page.get_by_role("link", name=re.compile("^編集")).click()
    text, shown = page.locator("#text"), page.locator('[data-shown="text"]')
    expect(shown).not_to_be_empty()

    # A list opens on {{ and narrows; Enter takes the first
    text.focus()
    text.press("Control+End")
    page.keyboard.type("\n担当より {{ recip")
    offered = page.get_by_role("option", name=re.compile(r"^recipient\.name"))
    expect(offered).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Enter")
    assert text.input_value().endswith("担当より {{ recipient.name }}")
    expect(shown).to_contain_text("担当より")
    right = text.input_value()

    # A name that nobody knows is marked at its line, and not saved
    text.fill(f"{right}\n{{{{ order.nothing }}}}")
    go = page.locator("[data-goto]")
    lines = right.count("\n") + 2
    expect(go).to_contain_text(f"本文 {lines}行目")
    expect(page.locator("[data-gutter] li.wrong")).to_have_count(1)
    go.click()
    at = text.evaluate("area => area.value.slice(0, area.selectionStart)")
    assert at.count("\n") == lines - 1
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert").first).to_contain_text("保存していません")
    page.locator("#text").fill(right)
    expect(go).to_have_count(0)

    # HTML is shown in a frame in which nothing runs
    page.get_by_text("HTML の本文（なくてもよい）").click()
    page.locator("#html").fill("<p>{{ buyer.name }}</p><script>top.document.title = 'x'</script>")
    frame = page.locator("iframe.letter-html")
    expect(frame).to_have_attribute("sandbox", "")
    expect(frame.content_frame.locator("p")).not_to_be_empty()
    page.locator("#html").fill("")
    expect(frame).to_have_count(0)
    page.fill("#sent_to", "me@staff.example")
    page.get_by_role("button", name="試しに送る").click()
    expect(page.locator("[data-tried]")).to_contain_text("送りました")
    (tried,) = [mail for mail in office.post.mails if mail["To"] == "me@staff.example"]
    assert tried["Subject"].startswith("[テスト]")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").filter(has_text="保存しました")).to_be_visible()

    # Three orders are chosen, looked at, sent to
    page.goto(f"{shop.url}/sales/sales_order/list/")
    for n in range(ORDERS):
        page.locator("#rows tbody input[type=checkbox]").nth(n).check()
    page.locator('button[formaction="/mailings/choose"]').first.click()
    expect(page.locator("[data-said]")).to_contain_text(f"1 / {ORDERS}")
    first = page.locator("[data-said]").text_content()
    page.get_by_role("button", name="次").click()
    expect(page.locator("[data-said]")).to_contain_text(f"2 / {ORDERS}")
    assert page.locator("[data-said]").text_content() != first
    assert faults(page) == []
    page.get_by_role("button", name=f"{ORDERS}件に送る").click()
    progress = page.get_by_role("region", name="進み")
    expect(progress).to_contain_text(f"{ORDERS} / {ORDERS}", timeout=60_000)
    expect(progress).to_contain_text("送信済み")
    wait("the mails", 30, lambda: len(written(office)) == ORDERS + 1)
    assert faults(page) == []

    # And each is there as it went
    progress.get_by_role("link", name=re.compile("送信済み")).click()
    page.locator("#rows tbody tr a").first.click()
    letter = page.get_by_role("region", name="メール").filter(has_text="送ったメール")
    expect(letter).to_contain_text("担当より")
    expect(letter).to_contain_text("送信サーバーに渡しました")
    assert faults(page) == []
    # A page that refuses what was wrong says so with its status; the frame would not run what was in it
    assert [one for one in complaints if "422" not in one and "sandbox" not in one] == []
