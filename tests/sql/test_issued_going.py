"""What would be handed out with a mail, what a document would state, and the copies that go with mails."""

import psycopg
import pytest

import sql
from sql.errors import ChangedMeanwhile, DaichoError, NotAllowed, WrongState
from tests.sql.issuing import bought, issue, shipped
from tests.sql.test_issued import desk, refund, stocked

__all__ = ["desk", "stocked"]


def going(connection, order, kind="invoice", mail=None):
    (row,) = sql.call(connection, "document.issued_going", order, kind, mail)
    return row


def test_what_would_go_is_said_and_nothing_is_issued(worker, admin, stocked, desk, as_staff):
    order = shipped(worker, stocked, bought("1", (1, 110, "0.1")))
    support = as_staff("support")
    assert tuple(going(support, order)) == (None, None, 1, None)
    assert "請求書がありません" in going(support, order, "return_invoice").refusal
    assert sql.call(support, "document.issued_going", order, "delivery_note", None) == []
    stranger = as_staff("accounting")
    admin.execute("update staff.account set sees_all_shops = false where login_name = 'accounting'")
    assert sql.call(stranger, "document.issued_going", order, "invoice", None) == []
    number = issue(worker, desk, order).issued_document_id
    assert tuple(going(support, order)) == (number, "I-0000001", 1, None)
    # One original of the family: that one goes, whichever of the two was asked for
    assert going(support, order, "simplified_invoice").document_no == "I-0000001"
    sql.value(worker, "document.issued_copy_note", number, "issue", desk, 1)
    assert going(support, order).copy_no == 2
    refund(admin, order, 11)
    assert going(support, order, "return_invoice").issued_document_id is None
    returned = issue(worker, desk, order, "return_invoice").issued_document_id
    assert going(support, order, "return_invoice").issued_document_id == returned
    refund(admin, order, 11, "R2")
    assert going(support, order, "return_invoice").issued_document_id is None
    with pytest.raises(NotAllowed):
        sql.call(as_staff("warehouse"), "document.issued_going", order, "invoice", None)


def test_a_trial_states_what_would_be_issued_and_uses_no_number(
    worker, admin, stocked, desk, as_staff
):
    order = shipped(worker, stocked, bought("1", (2, 110, "0.1"), (1, 108, "0.08")))
    manager = as_staff("manager")

    def trial(kind="invoice"):
        return sql.value(manager, "document.issued_trial", order, kind)

    tried = trial()
    assert tried["document_no"] == "I-0000000"
    counted = "select (select count(*) from document.issued_document) + (select count(*) from document.issue_counter) as n"
    assert admin.execute(counted).fetchone().n == 0
    found = issue(worker, desk, order)
    # The first number is still there
    assert found.facts["document_no"] == "I-0000001"
    assert tried | {"document_no": "I-0000001"} == found.facts
    # Of one that is there, and of a return, it is the same
    assert trial() == tried
    with pytest.raises(WrongState):
        trial("return_invoice")
    refund(admin, order, 11)
    assert trial("return_invoice")["original_no"] == "I-0000001"
    with pytest.raises(WrongState):
        trial("simplified_invoice")
    with pytest.raises(NotAllowed):
        sql.value(as_staff("support"), "document.issued_trial", order, "invoice")
    admin.execute("update staff.account set sees_all_shops = false where login_name = 'manager'")
    with pytest.raises(DaichoError):
        trial()


def test_a_copy_that_goes_with_a_mail_is_the_one_that_it_was_written_as(
    worker, admin, stocked, desk
):
    order = shipped(worker, stocked, bought("1", (1, 110, "0.1")))
    number = issue(worker, desk, order).issued_document_id
    mails = [
        admin.execute(
            "insert into mail.mail (shop_id, sales_order_id, mail_event, template_code, again_no)"
            " values (%s, %s, 'shipped', 'shipped', %s) returning mail_id",
            (stocked.shops["one"], order, again),
        ).fetchone()[0]
        for again in range(2)
    ]

    def noted(copy_no, mail):
        sql.call(worker, "document.issued_mail_note", number, copy_no, desk, mail)

    noted(1, mails[0])
    # The mail tries again
    noted(1, mails[0])
    for copy_no, mail in ((1, mails[1]), (3, mails[1]), (2, mails[0])):
        with pytest.raises(ChangedMeanwhile):
            noted(copy_no, mail)
    noted(2, mails[1])
    assert going(worker, order, mail=mails[0]).copy_no == 1
    assert going(worker, order).copy_no == 3
    with pytest.raises(psycopg.errors.CheckViolation):
        admin.execute(
            "insert into document.issued_copy (issued_document_id, copy_no, copy_act, account_id) values (%s, 3, 'print', 1)",
            (number,),
        )
