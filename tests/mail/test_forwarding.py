"""Inquiries for a help desk that only takes mail: each goes there once, can be found and answered there, and never goes round."""

import email
import email.policy
from email.message import EmailMessage
from typing import Any

import pytest

import sql
from sync.render import incoming, messages
from sync.render.mails import Written
from tests.mail.boxes import Boxes
from tests.mail.post import Post
from tests.mail.test_inquiries import SHOP, answer, bounce, fetched, inquiries, letter
from tests.mail.test_rules import an_order, mails
from tests.sync.people import an_account, as_staff

DESK = "desk@desk.example"


@pytest.fixture
def desk_house(asked_house: Any) -> Any:
    """The house whose mailbox forwards to a help desk."""
    asked_house.one("update mail.mailbox set forward_to = %s returning shop_id", DESK)
    return asked_house


def forwards(house: Any) -> list[Any]:
    return [mail for mail in mails(house) if mail.event == "forward"]


def enclosed(mail: EmailMessage) -> EmailMessage:
    (part,) = [one for one in mail.walk() if one.get_content_type() == "message/rfc822"]
    return part.get_content()


def test_an_inquiry_goes_to_the_desk_once_and_its_answer_to_the_customer(
    desk_house: Any, boxes: Boxes, post: Post
) -> None:
    order = an_order(desk_house)
    asked = letter(f"注文番号 {order.external_order_no} はいつ届きますか", "お届け日")
    boxes.deliver(asked)
    fetched(desk_house)
    (due,) = forwards(desk_house)
    assert (due.state, due.sales_order_id) == ("due", order.sales_order_id)
    desk_house.settle()
    desk_house.settle()
    (got,) = post.mails
    assert (got["To"], got["Reply-To"]) == (DESK, "yamada@example.com")
    assert order.order_no in got["Subject"]
    assert order.external_order_no in got["Subject"]
    assert got["Subject"].endswith("お届け日")
    assert (got["X-Daicho-Order"], got["X-Daicho-Shop"]) == (order.order_no, SHOP)
    # Help desks turn away what says that a machine wrote it
    assert got["Auto-Submitted"] is None
    assert "いつ届きますか" in got.get_body(("plain",)).get_content()
    assert enclosed(got)["Message-ID"] == asked["Message-ID"]
    assert "いつ届きますか" in enclosed(got).get_content()
    # The next of the thread stands below it at the desk, and answers are not forwarded
    answer(desk_house, inquiries(desk_house)[0].inquiry_id, "明日です。")
    desk_house.settle()
    reply = post.mails[-1]
    boxes.deliver(letter("ありがとう", "Re: お届け日", In_Reply_To=reply["Message-ID"]))
    fetched(desk_house)
    desk_house.settle()
    assert [mail["To"] for mail in post.mails] == [DESK, "yamada@example.com", DESK]
    assert post.mails[-1]["References"] == got["Message-ID"]
    assert [mail.state for mail in forwards(desk_house)] == ["sent", "sent"]
    assert len(inquiries(desk_house)) == 1
    # What is enclosed is kept once: at its inquiry
    kept = desk_house.one(
        "select max(octet_length(party.body)) as size from mail.mail_party as party join mail.mail using (mail_id) where mail_event = 'forward'"
    )
    assert kept.size < 4_000
    assert desk_house.checks() == {}


def test_nothing_goes_while_mail_is_off_and_nothing_is_lost(
    desk_house: Any, boxes: Boxes, post: Post
) -> None:
    sql.call(desk_house.connection, "transit.outgoing_set", "mail", False)
    boxes.deliver(letter())
    fetched(desk_house)
    desk_house.settle()
    assert post.kept == []
    assert [mail.state for mail in forwards(desk_house)] == ["due"]
    sql.call(desk_house.connection, "transit.outgoing_set", "mail", True)
    desk_house.settle()
    assert len(post.kept) == 1


@pytest.mark.parametrize("who", ["desk", "shop", "itself", "another", "machine", "bounce"])
def test_what_is_no_customers_does_not_go_round(
    desk_house: Any, boxes: Boxes, post: Post, who: str
) -> None:
    boxes.deliver(letter())
    fetched(desk_house)
    desk_house.settle()
    (sent,) = post.mails
    again = {
        "desk": lambda: letter("受け付けました", sender=f"窓口 <{DESK.upper()}>"),
        "shop": lambda: letter("写し", sender="shop@shop.example"),
        "itself": lambda: post.kept[0][2],
        # Through another machine that gives it a number of its own
        "another": lambda: letter("転送", X_Daicho_Forwarded=sent["X-Daicho-Forwarded"]),
        "machine": lambda: letter("自動応答", Auto_Submitted="auto-replied"),
        "bounce": lambda: bounce(DESK, "5.1.1", "failed", sent, post.kept[0][0]),
    }[who]()
    boxes.deliver(again)
    fetched(desk_house)
    desk_house.settle()
    assert len(forwards(desk_house)) == len(post.kept) == 1
    assert len(inquiries(desk_house)) == (2 if who in ("desk", "shop", "another") else 1)
    if who == "bounce":
        assert [mail.state for mail in forwards(desk_house)] == ["bounced"]
        assert [row.reason for row in desk_house.inbox()] == ["mail_bounced"]
        # The desk is no customer: the next one goes there again
        boxes.deliver(letter("次の人"))
        fetched(desk_house)
        desk_house.settle()
        assert len(post.kept) == 2


def test_what_a_form_of_the_shop_sends_in_its_name_goes_to_the_desk(
    desk_house: Any, boxes: Boxes, post: Post
) -> None:
    boxes.deliver(letter(sender="お問い合わせ <shop@shop.example>", Reply_To="hanako@example.com"))
    fetched(desk_house)
    desk_house.settle()
    ((_, to, _),) = post.kept
    assert to == DESK
    assert post.mails[0]["Reply-To"] == "hanako@example.com"
    assert [one.from_address for one in inquiries(desk_house)] == ["hanako@example.com"]


def test_two_machines_that_answer_each_other_come_to_an_end(desk_house: Any, boxes: Boxes) -> None:
    robot = [letter(f"受付番号 {number}", sender="robot@desk.example") for number in range(32)]
    boxes.deliver(*robot, letter("お客様です"))
    fetched(desk_house)
    assert len(inquiries(desk_house)) == 33
    assert len(forwards(desk_house)) == 31
    assert [row.reason for row in desk_house.inbox()] == ["mail_forward"]


def test_what_a_kill_left_uncertain_is_not_sent_again_by_itself(
    desk_house: Any, boxes: Boxes, post: Post
) -> None:
    boxes.deliver(letter())
    fetched(desk_house)
    post.moods.append(("data", "drop"))
    desk_house.settle()
    desk_house.settle()
    (mail,) = forwards(desk_house)
    assert mail.state == "unknown"
    assert [row.reason for row in desk_house.inbox()] == ["mail_unknown"]
    assert post.kept == []
    desk_house.all("update mail.account_gate set open_at = '-infinity' returning shop_id")
    with as_staff(desk_house, an_account(desk_house.admin, "support")) as desk:
        sql.call(desk, "mail.mail_settle", mail.mail_id, False)
    desk_house.settle()
    assert [mail.state for mail in forwards(desk_house)] == ["stopped", "sent"]
    assert "いつ届きますか" in post.mails[0].get_body(("plain",)).get_content()
    assert desk_house.checks() == {}


def test_a_refused_answer_can_be_sent_again_as_it_was_written(
    desk_house: Any, boxes: Boxes, post: Post
) -> None:
    desk_house.one("update mail.mailbox set forward_to = null returning shop_id")
    boxes.deliver(letter())
    fetched(desk_house)
    post.moods.append(("data", "554 not today"))
    mail_id = answer(desk_house, inquiries(desk_house)[0].inquiry_id, "明日です。")
    desk_house.settle()
    assert post.kept == []
    with as_staff(desk_house, an_account(desk_house.admin, "support")) as desk:
        sql.call(desk, "mail.mail_again", mail_id)
    desk_house.settle()
    (got,) = post.mails
    assert got.get_content().strip() == "明日です。"


def test_nowhere_to_forward_to_and_nobody_to_forward(
    desk_house: Any, boxes: Boxes, post: Post
) -> None:
    order = an_order(desk_house)
    boxes.deliver(letter(f"{order.external_order_no} を取り消します"))
    boxes.deliver(letter("番号なし", sender="other@example.net"))
    fetched(desk_house)
    sql.call(desk_house.connection, "sales.order_cancel", order.sales_order_id, "buyer")
    sql.call(desk_house.connection, "customer.forget", order.sales_order_id)
    desk_house.one("update mail.mailbox set forward_to = null returning shop_id")
    desk_house.settle()
    assert post.kept == []
    assert [(mail.state, mail.reason.split(" | ")[1]) for mail in forwards(desk_house)] == [
        ("skipped", "The buyer was forgotten."),
        ("skipped", "There is nowhere to forward it to any more."),
    ]
    assert desk_house.inbox() == []


@pytest.mark.parametrize("has_account", [True, False])
def test_what_waits_for_a_mail_account_is_said_once_and_goes_when_there_is_one(
    desk_house: Any, boxes: Boxes, post: Post, has_account: bool
) -> None:
    held = desk_house.one(
        "select account.* from mail.mail_account as account join mail.mailbox as mailbox using (shop_id) where mailbox.forward_to is not null"
    )
    if has_account:
        desk_house.one("update mail.mail_account set is_on = false returning shop_id")
    else:
        desk_house.one("delete from mail.mail_account returning shop_id")
    for words in ("一通目", "二通目"):
        boxes.deliver(letter(words))
        fetched(desk_house)
    desk_house.settle()
    assert post.kept == []
    assert [mail.state for mail in forwards(desk_house)] == ["due", "due"]
    (note,) = desk_house.inbox()
    assert (note.reason, note.seen) == ("mail_forward_waits", 2)
    assert "no mail account" in note.detail
    # Another change of the account says nothing
    if has_account:
        desk_house.one("update mail.mail_account set from_name = '店' returning shop_id")
        assert len(desk_house.inbox()) == 1
        desk_house.one("update mail.mail_account set is_on = true returning shop_id")
    else:
        desk_house.one(
            "insert into mail.mail_account (shop_id, from_address, smtp_host, smtp_port, smtp_security) values (%s, %s, %s, %s, %s) returning shop_id",
            *(held.shop_id, held.from_address, held.smtp_host, held.smtp_port, held.smtp_security),
        )
    assert desk_house.inbox() == []
    desk_house.settle()
    assert len(post.kept) == 2
    assert desk_house.checks() == {}


def test_a_mail_too_large_goes_as_its_text(desk_house: Any, boxes: Boxes, post: Post) -> None:
    mail = letter("写真を送ります")
    mail.add_attachment(b"\0\1" * 7_500_000, maintype="image", subtype="jpeg", filename="箱.jpg")
    boxes.deliver(mail)
    fetched(desk_house)
    desk_house.settle()
    (got,) = post.mails
    assert not got.is_multipart()
    assert "写真を送ります" in got.get_content()
    assert "大きすぎる" in got.get_content()


@pytest.mark.parametrize(
    ("original", "kind"),
    [
        (b"Subject: a\r\n\r\nplain\r\n", "message/rfc822"),
        ("Subject: 髙\r\n\r\n届く\r\n".encode(), "application/octet-stream"),
        (
            b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            + "届く\r\n".encode(),
            "message/rfc822",
        ),
        (b"Subject: a\r\n\r\n" + b"x" * 2_000 + b"\r\n", "application/octet-stream"),
        (b"Subject: a\r\n\r\nx\0y", "application/octet-stream"),
        (b"\xff\xfe" * 100, "application/octet-stream"),
        (b"", "message/rfc822"),
    ],
)
def test_any_mail_can_be_enclosed_in_seven_bits(original: bytes, kind: str) -> None:
    made = messages.composed(
        Written(subject="x", text="x"),
        messages.Envelope(
            from_name="店",
            from_address="a@b.example",
            to_address=DESK,
            reply_to="",
            message_no="<1@b.example>",
            dated=email.utils.parsedate_to_datetime("Thu, 26 Nov 2026 10:00:00 +0000"),
            headers=[("X-Daicho-Shop-Order", "1\r\nBcc: evil@x.example")],
        ),
        original=original,
    )
    assert made.isascii()
    parsed = email.message_from_bytes(made, policy=email.policy.default)
    assert parsed["Bcc"] is None
    part = [*parsed.walk()][2]
    assert part.get_content_type() == kind
    if kind == "application/octet-stream":
        # Bytes that do not say what they are stay as they came, as a file
        assert part.get_content() == original
    elif "届く".encode() in original:
        assert incoming.read(part.get_content().as_bytes()).text == "届く"
