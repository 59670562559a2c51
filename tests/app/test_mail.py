"""Mail by the page: what went, and who may see it."""

import re
from typing import Any

import pytest

from tests.app.mailroom import FILE, PEOPLE_UNSEEN, a_mail, one, worker
from tests.app.shopfront import Person, take_order

__all__ = ["worker"]


@pytest.fixture
def sent(admin: Any, worker: Any, settings: Any, first_order: int) -> int:
    return a_mail(admin, worker, settings, first_order)


def test_a_mail_is_read_as_it_went(owner: Person, sent: int) -> None:
    page = owner.get(f"/mail/mail/show/{sent}")
    assert page.status_code == 200
    assert f'data-lazy="/mails/{sent}/part"' in page.text
    part = owner.get(f"/mails/{sent}/part")
    for words in (
        "hanako@example.com",
        "ご注文ありがとうございます",
        "山田 花子 様",
        "送信サーバーに渡しました",
    ):
        assert words in part.text
    assert "<script>" not in part.text
    # Its time is said as all others are, not as a header of mail
    assert not re.search(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d{4}", part.text)
    owner.post("/language/en")
    assert "Handed to the mail server." in owner.get(f"/mails/{sent}/part").text


def test_the_html_of_a_mail_runs_and_loads_nothing(owner: Person, sent: int) -> None:
    frame = owner.get(f"/mails/{sent}/html")
    assert frame.status_code == 200
    policy = frame.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "; sandbox;" in policy
    assert "script-src" not in policy
    assert "http" not in policy
    assert "ありがとう" in frame.text
    assert 'sandbox src="/mails/' in owner.get(f"/mails/{sent}/part").text
    # Every other page keeps its own policy
    assert "frame-ancestors 'none'" in owner.get("/").headers["Content-Security-Policy"]


def test_what_went_with_a_mail_is_fetched_byte_for_byte(owner: Person, sent: int) -> None:
    assert f'href="/mails/{sent}/file/1"' in owner.get(f"/mails/{sent}/part").text
    file = owner.get(f"/mails/{sent}/file/1")
    assert file.data == FILE.content
    assert file.headers["Content-Type"] == "application/pdf"
    said = file.headers["Content-Disposition"]
    assert said.startswith("attachment")
    assert "I-0000001.pdf" in said
    assert file.headers["Cache-Control"] == "no-store"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    for place in (0, 2, 10**12):
        assert owner.get(f"/mails/{sent}/file/{place}").status_code == 404


@pytest.mark.parametrize("role", PEOPLE_UNSEEN)
def test_who_may_not_see_people_reads_no_mail(signed_in: Any, role: str, sent: int) -> None:
    person = signed_in(role)
    for address in (
        f"/mails/{sent}/part",
        f"/mails/{sent}/html",
        f"/mails/{sent}/file/1",
        f"/mail/mail/show/{sent}",
    ):
        assert person.get(address).status_code == 403, address


def test_nobody_reads_a_mail_without_signing_in(nobody: Person, sent: int) -> None:
    assert nobody.get(f"/mails/{sent}/part").status_code in (302, 401)


def test_mails_of_other_shops_are_as_if_they_were_not(
    app: Any, admin: Any, sent: int, passwords: Any
) -> None:
    person = Person(app)
    assert person.sign_in(*passwords["order_desk"]).status_code == 302
    assert person.get(f"/mails/{sent}/part").status_code == 200
    account = "update staff.account set sees_all_shops = %s where login_name = 'the_order_desk'"
    admin.execute(account, [False])
    try:
        for address in (
            f"/mails/{sent}/part",
            f"/mails/{sent}/html",
            f"/mails/{sent}/file/1",
            f"/mail/mail/show/{sent}",
        ):
            assert person.get(address).status_code == 404, address
    finally:
        admin.execute(account, [True])


def test_a_forgotten_mail_says_so(owner: Person, admin: Any, worker: Any, settings: Any) -> None:
    order = take_order(worker, "M-forget")
    mail_id = a_mail(admin, worker, settings, order)
    assert "山田 花子 様" in owner.get(f"/mails/{mail_id}/part").text
    forgot = owner.post(
        "/sales/sales_order/act/customer.forget", {"rowid": str(order), "confirm": "1"}
    )
    assert forgot.status_code == 302
    part = owner.get(f"/mails/{mail_id}/part").text
    assert "消去したので" in part
    assert "hanako" not in part
    assert owner.get(f"/mails/{mail_id}/html").status_code == 404


def test_the_slip_of_an_order_lists_its_mails(owner: Person, sent: int, first_order: int) -> None:
    page = owner.get(f"/sales/sales_order/show/{first_order}").text
    places = [
        owner.get(f"/sales/sales_order/related/{n}/{first_order}").text
        for n in range(10)
        if f"related/{n}/" in page
    ]
    (mails,) = [text for text in places if f"/mail/mail/show/{sent}" in text]
    assert "送信済み" in mails


def test_a_mail_that_nobody_knows_of_is_settled(
    owner: Person, admin: Any, worker: Any, settings: Any
) -> None:
    order = take_order(worker, "M-unknown")
    mail_id = a_mail(admin, worker, settings, order, state="unknown")
    page = owner.get(f"/mail/mail/show/{mail_id}").text
    assert "mail.mail_settle" in page
    assert "mail.mail_again" not in page
    said = {"rowid": str(mail_id), "confirm": "1", "p_went": "y"}
    assert owner.post("/mail/mail/act/mail.mail_settle", said).status_code == 302
    state = "select state::text as state from mail.mail where mail_id = %s"
    assert one(admin, state, mail_id).state == "sent"
    page = owner.get(f"/mail/mail/show/{mail_id}").text
    assert "mail.mail_settle" not in page
    assert "mail.mail_again" in page
