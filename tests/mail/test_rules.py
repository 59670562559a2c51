"""What happens to an order becomes its mails: by rule, once each, and only while it is true."""

import io
from typing import Any

import pypdfium2
import pytest

import sql
from tests.mail.post import Post
from tests.sync.people import an_account, as_staff

WARES = {"hinode-1": "sen/100", "minato-1": "SEN-100"}


def rule_on(house: Any, event: str, wait: str = "0", **more: Any) -> int:
    row = house.one(
        "update mail.mail_rule set is_on = true, wait = %s::interval, keeps_quiet = coalesce(%s, keeps_quiet), condition = %s"
        " where mail_event = %s returning mail_rule_id",
        wait,
        more.get("keeps_quiet"),
        sql.Json(more["condition"]) if "condition" in more else None,
        event,
    )
    return int(row.mail_rule_id)


def mails(house: Any) -> list[Any]:
    return house.all(
        "select mail.mail_id, mail_event::text as event, state::text as state, reason, sales_order_id, template_code::text as template_code,"
        " party.to_address, party.subject, party.body from mail.mail left join mail.mail_party as party using (mail_id) order by mail.mail_id"
    )


def an_order(house: Any, mall: str = "hinode-1", **more: Any) -> Any:
    placed = house.world.place_order(mall, [(WARES[mall], 1)], **more)
    house.pull(mall)
    return house.one(
        "select * from sales.sales_order join sales.sales_order_party using (sales_order_id) where external_order_no = %s",
        placed.order_no,
    )


@pytest.fixture
def shop(mailing_house: Any) -> Any:
    mailing_house.settle()
    return mailing_house


def test_a_received_order_is_confirmed_once(shop, post: Post):
    rule_on(shop, "order_received")
    order = an_order(shop)
    shop.settle()
    (mail,) = mails(shop)
    assert (mail.event, mail.state, mail.to_address) == (
        "order_received",
        "sent",
        order.buyer_email,
    )
    (got,) = post.mails
    assert got["To"] == order.buyer_email
    assert order.external_order_no in got["Subject"]
    text = got.get_body(("plain",)).get_content()
    assert order.buyer_name in text
    assert f"¥{order.total:,.0f}" in text
    assert "{{" not in text
    assert str(mail.mail_id) in post.kept[0][0]
    assert post.kept[0][0].startswith("bounce+")
    # The same page again changes nothing
    shop.pull("hinode-1")
    shop.settle()
    assert len(post.kept) == 1
    assert shop.checks() == {}


def test_without_a_rule_or_with_the_switch_off_nothing_goes(shop, post: Post):
    an_order(shop)
    shop.settle()
    assert mails(shop) == []
    rule_on(shop, "order_received")
    sql.call(shop.connection, "transit.outgoing_set", "mail", False)
    an_order(shop)
    shop.settle()
    assert [mail.state for mail in mails(shop)] == ["due"]
    assert post.kept == []
    sql.call(shop.connection, "transit.outgoing_set", "mail", True)
    shop.settle()
    assert len(post.kept) == 1


def test_what_is_no_longer_true_is_not_sent_and_says_why(shop, post: Post):
    for event in ("order_received", "cancelled"):
        rule_on(shop, event)
    order = an_order(shop)
    sql.call(shop.connection, "sales.order_cancel", order.sales_order_id, "buyer")
    shop.settle()
    found = {mail.event: mail for mail in mails(shop)}
    assert found["order_received"].state == "skipped"
    assert "cancelled" in found["order_received"].reason
    assert found["cancelled"].state == "sent"
    assert [got["Subject"].split("】")[1][:6] for got in post.mails] == ["ご注文をキャ"]


def test_a_shipped_order_says_its_number(shop, post: Post):
    rule_on(shop, "shipped")
    order = an_order(shop)
    shop.settle()
    sql.call(
        shop.connection, "shipping.shipment_post", order.sales_order_id, "yamato", "1234-5678-9012"
    )
    shop.settle()
    (got,) = post.mails
    text = got.get_body(("plain",)).get_content()
    assert "1234-5678-9012" in text
    assert "ヤマト" in text


def test_a_rule_waits_and_a_condition_is_looked_at_when_it_is_due(shop, post: Post):
    rule_on(shop, "order_received", "1 hour")
    an_order(shop)
    shop.settle()
    assert post.kept == []
    shop.one("update mail.mail set due_at = now() returning mail_id")
    shop.settle()
    assert len(post.kept) == 1
    rule_on(shop, "order_received", condition={"column": "total", "op": "gt", "value": 10_000_000})
    an_order(shop)
    shop.settle()
    assert [mail.state for mail in mails(shop)] == ["sent", "skipped"]
    assert len(post.kept) == 1


def test_quiet_hours_hold_a_mail_back_until_they_end(shop, post: Post):
    rule_on(shop, "order_received")
    shop.all("update mail.mail_account set quiet_weekdays = '{1,2,3,4,5,6,7}' returning shop_id")
    an_order(shop)
    shop.settle()
    assert [mail.state for mail in mails(shop)] == ["due"]
    shop.all("update mail.mail_account set quiet_weekdays = '{}' returning shop_id")
    shop.settle()
    assert len(post.kept) == 1


def test_a_late_mail_is_not_sent_by_itself(shop, post: Post):
    rule_on(shop, "order_received")
    sql.call(shop.connection, "transit.outgoing_set", "mail", False)
    an_order(shop)
    shop.one("update mail.mail set due_at = now() - interval '4 days' returning mail_id")
    sql.call(shop.connection, "transit.outgoing_set", "mail", True)
    shop.settle()
    (mail,) = mails(shop)
    assert mail.state == "skipped"
    assert "too late" in mail.reason
    assert post.kept == []


def test_a_past_order_gets_no_mail(shop):
    rule_on(shop, "order_received")
    shop.one(
        "insert into sales.sales_order (shop_id, warehouse_id, first_message_id, changed_at, ordered_at, is_history, draft_digest, item_total, shipping_fee,"
        " fee_total, discount_total, points_used, total_computed, status, payment_method, currency_code, external_order_no)"
        " select shop_id, warehouse_id, 1, now(), now(), true, gen_random_uuid(), 0, 0, 0, 0, 0, 0, 'received', 'card', 'JPY', 'past-1' from channel.shop"
        " order by shop_id limit 1 returning sales_order_id"
    )
    assert mails(shop) == []


def test_the_pace_of_an_account_is_kept(shop, post: Post):
    rule_on(shop, "order_received")
    shop.all("update mail.mail_account set per_minute = 2 returning shop_id")
    for _ in range(4):
        an_order(shop)
    shop.settle()
    assert len(post.kept) == 2
    assert [mail.state for mail in mails(shop)] == ["sent", "sent", "due", "due"]


def test_forgetting_an_order_forgets_its_mails(shop, post: Post):
    rule_on(shop, "order_received")
    order = an_order(shop)
    shop.settle()
    assert mails(shop)[0].body is not None
    sql.call(shop.connection, "sales.order_cancel", order.sales_order_id, "buyer")
    sql.call(shop.connection, "customer.forget", order.sales_order_id)
    (mail,) = mails(shop)
    assert (mail.to_address, mail.subject, mail.body) == (None, None, None)


def test_a_rule_takes_its_condition_from_a_saved_search_of_orders(shop, post: Post):
    rule = rule_on(shop, "order_received")
    manager = an_account(shop.admin, "manager")
    with as_staff(shop, manager) as web:
        search = {
            name: web.execute(
                "insert into staff.saved_search (relation, search_name, condition) values (%s, %s, %s) returning saved_search_id",
                (relation, name, sql.Json(condition)),
            ).fetchone()[0]
            for name, relation, condition in (
                (
                    "大口 | Large",
                    "sales.sales_order",
                    {"column": "total", "op": "ge", "value": 10_000_000},
                ),
                ("商品 | Goods", "catalog.sku", {}),
            )
        }
        sql.call(web, "mail.rule_condition_take", rule, search["大口 | Large"])
        with pytest.raises(sql.errors.WrongState):
            sql.call(web, "mail.rule_condition_take", rule, search["商品 | Goods"])
    an_order(shop)
    shop.settle()
    with as_staff(shop, manager) as web:
        sql.call(web, "mail.rule_condition_take", rule, None)
    an_order(shop)
    shop.settle()
    assert [mail.state for mail in mails(shop)] == ["skipped", "sent"]


def test_a_document_goes_with_the_mail(shop, post: Post):
    rule_on(shop, "shipped")
    shop.all(
        "update mail.mail_template set attached_kind = 'delivery_note' where template_code = 'shipped' returning 1"
    )
    order = an_order(shop)
    shop.settle()
    sql.call(
        shop.connection, "shipping.shipment_post", order.sales_order_id, "yamato", "1234-5678-9012"
    )
    shop.settle()
    (got,) = post.mails
    (file,) = got.iter_attachments()
    assert file.get_filename() == f"納品書-{order.order_no}.pdf"
    document = pypdfium2.PdfDocument(io.BytesIO(file.get_content()))
    text = document[0].get_textpage().get_text_range()
    assert order.external_order_no in text
    assert "1234-5678-9012" in got.get_body(("plain",)).get_content()
