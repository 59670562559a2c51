"""A house whose shops send by a real SMTP server of this machine."""

from collections.abc import Iterator
from typing import Any

import pytest

import sql
from sync.shops import DatabaseSecrets
from tests.conftest import clone, drop
from tests.mail.boxes import SECRET, USER, Boxes
from tests.mail.post import Office, Post
from tests.sync.house import filled, house, house_database, settings, world

__all__ = ["filled", "house", "house_database", "settings", "world"]


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as running:
        yield running


@pytest.fixture
def post(office: Office) -> Post:
    return office.post


@pytest.fixture
def mailing_house(house: Any, office: Office) -> Any:
    """The house with mail on: an account for each mall's shop, the switch on, no rule on yet."""
    for shop_id in house.shop_ids.values():
        house.one(
            "insert into mail.mail_account (shop_id, from_address, from_name, smtp_host, smtp_port, smtp_security,"
            " per_minute, bounce_address) values (%s, 'shop@shop.example', 'お茶の店', '127.0.0.1', %s, 'none', 60000,"
            " 'bounce@shop.example') returning shop_id",
            shop_id,
            office.port,
        )
    sql.call(house.connection, "transit.outgoing_set", "mail", True)
    return house


@pytest.fixture(scope="module")
def loaded(server: Any, template: str) -> Iterator[Any]:
    """A connection to a database as it is loaded, with nothing in it."""
    database = clone(server, template)
    with sql.connect(database.admin) as admin:
        yield admin
    drop(server, database)


@pytest.fixture
def boxes() -> Iterator[Boxes]:
    with Boxes() as running:
        yield running


@pytest.fixture
def asked_house(mailing_house: Any, boxes: Boxes) -> Any:
    """The mailing house with a mailbox for the first mall's shop."""
    house, shop_id = mailing_house, mailing_house.shop_ids["hinode-1"]
    house.one(
        "insert into mail.mailbox (shop_id, imap_host, imap_port, imap_security, imap_user) values (%s, '127.0.0.1', %s, 'none', %s) returning shop_id",
        shop_id,
        boxes.port,
        USER,
    )
    DatabaseSecrets(lambda: house.connection, house.context.vault, shop_id).keep(
        {"imap_password": SECRET}
    )
    house.settle()
    # What the server begins with is none of ours
    for table in ("inquiry_message_party", "inquiry_message", "inquiry_party", "inquiry"):
        house.admin.execute(f"delete from mail.{table}")
    house.admin.execute("delete from mail.mail_return")
    return house
