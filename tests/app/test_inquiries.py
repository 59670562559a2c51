"""Inquiries by the page: read, answered once for each form, linked, closed; and by nobody who may not."""

import json
import re
import uuid
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import psycopg
import pytest

import sql
from sync.vault import data_keys
from tests.app.shopfront import Person, take_order
from vault import Vault, inquiry_context, inquiry_key_no


@pytest.fixture(scope="module")
def worker(house: Any) -> Iterator[Any]:
    with sql.connect(house.worker, account_id=1) as connection:
        yield connection


def an_inquiry(worker: Any, settings: Any, admin: Any, order: int) -> int:
    """An inquiry of an order, as the worker keeps it."""
    row = admin.execute(
        "select shop_id, external_order_no from sales.sales_order where sales_order_id = %s",
        [order],
    ).fetchone()
    mail = EmailMessage()
    mail.set_content("いつ届きますか")
    mail.add_attachment(b"<script>", maintype="text", subtype="html", filename="箱.html")
    text = "いつ届きますか <b>x</b>\n> 前のメール\n"
    file = {"place": 1, "name": "箱.html", "kind": "text/html", "size": 8}
    (taken,) = sql.call(
        worker, "mail.inquiry_take", row.shop_id, f"<{uuid.uuid4()}@x.example>", [], [row.external_order_no], None,
        "hanako@example.com", "花子", "お届け<日>", None or admin.execute("select now()").fetchone()[0], 100, False,
    )  # fmt: skip
    key_no = inquiry_key_no(taken.inquiry_id)
    keys = data_keys(worker, Vault(settings.secret_keys), row.shop_id, [key_no])
    body = json.dumps({"text": text, "files": [file], "is_unread": False}).encode()
    number = taken.inquiry_message_id
    sql.call(
        worker, "mail.inquiry_body_keep", number, keys.id_of(key_no),
        keys.seal(key_no, inquiry_context("body", number), body),
        keys.seal(key_no, inquiry_context("raw", number), mail.as_bytes()),
    )  # fmt: skip
    worker.commit()
    return int(taken.inquiry_id)


@pytest.mark.parametrize("role", ["order_desk", "support", "manager", "owner"])
def test_an_inquiry_is_read_and_answered_once(
    settings: Any, admin: Any, worker: Any, signed_in: Any, role: str
) -> None:
    order = take_order(worker, uuid.uuid4().hex)
    number = an_inquiry(worker, settings, admin, order)
    person: Person = signed_in(role)
    assert "お届け&lt;日&gt;" in person.get("/inquiries/").text
    page = person.get(f"/inquiries/{number}").text
    assert "いつ届きますか &lt;b&gt;x&lt;/b&gt;" in page
    assert "<summary>" in page
    part = person.get(f"/inquiries/order/{order}/part").text
    assert "いつ届きますか" in part
    message = admin.execute(
        "select inquiry_message_id from mail.inquiry_message where inquiry_id = %s", [number]
    ).fetchone()[0]
    file = person.get(f"/inquiries/{number}/file/{message}/1")
    assert file.data == b"<script>"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''%E7%AE%B1.html" in file.headers["Content-Disposition"]
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.mimetype == "application/octet-stream"
    form = {"subject": "Re: お届け日", "text": "明日です。", "answer_key": str(uuid.uuid4())}
    assert person.post(f"/inquiries/{number}/answer", {**form, "text": " "}).status_code == 422
    for _ in range(2):
        assert person.post(f"/inquiries/{number}/answer", form).status_code == 302
    rows = admin.execute(
        "select mail.state::text as state from mail.mail join mail.inquiry_message using (inquiry_message_id) where inquiry_id = %s",
        [number],
    ).fetchall()
    assert [row.state for row in rows] == ["due"]
    assert "明日です。" in person.get(f"/inquiries/{number}").text
    person.post(f"/inquiries/{number}/close")
    state = "select state::text from mail.inquiry where inquiry_id = %s"
    assert admin.execute(state, [number]).fetchone()[0] == "closed"
    person.post(f"/inquiries/{number}/reopen")
    person.post(f"/inquiries/{number}/assign")
    person.post(f"/inquiries/{number}/link", {"order_no": "nothing"})
    assert admin.execute(state, [number]).fetchone()[0] == "open"


def test_what_came_meanwhile_is_read_before_it_is_answered_or_closed(
    settings: Any, admin: Any, worker: Any, signed_in: Any
) -> None:
    order = take_order(worker, uuid.uuid4().hex)
    number = an_inquiry(worker, settings, admin, order)
    desk, other = signed_in("order_desk"), signed_in("support")
    (seen,) = re.findall(
        r'name="seen" value="(\d+)"><input type="hidden" name="answer_key"',
        desk.get(f"/inquiries/{number}").text,
    )
    form = {"subject": "Re: お届け日", "text": "明日です。", "seen": seen}
    first = {**form, "answer_key": str(uuid.uuid4())}
    # A colleague answers while this one writes
    assert other.post(f"/inquiries/{number}/answer", first).status_code == 302
    assert other.post(f"/inquiries/{number}/answer", first).status_code == 302
    late = {**form, "text": "明後日です。", "answer_key": str(uuid.uuid4())}
    refused = desk.post(f"/inquiries/{number}/answer", late)
    assert refused.status_code == 422
    assert "その間に" in refused.text
    assert "明後日です。" in refused.text
    desk.post(f"/inquiries/{number}/close", {"seen": seen})
    state = "select state::text from mail.inquiry where inquiry_id = %s"
    assert admin.execute(state, [number]).fetchone()[0] == "answered"
    (seen,) = re.findall(
        r'name="seen" value="(\d+)"><input type="hidden" name="answer_key"', refused.text
    )
    assert desk.post(f"/inquiries/{number}/answer", {**late, "seen": seen}).status_code == 302
    # The state of an answer leads to its mail
    assert "/mail/mail/show/" in desk.get(f"/inquiries/{number}").text


def test_an_inquiry_is_given_to_who_may_answer_it(
    settings: Any, admin: Any, worker: Any, signed_in: Any
) -> None:
    order = take_order(worker, uuid.uuid4().hex)
    number = an_inquiry(worker, settings, admin, order)
    desk: Person = signed_in("order_desk")
    holder = "select account_id from mail.inquiry where inquiry_id = %s"

    def account(role: str) -> int:
        return admin.execute(
            "select account_id from staff.account where staff_role = %s and ended_at is null order by 1 limit 1",
            [role],
        ).fetchone()[0]

    signed_in("support")
    signed_in("analyst")
    other, outsider = account("support"), account("analyst")
    link = f'/inquiries/{number}"'
    assert link in desk.get("/inquiries/?show=unassigned").text
    page = desk.get(f"/inquiries/{number}").text
    assert f'<option value="{other}"' in page
    assert f'<option value="{outsider}"' not in page
    desk.post(f"/inquiries/{number}/assign", {"account_id": str(outsider)})
    assert admin.execute(holder, [number]).fetchone()[0] is None
    desk.post(f"/inquiries/{number}/assign", {"account_id": str(other)})
    assert admin.execute(holder, [number]).fetchone()[0] == other
    assert link not in desk.get("/inquiries/?show=unassigned").text
    assert link not in desk.get("/inquiries/?show=mine").text
    assert link in signed_in("support").get("/inquiries/?show=mine").text
    for show in ("open", "all", "nonsense"):
        assert link in desk.get(f"/inquiries/?show={show}").text
    for show in ("answered", "closed"):
        assert link not in desk.get(f"/inquiries/?show={show}").text
    desk.post(f"/inquiries/{number}/assign")
    mine = admin.execute(holder, [number]).fetchone()[0]
    assert mine not in (None, other)
    desk.post(f"/inquiries/{number}/assign", {"account_id": ""})
    assert admin.execute(holder, [number]).fetchone()[0] is None
    # Who answered stands on the order's page as well
    form = {"subject": "Re: お届け日", "text": "明日です。", "answer_key": str(uuid.uuid4())}
    desk.post(f"/inquiries/{number}/answer", form)
    name = admin.execute(
        "select display_name from staff.account where account_id = %s", [mine]
    ).fetchone()[0]
    part = desk.get(f"/inquiries/order/{order}/part").text
    assert f"{name.split(' | ')[0]} → hanako@example.com" in part
    assert link in desk.get("/inquiries/?show=answered").text


@pytest.mark.parametrize("role", ["analyst", "warehouse", "accounting"])
def test_nobody_else_sees_one(
    settings: Any, admin: Any, worker: Any, signed_in: Any, role: str
) -> None:
    number = an_inquiry(worker, settings, admin, take_order(worker, uuid.uuid4().hex))
    person: Person = signed_in(role)
    for path in ("/inquiries/", f"/inquiries/{number}", f"/inquiries/{number}/file/1/1"):
        assert person.get(path).status_code in (403, 404)
    assert person.post(f"/inquiries/{number}/close").status_code in (403, 404)


def test_links_to_help_desks_are_filled_in_on_the_order(
    admin: Any, worker: Any, signed_in: Any
) -> None:
    order = take_order(worker, uuid.uuid4().hex)
    row = admin.execute(
        "select shop_id, order_no from sales.sales_order where sales_order_id = %s", [order]
    ).fetchone()
    admin.execute(
        "update sales.sales_order_party set buyer_email = %s where sales_order_id = %s",
        ["花 子+x@example.com", order],
    )
    made = [
        admin.execute(
            "insert into mail.link_template (link_name, url, shop_id) values ('窓口 | Desk', %s, %s) returning link_template_id",
            [url, shop_id],
        ).fetchone()[0]
        for url, shop_id in (
            ("https://desk.example.com/search?q={email}&no={order_no}", row.shop_id),
            ("https://elsewhere.example.com/{shop_order_no}", None),
        )
    ]
    admin.commit()
    try:
        page = signed_in("support").get(f"/inquiries/order/{order}/part").text
        assert f"q=%E8%8A%B1%20%E5%AD%90%2Bx%40example.com&amp;no={row.order_no}" in page
        assert 'rel="noopener noreferrer"' in page
        assert "https://elsewhere.example.com/" in page
    finally:
        admin.execute("delete from mail.link_template where link_template_id = any(%s)", [made])
        admin.commit()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://x.example/{password}",
        "ftp://x.example/",
        "https:///x",
        "https://x.example/ a",
        'https://x.example/"><b>',
        "https://{email}/",
    ],
)
def test_an_address_that_is_none_is_refused(admin: Any, url: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation), admin.transaction():
        admin.execute("insert into mail.link_template (link_name, url) values ('x', %s)", [url])


def test_what_a_mailbox_is_read_for_is_chosen_in_words(owner: Person) -> None:
    page = owner.get("/mail/mailbox/add").text
    for said in ("問い合わせと不達", "問い合わせだけ", "不達だけ", "転送先"):
        assert said in page
