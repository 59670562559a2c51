"""A quotation by its page: made with its lines in one form, printed, sent, and changed no more."""

import html
import re
from typing import Any

import pytest

from tests.app.shopfront import Person
from tests.app.test_jobs import long_worker

__all__ = ["long_worker"]


def made(person: Person, shop: int, **more: str) -> int:
    """A draft of two lines, typed as people type."""
    said = {
        "shop_id": str(shop),
        "currency_code": "JPY",
        "payment_terms": "月末締め翌月末払い",
        "l0-0-_key": "",
        "l0-0-line_title": "深蒸し茶 箱",
        "l0-0-quantity": "12",
        "l0-0-unit_price": "1,080",
        "l0-0-tax_rate": "8%",
        "l0-1-_key": "",
        "l0-1-line_title": "木箱",
        "l0-1-quantity": "1",
        "l0-1-unit_price": "500",
        "l0-1-tax_rate": "0.1",
        **more,
    }
    answer = person.post("/sales/quotation/add", said)
    assert answer.status_code == 302, answer.text
    return int(answer.location.rstrip("/").rpartition("/")[2].partition("?")[0])


def test_a_quotation_is_typed_printed_sent_and_then_stands(
    signed_in: Any, admin: Any, long_worker: Any
) -> None:
    desk = signed_in("order_desk")
    shop = admin.execute("select shop_id from channel.shop where shop_code = 'tea'").fetchone()[0]
    number = made(desk, shop)
    page = desk.get(f"/sales/quotation/show/{number}").text
    for address in re.findall(r'data-lazy="([^"]+)"', page):
        page += desk.get(html.unescape(address)).text
    for word in (f"Q-{number:07}", "深蒸し茶 箱", "木箱", "月末締め翌月末払い", "下書き"):
        assert word in page
    # What it comes to, as long as it is a draft too, and the way to write to whom
    assert "合計（税込）" in page
    assert "¥14,546" in page
    assert f'href="/sales/quotation_party/edit/{number}"' in page
    form = desk.get(f"/sales/quotation_party/edit/{number}").text
    assert "会社名" in form
    admin.execute(
        "update sales.quotation_party set company = '株式会社𠮷野' where quotation_id = %s",
        (number,),
    )
    listed = desk.get("/sales/quotation/list/").text
    assert "株式会社𠮷野" in listed
    assert 'formaction="/documents/quotations"' in listed
    asked = desk.post("/documents/quotations", {"rowid": str(number)})
    assert asked.status_code == 302
    job = int(asked.location.rpartition("/")[2])
    long_worker(job)
    assert "1件" in desk.get(f"/jobs/{job}").text
    file = desk.get(f"/jobs/{job}/file")
    assert file.data.startswith(b"%PDF-")
    file.close()
    sent = desk.post(
        "/sales/quotation/act/sales.quotation_send", {"rowid": str(number), "confirm": "1"}
    )
    assert sent.status_code == 302
    row = admin.execute("select * from sales.quotation where quotation_id = %s", (number,)).fetchone()  # fmt: skip
    # 12,960 at 8 % and 500 at 10 %, tax on top
    assert (row.state, row.total) == ("sent", 12960 + 1036 + 500 + 50)
    page = desk.get(f"/sales/quotation/edit/{number}").text
    seen = re.search(r'name="_seen" value="([^"]*)"', page)
    assert seen
    said = {"delivery_terms": "明日", "shop_id": str(shop), "currency_code": "JPY"}
    late = desk.post(f"/sales/quotation/edit/{number}", {**said, "_seen": html.unescape(seen[1])})
    assert late.status_code == 422
    assert "送付済みで、変えられません" in late.text


@pytest.mark.parametrize("rate", ["8％", " 8 %", "0.08"])
def test_a_rate_is_typed_as_it_is_said(signed_in: Any, admin: Any, rate: str) -> None:
    desk = signed_in("order_desk")
    shop = admin.execute("select shop_id from channel.shop where shop_code = 'tea'").fetchone()[0]
    number = made(desk, shop, **{"l0-0-tax_rate": rate})
    found = admin.execute("select tax_rate from sales.quotation_line where quotation_id = %s order by line_no limit 1", (number,))  # fmt: skip
    assert str(found.fetchone()[0]) == "0.0800"
    said = {"shop_id": str(shop), "l0-0-_key": "", "l0-0-line_title": "木箱", "l0-0-quantity": "1", "l0-0-unit_price": "10%"}  # fmt: skip
    assert "数を書いてください" in desk.post("/sales/quotation/add", said).text


def test_who_may_not_see_quotations_prints_none(signed_in: Any) -> None:
    person = signed_in("warehouse")
    assert person.post("/documents/quotations", {"rowid": "1"}).status_code == 403
    assert person.get("/sales/quotation/list/").status_code in (403, 404)
    desk = signed_in("order_desk")
    nothing = desk.post("/documents/quotations", {}, follow_redirects=True)
    assert "見積を選んでください" in nothing.text


def test_orders_offer_no_quotation_and_its_template_is_tried_on_quotations(
    signed_in: Any, admin: Any, first_order: int
) -> None:
    manager = signed_in("manager")
    page = manager.post("/documents/choose", {"rowid": str(first_order)}).text
    assert 'value="quotation"' not in page
    shop = admin.execute("select shop_id from channel.shop where shop_code = 'tea'").fetchone()[0]
    number = made(manager, shop)
    body = '#import "house.typ": *\n#show: sheet\n#each-document(data.documents, one => [OWN #one.quotation_no])'
    at = f"/forms/{shop}/quotation"
    assert "見積番号" in manager.get(at).text
    found = manager.post(f"{at}/preview.json", {"body": body}).json
    assert found["order"] == f"Q-{number:07}"
    missing = manager.post(f"{at}/preview.json", {"body": body, "order_no": "Q-9999999"})
    assert missing.status_code == 404
    assert manager.post(f"{at}/save", {"body": body, "act": "take"}).status_code == 302
    kept = admin.execute("select version_no from document.forms_in_force('quotation')").fetchall()
    assert [one.version_no for one in kept] == [1]
    manager.post(f"{at}/standard")
