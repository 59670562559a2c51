"""Mail comes into a real mailbox: it stands at its order, is answered, and the answer threads; bounces mark their mail."""

import base64
import json
import uuid
from email.message import EmailMessage
from typing import Any

import pytest

import sql
from sync.door import create_door
from sync.mail import fetch
from sync.mail.writing import unsubscribe_url
from sync.vault import known_data_keys
from tests.mail.boxes import Boxes
from tests.mail.post import Post
from tests.mail.test_rules import an_order, mails, rule_on
from tests.sync.people import an_account, as_staff
from vault import DataKey, answer_context, inquiry_context

SHOP = "hinode-1"


def letter(
    text: str = "いつ届きますか", subject: str = "お問い合わせ", **headers: str
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = headers.pop("sender", "山田 <yamada@example.com>")
    mail["To"] = "shop@shop.example"
    mail["Subject"] = subject
    mail["Message-ID"] = headers.pop("number", f"<{uuid.uuid4().hex}@phone.example>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def fetched(house: Any) -> int:
    """Read the mailbox now."""
    house.all("update mail.mailbox_gate set open_at = '-infinity' returning shop_id")
    return fetch.fetch_mail(house.context, house.shop_ids[SHOP])


def inquiries(house: Any) -> list[Any]:
    return house.all(
        "select inquiry_id, state::text as state, sales_order_id, customer_id, linked_by::text as linked_by, evidence, subject, from_address,"
        " (select count(*) from mail.inquiry_message where inquiry_id = inquiry.inquiry_id) as messages"
        " from mail.inquiry left join mail.inquiry_party using (inquiry_id) order by inquiry_id"
    )


def bodies(house: Any) -> list[dict[str, Any]]:
    """The texts that came, opened."""
    rows = house.all(
        "select inquiry_message_id, data_key_id, body from mail.inquiry_message_party join mail.inquiry_message using (inquiry_message_id)"
        " where message_no is not null order by inquiry_message_id"
    )
    keys = known_data_keys(
        house.connection,
        house.context.vault,
        house.shop_ids[SHOP],
        [row.data_key_id for row in rows],
    )
    return [
        json.loads(
            keys.open(row.data_key_id, inquiry_context("body", row.inquiry_message_id), row.body)
            or b"null"
        )
        for row in rows
    ]


def answer(house: Any, inquiry_id: int, text: str, key: str | None = None) -> int:
    """Answer as a person of the order desk."""
    with as_staff(house, an_account(house.admin, "order_desk")) as desk:
        (row,) = sql.call(desk, "mail.inquiry_key", inquiry_id)
        data_key = DataKey.unwrapped(
            house.context.vault, row.wrapped_key, row.shop_id, row.external_no
        )
        key = key or str(uuid.uuid4())
        body = data_key.seal(json.dumps({"text": text}).encode(), answer_context(key))
        return int(
            sql.value(
                desk, "mail.inquiry_answer", inquiry_id, key, "answer", "Re: お問い合わせ", body
            )
        )


def test_an_inquiry_is_linked_answered_and_the_answer_threads(
    asked_house: Any, boxes: Boxes, post: Post
) -> None:
    order = an_order(asked_house)
    first = letter(f"注文番号 {order.external_order_no} はいつ届きますか")
    boxes.deliver(first)
    assert fetched(asked_house) == 1
    (asked,) = inquiries(asked_house)
    assert (asked.state, asked.sales_order_id, asked.linked_by) == (
        "open",
        order.sales_order_id,
        "order_no",
    )
    assert asked.evidence == order.external_order_no
    assert "いつ届きますか" in bodies(asked_house)[0]["text"]
    # The form that is sent twice makes one mail
    key = str(uuid.uuid4())
    mail_id = answer(asked_house, asked.inquiry_id, "明日届きます。", key)
    assert answer(asked_house, asked.inquiry_id, "明日届きます。", key) == mail_id
    asked_house.settle()
    (got,) = post.mails
    assert got["In-Reply-To"] == first["Message-ID"]
    assert first["Message-ID"] in got["References"]
    assert got["To"] == "yamada@example.com"
    assert got.get_content().strip() == "明日届きます。"
    assert inquiries(asked_house)[0].state == "answered"
    # A second answer to the same order goes too
    answer(asked_house, asked.inquiry_id, "もう一通。")
    asked_house.settle()
    assert len(post.mails) == 2
    # What the buyer answers comes into the thread, and it waits again
    boxes.deliver(
        letter(
            "ありがとう", "Re: お問い合わせ", In_Reply_To=got["Message-ID"], sender="x@y.example"
        )
    )
    fetched(asked_house)
    (asked,) = inquiries(asked_house)
    assert (asked.state, asked.messages) == ("open", 4)
    assert asked_house.checks() == {}
    # Nothing was marked at the server, and nothing is read twice
    assert all(b"Seen" not in one for one in boxes.flags()[-2:])
    assert fetched(asked_house) == 0


def test_a_reply_to_our_mail_an_address_and_a_stranger(
    asked_house: Any, boxes: Boxes, post: Post
) -> None:
    rule_on(asked_house, "order_received")
    order = an_order(asked_house)
    asked_house.settle()
    sent = post.mails[0]
    boxes.deliver(letter("はい", sender="other@example.com", References=sent["Message-ID"]))
    boxes.deliver(letter("番号は分かりません", sender=order.buyer_email.upper()))
    boxes.deliver(letter("営業時間は?", sender="stranger@example.net"))
    boxes.deliver(letter(f"伝票 {order.order_no} です", "件", sender="third@example.net"))
    boxes.deliver(letter(f"X{order.order_no}9", sender="fourth@example.net"))
    fetched(asked_house)
    assert [(one.linked_by, one.sales_order_id) for one in inquiries(asked_house)] == [
        ("reply", order.sales_order_id),
        ("address", order.sales_order_id),
        (None, None),
        ("order_no", order.sales_order_id),
        (None, None),
    ]
    known = asked_house.all(
        "select is_known_address from mail.inquiry_message order by inquiry_message_id"
    )
    assert [row.is_known_address for row in known] == [False, True, None, False, None]
    # A person links a stranger's, who can be answered without an order too
    stranger = inquiries(asked_house)[2]
    answer(asked_house, stranger.inquiry_id, "十時からです。")
    asked_house.settle()
    assert [to for _, to, _ in post.kept][-1] == "stranger@example.net"
    with as_staff(asked_house, an_account(asked_house.admin, "support")) as desk:
        sql.call(desk, "mail.inquiry_link", stranger.inquiry_id, order.sales_order_id)
        sql.call(desk, "mail.inquiry_close", stranger.inquiry_id)
    found = inquiries(asked_house)[2]
    assert (found.state, found.linked_by, found.sales_order_id) == (
        "closed",
        "person",
        order.sales_order_id,
    )


def test_the_same_mail_and_new_numbers_of_the_server_double_nothing(
    asked_house: Any, boxes: Boxes
) -> None:
    mail = letter()
    boxes.deliver(mail)
    boxes.deliver(mail)
    without = b"From: a@example.com\r\nSubject: none\r\n\r\nno number\r\n"
    boxes.deliver(without)
    fetched(asked_house)
    assert len(inquiries(asked_house)) == 2
    boxes.restart()
    boxes.deliver(mail)
    boxes.deliver(without)
    boxes.deliver(letter("新しい"))
    fetched(asked_house)
    texts = [one["text"] for one in bodies(asked_house)]
    assert texts.count("いつ届きますか") == texts.count("no number") == texts.count("新しい") == 1


def test_a_wrong_password_pauses_the_mailbox_and_a_person_resumes_it(
    asked_house: Any, boxes: Boxes
) -> None:
    shop_id = asked_house.shop_ids[SHOP]
    asked_house.one("update mail.mailbox set imap_user = 'nobody' returning shop_id")
    boxes.deliver(letter())
    fetched(asked_house)
    assert [row.reason for row in asked_house.inbox()] == ["mailbox"]
    assert sql.call(asked_house.connection, "mail.mailboxes_due") == []
    asked_house.one("update mail.mailbox set imap_user = 'shop' returning shop_id")
    sql.call(asked_house.connection, "mail.mailbox_resume", shop_id)
    fetched(asked_house)
    assert asked_house.inbox() == []
    assert len(inquiries(asked_house)) == 1


def test_a_server_that_is_away_is_asked_again_later(asked_house: Any, boxes: Boxes) -> None:
    asked_house.one("update mail.mailbox set imap_port = 1 returning shop_id")
    # The password was given for another server: it is never sent to a new one
    assert not asked_house.all(
        "select 1 from channel.shop_secret where secret_name = 'imap_password'"
    )
    fetched(asked_house)
    gate = asked_house.one(
        "select failures, paused_at, open_at > now() as waits, last_error from mail.mailbox_gate"
    )
    assert (gate.failures, gate.paused_at, gate.waits) == (1, None, True)
    assert "cannot be reached" in gate.last_error


def test_twenty_megabytes_are_kept_in_part(asked_house: Any, boxes: Boxes) -> None:
    mail = letter("写真を送ります")
    mail.add_attachment(
        b"\0\1" * 7_500_000, maintype="image", subtype="jpeg", filename="壊れた箱.jpg"
    )
    boxes.deliver(mail)
    boxes.deliver(letter("次の人"))
    fetched(asked_house)
    assert [one["text"] for one in bodies(asked_house)] == ["写真を送ります", "次の人"]
    row = asked_house.one(
        "select size, is_truncated, octet_length(raw) as kept from mail.inquiry_message join mail.inquiry_message_party using (inquiry_message_id)"
        " order by inquiry_message_id limit 1"
    )
    assert row.size > 20_000_000
    assert row.is_truncated
    assert row.kept < 300_000
    assert bodies(asked_house)[0]["files"][0]["name"] == "壊れた箱.jpg"


def test_broken_japanese_is_read(asked_house: Any, boxes: Boxes) -> None:
    # 髙 is an IBM character of row 92, ① of NEC's row 13: no codec of ISO-2022-JP reads them
    text = b"\x1b$B\x7c\x62-!\x1b(B \x1b$B3t\x1b(B"
    boxes.deliver(
        b"From: a@example.com\r\nMessage-ID: <jis@example.com>\r\nSubject: "
        + text
        + b"\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n"
        + text
        + b"\r\n"
    )
    fetched(asked_house)
    assert bodies(asked_house)[0]["text"] == "髙① 株"
    assert inquiries(asked_house)[0].subject == "髙① 株"


def bounce(recipient: str, status: str, action: str, original: EmailMessage, to: str) -> bytes:
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered\r\nMessage-ID: <{uuid.uuid4().hex}@mx.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nIt did not go.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 <{recipient}> unknown\r\n"
        f"\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original['Message-ID']}\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize("trace", ["address", "message"])
def test_a_hard_bounce_marks_its_mail_and_its_customer(
    asked_house: Any, boxes: Boxes, post: Post, trace: str
) -> None:
    rule_on(asked_house, "order_received")
    order = an_order(asked_house)
    asked_house.settle()
    to = post.kept[0][0] if trace == "address" else "shop@shop.example"
    original = post.mails[0] if trace == "message" else letter()
    boxes.deliver(bounce(order.buyer_email, "5.1.1", "failed", original, to))
    fetched(asked_house)
    (mail,) = mails(asked_house)
    assert mail.state == "bounced"
    assert "5.1.1" in mail.reason
    assert order.buyer_email not in mail.reason
    dead = asked_house.one("select why::text as why, customer_id from mail.dead_address")
    assert (dead.why, dead.customer_id) == ("bounce", order.customer_id)
    assert [row.reason for row in asked_house.inbox()] == ["mail_bounced"]
    assert inquiries(asked_house) == []
    assert asked_house.checks() == {}


def test_a_wrong_mark_a_soft_one_and_one_without_a_trace(
    asked_house: Any, boxes: Boxes, post: Post
) -> None:
    rule_on(asked_house, "order_received")
    order = an_order(asked_house)
    asked_house.settle()
    sender = post.kept[0][0]
    forged = sender.split(".")[0] + ".000000000000@shop.example"
    boxes.deliver(bounce(order.buyer_email, "5.1.1", "failed", letter(), forged))
    fetched(asked_house)
    assert mails(asked_house)[0].state == "sent"
    (row,) = asked_house.inbox()
    assert row.reason == "mail_bounced"
    assert row.subject.startswith("return ")
    boxes.deliver(bounce(order.buyer_email, "4.2.2", "delayed", post.mails[0], sender))
    fetched(asked_house)
    (mail,) = mails(asked_house)
    assert mail.state == "sent"
    assert "4.2.2" in mail.reason
    assert asked_house.all("select 1 from mail.dead_address") == []


@pytest.mark.parametrize("status", ["4.4.7", "4.2.2", "5.2.2", "5.7.1"])
def test_what_never_arrived_has_come_back_though_its_address_is_well(
    asked_house: Any, boxes: Boxes, post: Post, status: str
) -> None:
    rule_on(asked_house, "order_received")
    order = an_order(asked_house)
    asked_house.settle()
    boxes.deliver(bounce(order.buyer_email, status, "failed", letter(), post.kept[0][0]))
    fetched(asked_house)
    (mail,) = mails(asked_house)
    assert mail.state == "bounced"
    assert status in mail.reason
    assert asked_house.all("select 1 from mail.dead_address") == []
    assert [row.reason for row in asked_house.inbox()] == ["mail_bounced"]


def test_what_customers_write_to_a_group_of_the_shop_is_an_inquiry(
    asked_house: Any, boxes: Boxes
) -> None:
    boxes.deliver(letter("いつ届きますか", Precedence="list", List_ID="<shop.googlegroups.com>"))
    fetched(asked_house)
    assert len(inquiries(asked_house)) == 1


def test_a_return_that_no_database_could_hold_stops_no_mailbox(
    asked_house: Any, boxes: Boxes
) -> None:
    head = base64.b64encode(b"Message-ID: <a\0b@x>\r\n\r\n").decode()
    original = letter()
    hostile = bounce("a@example.com", "5.\u0661.\u0661", "failed", original, "shop@shop.example")
    boxes.deliver(
        hostile.decode()
        .replace(
            "Content-Type: text/rfc822-headers",
            "Content-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: base64",
        )
        .replace(f"Message-ID: {original['Message-ID']}", head)
        .encode()
    )
    boxes.deliver(letter("いつ届きますか"))
    fetched(asked_house)
    assert len(inquiries(asked_house)) == 1


def test_automatic_answers_and_complaints_are_no_inquiries(
    asked_house: Any, boxes: Boxes, post: Post
) -> None:
    rule_on(asked_house, "order_received")
    order = an_order(asked_house)
    asked_house.settle()
    boxes.deliver(letter("休暇中です", Auto_Submitted="auto-replied"))
    boxes.deliver(letter("休暇中です", Precedence="bulk"))
    boxes.deliver(
        (
            f"From: fbl@isp.example\r\nTo: {post.kept[0][0]}\r\nMessage-ID: <c@isp.example>\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n\r\n--b--\r\n"
        ).encode()
    )
    fetched(asked_house)
    assert inquiries(asked_house) == []
    kinds = asked_house.all(
        "select return_kind::text as kind, mail_id is not null as is_found from mail.mail_return order by 1"
    )
    assert [(row.kind, row.is_found) for row in kinds] == [
        ("auto", False),
        ("auto", False),
        ("complaint", True),
    ]
    dead = asked_house.one("select why::text as why, customer_id from mail.dead_address")
    assert (dead.why, dead.customer_id) == ("complaint", order.customer_id)


def test_forgetting_the_order_forgets_the_inquiry(
    asked_house: Any, boxes: Boxes, post: Post
) -> None:
    order = an_order(asked_house)
    boxes.deliver(letter(f"{order.external_order_no} を取り消します"))
    fetched(asked_house)
    answer(asked_house, inquiries(asked_house)[0].inquiry_id, "承りました。")
    sql.call(asked_house.connection, "sales.order_cancel", order.sales_order_id, "buyer")
    sql.call(asked_house.connection, "customer.forget", order.sales_order_id)
    (asked,) = inquiries(asked_house)
    assert (asked.subject, asked.from_address) == (None, None)
    assert bodies(asked_house) == [None]
    # What was not sent yet is not sent any more, and no key is made anew
    asked_house.settle()
    assert post.kept == []
    assert (
        asked_house.all("select 1 from transit.data_key where external_no like 'inquiry/%%'") == []
    )


def test_out_of_scope_is_out_of_reach(asked_house: Any, boxes: Boxes) -> None:
    boxes.deliver(letter())
    fetched(asked_house)
    (asked,) = inquiries(asked_house)
    other = asked_house.shop_ids["minato-1"]
    account = an_account(asked_house.admin, "support", sees_all=False)
    asked_house.admin.execute(
        "insert into staff.account_shop (account_id, shop_id) values (%s, %s)", (account, other)
    )
    with as_staff(asked_house, account) as desk:
        assert desk.execute("select 1 from mail.inquiry").fetchall() == []
        assert sql.call(desk, "mail.inquiry_key", asked.inquiry_id) == []
        with pytest.raises(sql.errors.NotThere):
            sql.call(desk, "mail.inquiry_close", asked.inquiry_id)


def test_a_reader_leaves_by_the_link_of_a_mail(asked_house: Any, post: Post) -> None:
    rule_on(asked_house, "order_received")
    order = an_order(asked_house)
    asked_house.settle()
    mail_id = mails(asked_house)[0].mail_id
    sql.call(
        asked_house.connection,
        "mail.consent_set",
        order.customer_id,
        asked_house.shop_ids[SHOP],
        True,
        "form",
    )
    link = unsubscribe_url("https://x.example", asked_house.context.vault, mail_id)
    path = link.removeprefix("https://x.example/in")
    door = create_door(asked_house.settings)
    try:
        client = door.test_client()
        page = client.get(path)
        assert page.status_code == 200
        assert "Unsubscribe" in page.text
        consent = "select withdrawn_at is not null as gone from mail.consent"
        # Looking is not leaving: machines look at links
        assert not asked_house.one(consent).gone
        for wrong in (path[:-1] + ("0" if path[-1] != "0" else "1"), path[:-1], "/unsubscribe/9-x"):
            assert client.post(wrong).status_code == 404
        assert not asked_house.one(consent).gone
        done = client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
        assert asked_house.one(consent).gone
        assert client.post(path).status_code == 200
    finally:
        door.extensions["doorkeeper"].close()
