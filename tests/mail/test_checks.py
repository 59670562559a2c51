"""What is wrong with a mail is found by its check, and what a person must mend stands in the inbox."""

from typing import Any

import pytest

from tests.mail.boxes import Boxes
from tests.mail.test_inquiries import answer, fetched, inquiries, letter
from tests.mail.test_rules import an_order, mails, rule_on

PLANTED = {
    "引渡し中のまま": "update mail.mail set state = 'handing', ended_at = null, lease = 1, lease_until = now() - interval '1 hour'",
    "結果不明で要対応にない": "update mail.mail set state = 'unknown'",
    "同じメールが二通待っている": "with first as (update mail.mail set state = 'due', ended_at = null returning *)"
    " insert into mail.mail (shop_id, sales_order_id, mail_event, template_code, again_no)"
    " select shop_id, sales_order_id, mail_event, template_code, 1 from first",
    "過去受注に規則で作られた": "update sales.sales_order set is_history = true",
}


@pytest.fixture
def sent(mailing_house: Any) -> Any:
    mailing_house.settle()
    rule_on(mailing_house, "order_received")
    an_order(mailing_house)
    mailing_house.settle()
    assert [mail.state for mail in mails(mailing_house)] == ["sent"]
    assert mailing_house.all("select * from report.check_mail") == []
    return mailing_house


@pytest.mark.parametrize("fault", PLANTED)
def test_each_fault_is_found(sent: Any, fault: str) -> None:
    sent.admin.execute("set session_replication_role = replica")
    sent.admin.execute(PLANTED[fault])
    found = {row.fault.split(" | ")[0] for row in sent.all("select fault from report.check_mail")}
    assert found == {fault}


# How each fault is planted in a thread of one mail that came, its answer and its copy for the desk
PLANTED_INQUIRIES = {
    "メールがない": "insert into mail.inquiry (shop_id) select shop_id from mail.inquiry;"
    " insert into mail.inquiry_party (inquiry_id) select max(inquiry_id) from mail.inquiry",
    "個人情報の行がない": "delete from mail.inquiry_party",
    "返信済みなのに最後が返信ではない": "insert into mail.inquiry_message (inquiry_id, shop_id, message_no, received_at)"
    " select inquiry_id, shop_id, '<x>', opened_at from mail.inquiry;"
    " insert into mail.inquiry_message_party (inquiry_message_id, data_key_id) select max(inquiry_message_id), 1 from mail.inquiry_message",
    "最後のメールの日時が違う": "update mail.inquiry set last_at = last_at + interval '1 second'",
    "店舗の違うメール": "update mail.inquiry_message set shop_id = other.shop_id from channel.shop as other"
    " where other.shop_id <> inquiry_message.shop_id; update mail.mail set shop_id = message.shop_id from mail.inquiry_message as message"
    " where message.inquiry_message_id = mail.inquiry_message_id",
    "店舗の違う受注": "update sales.sales_order set shop_id = other.shop_id from channel.shop as other where other.shop_id <> sales_order.shop_id",
    "本文がない": "update mail.inquiry_message_party set body = null where raw is not null",
    "返信のメールがない": "delete from mail.mail_party; delete from mail.mail where mail_event = 'reply'",
    "問い合わせに属さない返信か転送": "update mail.mail set inquiry_message_id = null where mail_event = 'forward'",
    "返信でも転送でもないのに問い合わせに属する": "update mail.mail set mail_event = 'chosen' where mail_event = 'forward'",
    "店舗の違う問い合わせ": "update mail.mail set shop_id = other.shop_id from channel.shop as other where other.shop_id <> mail.shop_id",
    "来たメールの返信か、返信の転送": "update mail.mail set mail_event = 'reply' where mail_event = 'forward'",
}


@pytest.fixture
def answered(asked_house: Any, boxes: Boxes) -> Any:
    order = an_order(asked_house)
    asked_house.one("update mail.mailbox set forward_to = 'desk@desk.example' returning shop_id")
    boxes.deliver(letter(f"{order.external_order_no} の件"))
    fetched(asked_house)
    answer(asked_house, inquiries(asked_house)[0].inquiry_id, "承りました。")
    asked_house.settle()
    assert [mail.state for mail in mails(asked_house)] == ["sent", "sent"]
    assert asked_house.all("select * from report.check_inquiry") == []
    return asked_house


def test_each_fault_of_an_inquiry_is_found(answered: Any) -> None:
    """One after another, each in a transaction that is taken back: the thread is made once."""
    found = {}
    for fault, statements in PLANTED_INQUIRIES.items():
        with answered.admin.transaction(force_rollback=True):
            answered.admin.execute("set local session_replication_role = replica")
            for statement in statements.split(";"):
                answered.admin.execute(statement)
            rows = answered.admin.execute("select fault from report.check_inquiry").fetchall()
            found[fault] = {row.fault.split(" | ")[0] for row in rows}
    assert found == {fault: {fault} for fault in PLANTED_INQUIRIES}
    assert answered.checks() == {}
    # Keys are looked at for whoever runs the checks
    answered.admin.execute("set session_replication_role = replica")
    answered.admin.execute(
        "update mail.inquiry_message_party set data_key_id = data_key_id + 1000 where raw is not null"
    )
    assert answered.checks() == {"check_inquiry": 1}


def test_a_template_that_is_gone_is_told_to_a_person(sent: Any) -> None:
    sent.admin.execute("update mail.mail_template set ended_at = now()")
    an_order(sent)
    sent.settle()
    assert [mail.state for mail in mails(sent)] == ["sent", "refused"]
    (row,) = sent.inbox()
    assert (row.reason, row.subject) == ("mail_refused", f"mail {mails(sent)[1].mail_id}")
    assert "template is gone" in row.detail
