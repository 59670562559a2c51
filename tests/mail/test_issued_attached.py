"""Invoices and receipts that go with mails: issued once, kept, noted; the original once, then marked copies."""

import io
import time
from typing import Any

import pypdfium2
import pytest

import sql
import sync.mail.server
import sync.mail.writing
from tests.mail.post import Post
from tests.mail.test_rules import an_order, mails, rule_on
from tests.sync.people import a_process, an_account, as_staff, killed
from tests.sync.test_issuing import findings, ledger, registered, run

# A worker that stops for ever where the document is numbered and nothing else has happened yet
STOPPED = """
import time
from sync import issuing, worker
issuing.files_set = lambda *_: time.sleep(600)
worker.main(["mail"])
"""


@pytest.fixture
def shop(mailing_house: Any) -> Any:
    mailing_house.settle()
    registered(mailing_house)
    return mailing_house


def attaches(house: Any, event: str, kind: str) -> None:
    """The rule of an event is on and its mail has a document with it."""
    rule_on(house, event)
    house.all(
        "update mail.mail_template set attached_kind = %s where template_code = %s returning 1",
        kind,
        event,
    )


def shipped(house: Any, order: Any) -> None:
    sql.call(
        house.connection, "shipping.shipment_post", order.sales_order_id, "yamato", "1234-5678-9012"
    )


def files(post: Post) -> list[tuple[str, str]]:
    """Name and text of the file of each mail, in the order in which they came."""
    found = []
    for mail in post.mails:
        (file,) = mail.iter_attachments()
        pages = pypdfium2.PdfDocument(io.BytesIO(file.get_content()))
        text = " ".join(page.get_textpage().get_text_range() for page in pages)
        found.append((file.get_filename(), text))
    return found


def copies(house: Any) -> list[tuple[Any, ...]]:
    rows = house.all(
        "select document_no, copy_no, copy_act::text as act, copy.account_id, copy.mail_id, copy.job_request_id"
        " from document.issued_copy as copy join document.issued_document using (issued_document_id) order by issued_copy_id"
    )
    return [tuple(row) for row in rows]


def test_an_invoice_is_issued_for_its_mail_and_goes_as_the_original(shop, post: Post):
    attaches(shop, "shipped", "invoice")
    order = an_order(shop)
    shop.settle()
    shipped(shop, order)
    shop.settle()
    (mail,) = mails(shop)
    assert mail.state == "sent"
    ((name, text),) = files(post)
    assert name == "請求書-I-0000001.pdf"
    assert order.external_order_no in text
    assert "写し" not in text
    (document,) = ledger(shop)
    assert (document.document_no, document.account_id) == ("I-0000001", 1)
    assert (document.mail_id, document.job_request_id) == (mail.mail_id, None)
    assert copies(shop) == [("I-0000001", 1, "mail", 1, mail.mail_id, None)]
    assert findings(shop) == []
    assert shop.checks() == {}


def test_what_was_handed_out_before_goes_as_a_marked_copy(shop, post: Post):
    attaches(shop, "shipped", "invoice")
    order = an_order(shop)
    shop.settle()
    sql.call(shop.connection, "transit.outgoing_set", "mail", False)
    shipped(shop, order)
    shop.settle()
    run(
        shop, an_account(shop.admin, "owner"), "issue_documents", document_kind="simplified_invoice"
    )
    sql.call(shop.connection, "transit.outgoing_set", "mail", True)
    shop.settle()
    # The order has one original of the family: that one goes
    ((name, text),) = files(post)
    assert name == "請求書-S-0000001.pdf"
    assert "写し 1" in text
    assert [(number, act) for _, number, act, *_ in copies(shop)] == [(1, "issue"), (2, "mail")]
    assert len(ledger(shop)) == 1


def test_what_cannot_be_issued_stops_its_mail_alone_and_says_why(shop, post: Post):
    attaches(shop, "order_received", "invoice")
    first = an_order(shop)
    shop.settle()
    (mail,) = mails(shop)
    assert mail.state == "refused"
    assert first.order_no in mail.reason
    assert "出荷前" in mail.reason
    assert [row.reason for row in shop.inbox()] == ["mail_refused"]
    assert (ledger(shop), copies(shop), post.kept) == ([], [], [])
    # Nor without a registration no.
    shop.admin.execute("update document.sender set invoice_registration_no = null")
    shipped(shop, first)
    with as_staff(shop, an_account(shop.admin, "support")) as desk:
        sql.call(desk, "mail.mail_again", mail.mail_id)
    shop.settle()
    assert "登録番号" in mails(shop)[-1].reason
    # When it can be, the one that a person sends again has it; as that person it was issued
    registered(shop)
    support = an_account(shop.admin, "support")
    with as_staff(shop, support) as desk:
        sql.call(desk, "mail.mail_again", mails(shop)[-1].mail_id)
    shop.settle()
    assert mails(shop)[-1].state == "sent"
    assert [row.account_id for row in ledger(shop)] == [support]
    assert copies(shop)[0][3] == support
    assert "写し" not in files(post)[0][1]
    # Numbers without gaps, whatever was refused
    assert ledger(shop)[0].document_no == "I-0000001"
    assert findings(shop) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("ended_at = now()", "頼んだ人はもういません"),
        ("staff_role = 'warehouse'", "この操作の権限がありません"),
    ],
)
def test_whoever_has_left_or_may_not_any_more_issues_nothing(shop, post: Post, change, words):
    attaches(shop, "shipped", "receipt")
    order = an_order(shop)
    shop.settle()
    shipped(shop, order)
    shop.settle()
    left = an_account(shop.admin, "support")
    (document,) = ledger(shop)
    with as_staff(shop, an_account(shop.admin, "owner")) as owner:
        sql.call(owner, "document.document_void", document.issued_document_id, "wrong_content")
    with as_staff(shop, left) as desk:
        sql.call(desk, "mail.mail_again", mails(shop)[0].mail_id)
    shop.one(f"update staff.account set {change} where account_id = %s returning 1", left)
    shop.settle()
    assert mails(shop)[-1].state == "refused"
    assert words in mails(shop)[-1].reason
    assert len(ledger(shop)) == 1


def test_a_worker_killed_after_issuing_neither_issues_nor_sends_twice(shop, post: Post, tmp_path):
    attaches(shop, "shipped", "invoice")
    order = an_order(shop)
    shop.settle()
    script = tmp_path / "stopped.py"
    script.write_text(STOPPED)
    with a_process(shop, str(script)) as process:
        shipped(shop, order)
        ends = time.monotonic() + 30
        while not ledger(shop):
            assert time.monotonic() < ends, "nothing was issued"
            shop.dispatcher.sweep(shop.connection)
            time.sleep(0.05)
        killed(process)
    assert copies(shop) == []
    assert (
        shop.one("select count(*) as n from document.issued_content where content_part = 'file'").n
        == 0
    )
    shop.admin.execute(
        "update mail.mail set lease_until = now() - interval '1 s' where lease is not null"
    )
    shop.context.redis.flushall()
    shop.settle()
    assert [mail.state for mail in mails(shop)] == ["sent"]
    assert [row.document_no for row in ledger(shop)] == ["I-0000001"]
    ((_, text),) = files(post)
    assert "写し" not in text
    assert [number for _, number, *_ in copies(shop)] == [1]
    assert findings(shop) == []


def test_sent_again_after_unknown_it_is_a_copy(shop, post: Post, monkeypatch):
    monkeypatch.setattr(sync.mail.server.Server.__init__, "__kwdefaults__", {"timeout_s": 1.0})
    attaches(shop, "shipped", "invoice")
    post.moods, post.hang_s = [("data", "keep and hang")], 3
    order = an_order(shop)
    shop.settle()
    shipped(shop, order)
    shop.settle()
    (mail,) = mails(shop)
    assert mail.state == "unknown"
    assert [number for _, number, *_ in copies(shop)] == [1]
    with as_staff(shop, an_account(shop.admin, "order_desk")) as desk:
        sql.call(desk, "mail.mail_settle", mail.mail_id, False)
    shop.one("update mail.account_gate set open_at = '-infinity' returning shop_id")
    shop.settle()
    assert [one.state for one in mails(shop)] == ["stopped", "sent"]
    (_, first), (_, again) = files(post)
    assert "写し" not in first
    assert "写し 1" in again
    assert len(ledger(shop)) == 1
    assert [number for _, number, *_ in copies(shop)] == [1, 2]


def test_refused_for_now_it_goes_later_as_the_same_original(shop, post: Post):
    attaches(shop, "shipped", "invoice")
    post.moods = [("data", "451 4.3.0 later")]
    order = an_order(shop)
    shop.settle()
    shipped(shop, order)
    shop.settle()
    assert [mail.state for mail in mails(shop)] == ["due"]
    shop.all("update mail.mail set due_at = now() returning mail_id")
    shop.settle()
    assert [mail.state for mail in mails(shop)] == ["sent"]
    assert "写し" not in files(post)[0][1]
    assert [number for _, number, *_ in copies(shop)] == [1]


def test_an_address_that_is_refused_has_cost_no_original(shop, post: Post):
    attaches(shop, "shipped", "invoice")
    order = an_order(shop)
    shop.settle()
    post.refused = {order.buyer_email: "550 5.1.1 no such user"}
    shipped(shop, order)
    shop.settle()
    assert [mail.state for mail in mails(shop)] == ["refused"]
    assert len(ledger(shop)) == 1
    assert copies(shop) == []


def test_printed_while_the_mail_was_written_it_goes_as_the_copy_that_it_is(
    shop, post: Post, monkeypatch
):
    attaches(shop, "shipped", "invoice")
    order = an_order(shop)
    shop.settle()
    plain, owner = sync.mail.writing.attached, an_account(shop.admin, "owner")
    done: list[int] = []

    def attached(*given: Any) -> Any:
        made = plain(*given)
        if not done:
            done.append(1)
            run(shop, owner, "print_issued")
        return made

    monkeypatch.setattr(sync.mail.writing, "attached", attached)
    shipped(shop, order)
    for _ in range(2):
        shop.settle()
    assert [mail.state for mail in mails(shop)] == ["sent"]
    ((_, text),) = files(post)
    assert "写し 1" in text
    assert [(number, act) for _, number, act, *_ in copies(shop)] == [(1, "print"), (2, "mail")]


def test_each_refund_has_its_return_invoice(shop, post: Post):
    order = an_order(shop)
    shop.settle()
    shipped(shop, order)
    run(shop, an_account(shop.admin, "owner"), "issue_documents", document_kind="invoice")
    attaches(shop, "refunded", "return_invoice")
    for number in (1, 2):
        shop.admin.execute(
            "insert into sales.payment (sales_order_id, paid_at, amount, payment_method, external_payment_no) values (%s, now(), -100, 'card', %s)",
            (order.sales_order_id, f"R{number}"),
        )
        shop.settle()
        with as_staff(shop, an_account(shop.admin, "support")) as desk:
            sql.call(desk, "mail.mail_again", mails(shop)[-1].mail_id)
        shop.settle()
    assert [(name, "写し" in text) for name, text in files(post)] == [
        ("返還請求書-C-0000001.pdf", False),
        ("返還請求書-C-0000001.pdf", True),
        ("返還請求書-C-0000002.pdf", False),
    ]
    assert findings(shop) == []


def test_a_shop_s_wrong_template_is_told_and_the_standard_one_goes(shop, post: Post):
    attaches(shop, "shipped", "invoice")
    order = an_order(shop)
    shop.settle()
    owner = an_account(shop.admin, "owner")
    with as_staff(shop, owner) as desk:
        body = '#let said = json("data.json")\n#panic("no")'
        number = sql.value(desk, "document.form_template_save", order.shop_id, "invoice", body)
    shop.admin.execute(
        "insert into document.form_trial (form_template_id, is_sound) values (%s, true)", (number,)
    )
    with as_staff(shop, owner) as desk:
        sql.call(desk, "document.form_template_take", number)
    shipped(shop, order)
    shop.settle()
    assert [mail.state for mail in mails(shop)] == ["sent"]
    assert "I-0000001" in files(post)[0][1]
    (row,) = shop.inbox()
    assert (row.reason, row.subject) == ("form_wrong", "I-0000001")
