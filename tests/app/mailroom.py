"""Mails, templates and accounts that the tests of their pages begin with."""

from collections.abc import Iterator
from typing import Any

import pytest

import sql
from sync.render.mails import Written
from sync.render.messages import Attachment, Envelope, composed
from sync.vault import data_keys
from vault import Vault, mail_context

HTML = '<style>p{color:red}</style><p>ありがとう</p><img src="https://spy.example/x.png"><script>alert(1)</script>'
PEOPLE_UNSEEN = ("analyst", "warehouse", "merchandiser", "accounting", "purchasing")


@pytest.fixture(scope="module")
def worker(house: Any) -> Iterator[Any]:
    with sql.connect(house.worker, account_id=1) as connection:
        yield connection


FILE = Attachment(file_name="請求書-I-0000001.pdf", content=b"%PDF-1.7 as it went\n\x00\xff")


def a_mail(admin: Any, worker: Any, settings: Any, order: int, *, state: str = "sent") -> int:
    """A mail of an order as the worker would have left it."""
    row = one(
        admin,
        "select shop_id, external_order_no from sales.sales_order where sales_order_id = %s",
        order,
    )
    handed = state in ("sent", "unknown", "bounced")
    mail_id = one(
        admin,
        "insert into mail.mail (shop_id, sales_order_id, mail_event, template_code, state, handed_at, message_no, ended_at, attempt,"
        " again_no, reason)"
        " select %s, %s, 'order_received', 'order_received', %s, case when %s then now() end,"
        " case when %s then '<' || gen_random_uuid() || '@shop.example>' end, case when %s <> 'due' then now() end, 1,"
        " (select count(*) from mail.mail where sales_order_id = %s), case when %s = 'unknown' then '答えがありません。 | No answer.' end"
        " returning mail_id",
        row.shop_id, order, state, handed, handed, state, order, state,
    ).mail_id  # fmt: skip
    if handed:
        message = composed(
            Written(subject="ご注文ありがとうございます", text="山田 花子 様\n", html=HTML),
            Envelope(
                from_name="茶の店",
                from_address="shop@shop.example",
                to_address="hanako@example.com",
                reply_to="",
                message_no="<a@shop.example>",
                dated=one(admin, "select now() as at").at,
            ),
            [FILE],
        )
        keys = data_keys(worker, Vault(settings.secret_keys), row.shop_id, [row.external_order_no])
        body = keys.seal(row.external_order_no, mail_context(mail_id), message)
        admin.execute(
            "insert into mail.mail_party values (%s, %s, 'hanako@example.com', 'ご注文ありがとうございます', %s)",
            [mail_id, keys.id_of(row.external_order_no), body],
        )
    return int(mail_id)


def one(admin: Any, statement: str, *values: Any) -> Any:
    return admin.execute(statement, values).fetchone()


@pytest.fixture(scope="module")
def notice(house: Any) -> Iterator[str]:
    """A template for chosen orders, and a mail account of the shop."""
    with sql.connect(house.admin) as admin:
        admin.execute(
            "insert into mail.mail_template (template_code, template_name, mail_event, subject, text_body)"
            " values ('holiday', '休業のお知らせ | Holiday', 'chosen', '休業のお知らせ', '{{ buyer.name }} 様 {{ order.no }}')"
        )
        admin.execute(
            "insert into mail.mail_account (shop_id, from_address, smtp_host)"
            " select shop_id, 'shop@shop.example', '127.0.0.1' from channel.shop where shop_code = 'tea'"
            " on conflict do nothing"
        )
    yield "holiday"
    with sql.connect(house.admin) as admin:
        admin.execute(
            "update mail.mail_template set ended_at = now() where template_code = 'holiday'"
        )
