"""A mail to chosen orders by the page: who gets it, who does not, and how far it is."""

from typing import Any

import pytest

from tests.app.mailroom import PEOPLE_UNSEEN, notice, one, worker
from tests.app.shopfront import Person, take_order

__all__ = ["notice", "worker"]


def test_chosen_orders_are_looked_at_sent_and_followed(
    owner: Person, admin: Any, worker: Any, notice: str
) -> None:
    orders = [take_order(worker, f"M-set-{n}") for n in range(3)]
    admin.execute(
        "update sales.sales_order_party set buyer_email = null where sales_order_id = %s",
        [orders[2]],
    )
    assert 'formaction="/mailings/choose"' in owner.get("/sales/sales_order/list/").text
    said = {"rowid": [str(one_) for one_ in orders], "template_code": notice}
    page = owner.post("/mailings/choose", said)
    assert page.status_code == 200
    assert "2件に送る" in page.text
    assert "1件には送りません" in page.text
    assert "メールアドレスがありません。" in page.text
    shown = owner.post(
        "/mailings/preview.json", {"template_code": notice, "sales_order_id": str(orders[0])}
    )
    assert shown.get_json()["text"].startswith("山田 花子 様")
    ids = ",".join(str(one_) for one_ in orders[:2])
    begun = owner.post("/mailings/begin", {"template_code": notice, "label": "休業", "ids": ids})
    assert begun.status_code == 302
    number = int(begun.location.rpartition("/")[2])
    show = owner.get(f"/mail/mailing/show/{number}").text
    assert f'data-lazy="/mailings/{number}/part"' in show
    part = owner.get(f"/mailings/{number}/part").text
    assert "0 / 2" in part
    assert "送信待ち" in part
    assert "data-again" in part
    # The same template is sent to an order once
    page = owner.post("/mailings/choose", said).text
    assert "もう送りました" in page
    assert "disabled" in page
    stopped = owner.post(
        "/mail/mailing/act/mail.mailing_stop", {"rowid": str(number), "confirm": "1"}
    )
    assert stopped.status_code == 302
    assert "止めています" in owner.get(f"/mailings/{number}/part").text
    assert "mail.mailing_resume" in owner.get(f"/mail/mailing/show/{number}").text
    admin.execute(
        "update mail.mail set state = 'stopped', ended_at = now() where mailing_id = %s", [number]
    )
    part = owner.get(f"/mailings/{number}/part").text
    assert "2 / 2" in part
    assert "data-again" not in part
    # A stopped one is not begun anew by a set, and the look says so
    assert "取りやめた一通があります" in owner.post("/mailings/choose", said).text


def test_a_set_without_orders_or_with_nonsense_is_refused(owner: Person, notice: str) -> None:
    assert owner.post("/mailings/choose", {}).status_code == 302
    for ids in ("", "x", "1,drop", "9" * 30):
        said = {"template_code": notice, "label": "x", "ids": ids}
        answer = owner.post("/mailings/begin", said)
        assert answer.status_code == 302
        assert "/sales/sales_order/list" in answer.location
    many = ",".join(str(n) for n in range(1, 5_002))
    said = {"template_code": notice, "label": "x", "ids": many}
    assert "5,000" in owner.post("/mailings/begin", said, follow_redirects=True).text


def test_advertising_goes_to_who_agreed(
    owner: Person, admin: Any, worker: Any, notice: str
) -> None:
    order = take_order(worker, "M-advert")
    buyer = one(admin, "insert into customer.customer default values returning customer_id")
    admin.execute(
        "update sales.sales_order set customer_id = %s where sales_order_id = %s",
        [buyer.customer_id, order],
    )
    said = {"rowid": str(order), "template_code": notice}
    admin.execute(
        "update mail.mail_template set is_advertising = true where template_code = %s", [notice]
    )
    try:
        assert "広告メールの同意がありません" in owner.post("/mailings/choose", said).text
        customer = one(
            admin,
            "select customer_id, shop_id from sales.sales_order where sales_order_id = %s",
            order,
        )
        agreed = {
            "rowid": str(customer.customer_id),
            "confirm": "1",
            "p_shop_id": str(customer.shop_id),
            "p_is_given": "y",
            "p_how": "電話で",
        }
        assert owner.post("/customer/customer/act/mail.consent_set", agreed).status_code == 302
        assert "1件に送る" in owner.post("/mailings/choose", said).text
    finally:
        admin.execute(
            "update mail.mail_template set is_advertising = false where template_code = %s",
            [notice],
        )


@pytest.mark.parametrize("role", PEOPLE_UNSEEN)
def test_who_may_not_see_people_sends_nothing(
    signed_in: Any, role: str, first_order: int, notice: str
) -> None:
    person = signed_in(role)
    said = {"rowid": str(first_order), "sales_order_id": str(first_order), "ids": str(first_order)}
    for address in ("choose", "begin", "preview.json", "preview.html"):
        answer = person.post(f"/mailings/{address}", {**said, "template_code": notice})
        assert answer.status_code == 403, address


def test_orders_of_other_shops_are_neither_shown_nor_sent_to(
    app: Any, admin: Any, first_order: int, passwords: Any, notice: str
) -> None:
    person = Person(app)
    assert person.sign_in(*passwords["order_desk"]).status_code == 302
    account = "update staff.account set sees_all_shops = %s where login_name = 'the_order_desk'"
    said = {"template_code": notice, "sales_order_id": str(first_order)}
    assert person.post("/mailings/preview.json", said).status_code == 200
    admin.execute(account, [False])
    try:
        assert person.post("/mailings/preview.json", said).status_code == 404
        begun = person.post(
            "/mailings/begin", {"template_code": notice, "label": "x", "ids": str(first_order)}
        )
        assert begun.status_code == 302
        mails = one(
            admin,
            "select count(*) as mails from mail.mail where sales_order_id = %s and template_code = %s",
            first_order,
            notice,
        ).mails
        assert mails == 0
    finally:
        admin.execute(account, [True])
