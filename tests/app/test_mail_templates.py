"""Templates of mails by the page: seen for a real order, and saved only when they can be written."""

from typing import Any

import pytest

import sql
from tests.app.mailroom import one, worker
from tests.app.shopfront import Person, register, take_paid_order

__all__ = ["worker"]

RECEIVED = "select mail_template_id from mail.mail_template where template_code = 'order_received' and locale = 'ja' and shop_id is null and ended_at is null"


@pytest.fixture
def received(admin: Any) -> int:
    return int(one(admin, RECEIVED).mail_template_id)


def typed(admin: Any, number: int, **changed: Any) -> dict[str, Any]:
    row = one(admin, "select * from mail.mail_template where mail_template_id = %s", number)
    return {
        "number": str(number),
        "version": str(row.version),
        "template_name": row.template_name,
        "subject": row.subject,
        "text": row.text_body,
        "html": row.html_body or "",
        "locale": "ja",
        **changed,
    }


def preview(person: Person, **said: Any) -> Any:
    return person.post("/mails/templates/preview.json", {"subject": "s", "text": "t", **said})


def test_a_template_is_changed_and_goes_back(owner: Person, admin: Any, received: int) -> None:
    page = owner.get(f"/mails/templates/{received}")
    assert page.status_code == 200
    assert 'data-insert="order.no"' in page.text
    assert "style=" not in page.text.partition("<main")[2]
    said = typed(
        admin, received, subject="ありがとう {{ order.no }}", attached_kind="delivery_note"
    )
    assert owner.post("/mails/templates/save", said).status_code == 302
    kind = "select attached_kind::text as kind from mail.mail_template where mail_template_id = %s"
    assert one(admin, kind, received).kind == "delivery_note"
    assert 'value="delivery_note" selected' in owner.get(f"/mails/templates/{received}").text
    subject = "select subject from mail.mail_template where mail_template_id = %s"
    assert one(admin, subject, received).subject == "ありがとう {{ order.no }}"
    # Whoever had it open before does not write over that
    late = owner.post("/mails/templates/save", {**said, "subject": "late"})
    assert late.status_code == 409
    assert "先に変えました" in late.text
    assert 'value="late"' in late.text
    back = {"rowid": str(received), "confirm": "1"}
    assert owner.post("/mail/mail_template/act/mail.template_reset", back).status_code == 302
    assert one(admin, subject, received).subject != "ありがとう {{ order.no }}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nb {{ order.nothing }}", 2),
        ("\n\n{{ shop.name.__class__.__mro__ }}", 3),
        ("{% include 'secrets' %}", 1),
        ("a\n{% for x in (1..100000000) %}{{ x }}{% endfor %}", 2),
        ("{{ order }", 1),
        ("{% for a in lines %}" * 60 + "{% endfor %}" * 60, 1),
        ("{% assign s = 'aaaaaaaaaaaaaaaa' %}" + "{% assign s = s | append: s %}" * 40, 1),
    ],
)
def test_a_wrong_template_is_shown_at_its_line_and_not_saved(
    owner: Person, admin: Any, received: int, text: str, line: int
) -> None:
    shown = preview(owner, text=text)
    assert shown.status_code == 200
    assert "本文" in shown.get_json()["fault"]
    assert not shown.get_json()["fault"].isascii()
    assert (shown.json["part"], shown.json["line"]) == ("text", line)
    page = owner.post("/mails/templates/save", typed(admin, received, text=text))
    assert page.status_code == 422
    assert f'data-part="text" data-line="{line}"' in page.text
    assert "保存していません" in page.text
    row = one(
        admin, "select text_body from mail.mail_template where mail_template_id = %s", received
    )
    assert row.text_body != text


def test_a_preview_is_of_a_real_order(owner: Person, admin: Any, first_order: int) -> None:
    order = one(
        admin,
        "select order_no, shop_id, buyer_name from sales.sales_order join sales.sales_order_party using (sales_order_id)"
        " where sales_order_id = %s",
        first_order,
    )
    said = {
        "text": "{{ buyer.name }} 様",
        "subject": "{{ order.shop_no }}",
        "order_no": order.order_no,
    }
    shown = preview(owner, **said).json
    assert (shown["subject"], shown["text"], shown["order"]) == (
        "T-1",
        f"{order.buyer_name} 様\n",
        order.order_no,
    )
    assert preview(owner, order_no="nowhere").status_code == 404
    assert preview(owner, shop_id="999999", **said).status_code == 404


def test_the_html_is_escaped_and_framed(owner: Person) -> None:
    said = {"text": "t", "subject": "s", "html": "<p>{{ buyer.name }}</p><script>alert(1)</script>"}
    frame = owner.post("/mails/templates/preview.html", said)
    assert frame.status_code == 200
    assert "; sandbox;" in frame.headers["Content-Security-Policy"]
    assert "script-src" not in frame.headers["Content-Security-Policy"]


def test_a_link_that_the_mall_forbids_is_warned_of(
    owner: Person, admin: Any, first_order: int
) -> None:
    order = one(
        admin, "select order_no from sales.sales_order where sales_order_id = %s", first_order
    )
    said = {"text": "https://elsewhere.example/", "order_no": order.order_no}
    assert preview(owner, **said).json["warning"] == ""
    rules = "update channel.channel set mail_rules = %s where channel_code = 'test'"
    admin.execute(rules, [sql.Json({"forbids_links": True})])
    try:
        assert "elsewhere.example" in preview(owner, **said).json["warning"]
    finally:
        admin.execute(rules, [sql.Json({})])


def test_a_shop_has_a_copy_of_its_own(owner: Person, admin: Any, received: int) -> None:
    shop = one(admin, "select shop_id from channel.shop where shop_code = 'tea'").shop_id
    page = owner.get(f"/mails/templates/new?from={received}")
    assert 'value="order_received"' in page.text
    said = {
        **typed(admin, received, subject="茶の店より"),
        "number": "",
        "template_code": "order_received",
        "mail_event": "order_received",
        "shop_id": str(shop),
    }
    made = owner.post("/mails/templates/save", said)
    assert made.status_code == 302
    number = int(made.location.rpartition("/")[2])
    assert "茶の店" in owner.get(f"/mails/templates/{number}").text
    again = owner.post("/mails/templates/save", said)
    assert again.status_code == 422
    end = {"rowid": str(number), "confirm": "1"}
    assert owner.post("/mail/mail_template/act/mail.template_end", end).status_code == 302
    assert owner.get(f"/mails/templates/{number}").status_code == 404


@pytest.mark.parametrize("role", ["order_desk", "support", "analyst", "warehouse"])
def test_who_may_not_write_templates_does_not(signed_in: Any, role: str, received: int) -> None:
    person = signed_in(role)
    assert person.get(f"/mails/templates/{received}").status_code == 403
    assert person.get("/mails/templates/new").status_code == 403
    for address in ("preview.json", "preview.html", "save"):
        assert person.post(f"/mails/templates/{address}", {"text": "x"}).status_code == 403


def test_a_preview_says_which_document_would_go_and_issues_none(
    owner: Person, admin: Any, worker: Any
) -> None:
    register(admin)
    order = take_paid_order(worker, "PREVIEW-2")
    issued = "select count(*) as n from document.issued_document"
    before = one(admin, issued).n
    said = {"order_no": order.order_no, "attached_kind": "invoice"}
    shown = preview(owner, **said).json
    assert shown["is_attached_wrong"]
    assert "適格請求書を作れない" in shown["attached"]
    assert "出荷前" in shown["attached"]
    shown = preview(owner, **{**said, "attached_kind": "receipt"}).json
    assert not shown["is_attached_wrong"]
    assert "領収書。まだなければ、送る時に発行して番号を付けます" in shown["attached"]
    assert one(admin, issued).n == before
    assert "納品書" in preview(owner, **{**said, "attached_kind": "delivery_note"}).json["attached"]
    assert preview(owner, order_no=order.order_no).json["attached"] == ""
    assert preview(owner, **{**said, "attached_kind": "nothing"}).json["attached"] == ""


def test_a_template_may_attach_what_is_issued(owner: Person, admin: Any, received: int) -> None:
    for kind in ("invoice", "receipt", "return_invoice"):
        said = typed(admin, received, attached_kind=kind)
        assert owner.post("/mails/templates/save", said).status_code == 302
    assert (
        owner.post(
            "/mails/templates/save", typed(admin, received, attached_kind="picking_list")
        ).status_code
        != 302
    )
    assert (
        owner.post("/mails/templates/save", typed(admin, received, attached_kind="")).status_code
        == 302
    )
