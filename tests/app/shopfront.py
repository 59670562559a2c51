"""Who sits in front of the screens in these tests, and what the shop has."""

import itertools
import re
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import sql
from app import people

ROLES = (
    "owner",
    "manager",
    "order_desk",
    "support",
    "warehouse",
    "purchasing",
    "merchandiser",
    "accounting",
    "analyst",
    "outside_warehouse",
)
SEED = """
with channel as (
    insert into channel.channel (channel_code, label) values ('test', '試験モール | Test mall') returning channel_code
), warehouse as (
    insert into stock.warehouse (warehouse_code, warehouse_name) values ('w1', '本社倉庫') returning warehouse_id
), shop as (
    insert into channel.shop (shop_code, shop_name, channel_code, warehouse_id)
    select 'tea', '茶の店', channel_code, warehouse_id from channel, warehouse returning shop_id
), product as (
    insert into catalog.product (product_code, product_name)
    select 'p' || n, '商品' || n from generate_series(1, 300) as n returning product_id, product_code
), sku as (
    insert into catalog.sku (product_id, sku_code, sku_name, list_price)
    select product_id, product_code || '-s', '品' || product_code, 1000 from product returning sku_id, sku_code
)
insert into channel.listing (shop_id, sku_id, external_listing_no)
select shop_id, sku_id, sku_code from shop, sku
"""
_PERSON = """
with login as (
    insert into staff.ab_user (first_name, last_name, username, password, email)
    values (:login, '', :login, :password, cast(:login as text) || '@localhost') returning id
)
insert into staff.account (login_name, display_name, staff_role, locale, sees_all_shops, sees_all_warehouses, user_id)
select :login, :login, :role, 'ja', true, true, login.id from login
"""
_address = itertools.count(1)


def another_address() -> str:
    """An address of this machine that nobody has asked from: sign-ins are counted by address."""
    number = next(_address)
    return f"127.1.{number // 250}.{number % 250 + 1}"


class Person:
    """Somebody in front of a browser: keeps cookies, sends the token of forms."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = another_address()
        self.language = "ja"

    def get(self, address: str, **rest: Any) -> TestResponse:
        return self.client.get(address, **rest)

    def token(self) -> str:
        return str(
            token_in(self.get("/password/").text or "") or token_in(self.get("/login/").text)
        )

    def post(self, address: str, data: dict[str, Any] | None = None, **rest: Any) -> TestResponse:
        if address.startswith("/language/"):
            self.language = address.removeprefix("/language/")
        return self.client.post(address, data={"csrf_token": self.token(), **(data or {})}, **rest)

    def sign_in(self, login: str, password: str, back: str = "") -> TestResponse:
        return self.post(f"/login/?next={back}", {"username": login, "password": password})


def a_person(app: Flask, login: str, role: str = "order_desk") -> tuple[str, str]:
    """An account that sees everything, with a web login; its login name and password."""
    password = people.password_new()
    with app.app_context():
        plain = app.extensions["sessions"].plain()
        plain.execute(
            sa.text(_PERSON),
            {"login": login, "role": role, "password": people.password_hash(password)},
        )
        plain.commit()
    return login, password


def token_in(page: str) -> str | None:
    found = re.search(r'name="csrf[_-]token" (?:content|value)="([^"]+)"', page)
    return found[1] if found else None


def errors_in(page: str) -> list[str]:
    return re.findall(r'class="err"[^>]*>(?:<svg.*?</svg>)?(.*?)</p>', page)


def take_order(worker: Any, number: str, note: str = "", **more: Any) -> int:
    """One order of two pieces of the first product, as a shop would send it; more of what it said."""
    (message,) = worker.execute(
        """
        insert into transit.message (shop_id, body_digest, external_no, changed_at)
        select shop_id, gen_random_uuid(), %(number)s, now() from channel.shop where shop_code = 'tea'
        returning message_id, shop_id
        """,
        {"number": number},
    ).fetchall()
    person = {
        "name": "山田 花子",
        "phone": "0312345678",
        "email": "hanako@example.com",
        "postal_code": "1000001",
        "region": "東京都",
        "country_code": "JP",
        "address_line1": "千代田区1-1",
    }
    draft = {
        "message_id": message.message_id,
        "shop_id": message.shop_id,
        "external_order_no": number,
        "changed_at": "2026-11-01T10:00:00+09:00",
        "ordered_at": "2026-11-01T10:00:00+09:00",
        "currency_code": "JPY",
        "payment_method": "cod",
        "total": 2000,
        "tax_inclusive": True,
        "is_cancelled": False,
        "is_history": False,
        "is_gift": False,
        "digest": "00000000-0000-0000-0000-000000000001",
        "identities": [],
        "buyer": person,
        "recipient": person,
        "buyer_note": note,
        "lines": [
            {
                "line_key": "1",
                "line_no": 1,
                "external_listing_no": "p1-s",
                "line_name": "茶",
                "quantity": 2,
                "unit_price": 1000,
            }
        ],
        "fees": [],
        "payments": [],
        **more,
    }
    rows = sql.call(worker, "sales.orders_accept", sql.Json([draft]))
    return int(rows[0].sales_order_id)


def take_paid_order(worker: Any, number: str) -> Any:
    """An order that was paid: its sales_order_id, order_no and total."""
    order_id = take_order(worker, number)
    row = worker.execute(
        "select sales_order_id, order_no, total from sales.sales_order where sales_order_id = %s",
        (order_id,),
    ).fetchone()
    sql.call(worker, "sales.payment_record", order_id, row.total, None, f"P-{number}")
    return row


def register(admin: Any) -> None:
    """The shop says who it is, with its registration number."""
    admin.execute(
        "insert into document.sender (shop_id, sender_name, invoice_registration_no)"
        " select shop_id, '日の出商店', 'T1180301018771' from channel.shop where shop_code = 'tea'"
        " on conflict (shop_id) do update set invoice_registration_no = excluded.invoice_registration_no"
    )
    admin.commit()
