"""What is wrong with a mail is found by its check, and what a person must mend stands in the inbox."""

from typing import Any

import pytest

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


def test_a_template_that_is_gone_is_told_to_a_person(sent: Any) -> None:
    sent.admin.execute("update mail.mail_template set ended_at = now()")
    an_order(sent)
    sent.settle()
    assert [mail.state for mail in mails(sent)] == ["sent", "refused"]
    (row,) = sent.inbox()
    assert (row.reason, row.subject) == ("mail_refused", f"mail {mails(sent)[1].mail_id}")
    assert "template is gone" in row.detail
