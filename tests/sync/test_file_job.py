"""A file sent on the import page: encrypted while it waits, gone when it is in."""

import gzip
import os
import time
import uuid

import pytest

import sql
from sync import jobs
from sync.file_import import (
    ImportWrong,
    find_shop,
    map_layout,
    refuse_foreign,
    write_maps,
)
from sync.file_job import KEPT_S, folder_of, opened, remove_old
from sync.vault import Vault
from tests.sync.people import an_account, as_staff, request

NAME = "Yamada Taro"
TEXT = (
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    f"536365,22111,BOTTLE for {NAME},2,2011-08-01 10:00:00,1.50,17850,United Kingdom\n"
).encode()
ORDERS = "select count(*) from sales.sales_order join channel.shop using (shop_id) where shop_code = 'uk'"


@pytest.fixture
def manager(house):
    write_maps(house.connection)
    return an_account(house.admin, "manager")


def stored(house, text=TEXT, end=""):
    folder = folder_of(house.settings.data)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid.uuid4().hex}{end}"
    path.write_bytes(text)
    return path


def asked(house, manager, path, *, is_dry_run):
    shop_id = house.one("select shop_id from channel.shop where shop_code = 'uk'").shop_id
    with as_staff(house, manager) as web:
        number = sql.value(
            web,
            "transit.file_import_ask",
            shop_id,
            "online_retail",
            True,
            is_dry_run,
            "o.csv",
            path.name,
        )
    job = house.one(
        "select job_request_id from transit.file_import where file_import_id = %s", number
    ).job_request_id
    jobs.run_request(job)
    return request(house, job)


@pytest.mark.parametrize(("end", "packed"), [("", bytes), (".gz", gzip.compress)])
def test_a_file_that_was_looked_at_waits_sealed_and_goes_when_it_is_in(house, manager, end, packed):
    path = stored(house, packed(TEXT), end)
    looked = asked(house, manager, path, is_dry_run=True)
    assert looked.answer["orders_accepted"] == 1
    held = path.read_bytes()
    assert NAME.encode() not in held
    assert not held.startswith(packed(TEXT)[:4])
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir() if one.name.startswith(path.stem)] == [
        path.name
    ]
    with opened(path, Vault(house.settings.secret_keys)) as stream:
        assert stream.read() == TEXT
    assert house.one(ORDERS).count == 0
    # looked at twice it is sealed once
    assert asked(house, manager, path, is_dry_run=True).answer["orders_accepted"] == 1
    assert path.read_bytes() == held
    assert asked(house, manager, path, is_dry_run=False).answer["orders_accepted"] == 1
    assert house.one(ORDERS).count == 1
    assert not path.exists()


def test_a_file_that_cannot_be_read_does_not_lie_open_either(house, manager):
    path = stored(house, b"a,b\n" + NAME.encode() + b",2\n")
    looked = asked(house, manager, path, is_dry_run=True)
    assert "InvoiceNo" in looked.error
    assert NAME.encode() not in path.read_bytes()


def test_a_look_tells_orders_that_are_known(house, manager):
    text = TEXT.replace(b"536365", b"536399")
    more = text + text.splitlines()[1].replace(b"536399", b"536400") + b"\n"
    changed = more.replace(b",2,2011", b",3,2011", 1)
    asked(house, manager, stored(house, text), is_dry_run=False)
    orders = house.one("select count(*) from sales.sales_order").count
    messages = house.one("select count(*) from transit.message").count
    for file, accepted, unchanged, differs in (
        (text, 0, 1, 0),
        (more, 1, 1, 0),
        (changed, 1, 0, 1),
    ):
        answer = asked(house, manager, stored(house, file), is_dry_run=True).answer
        found = (answer["orders_accepted"], answer["unchanged"], answer["orders_changed"])
        assert found == (accepted, unchanged, differs)
    assert house.one("select count(*) from sales.sales_order").count == orders
    assert house.one("select count(*) from transit.message").count == messages


@pytest.mark.parametrize(
    ("shop", "words"),
    [("hinode-1", "hinode-1 is no shop of files"), ("yen", "is in GBP, shop yen in JPY")],
)
def test_a_file_goes_into_a_shop_of_files_of_its_currency_alone(house, manager, shop, words):
    house.admin.execute(
        "insert into channel.shop (shop_code, shop_name, channel_code, warehouse_id, currency_code)"
        " select 'yen', 'yen', 'file', min(warehouse_id), 'JPY' from stock.warehouse on conflict do nothing"
    )
    (shop_id,) = house.one("select shop_id from channel.shop where shop_code = %s", shop)
    before = house.one("select count(*) from transit.file_import")
    with as_staff(house, manager) as web, pytest.raises(sql.errors.WrongState, match=words):
        sql.value(
            web, "transit.file_import_ask", shop_id, "online_retail", True, True, "o.csv", "x"
        )
    assert house.one("select count(*) from transit.file_import") == before
    found = find_shop(house.connection, shop)
    with pytest.raises(ImportWrong, match=words):
        refuse_foreign(found, "online_retail", map_layout(house.connection, "online_retail"))


def test_a_file_of_another_key_is_a_sentence(house, manager):
    path = stored(house)
    asked(house, manager, path, is_dry_run=True)
    # a file is bound to its name: what was sealed as another one does not open
    moved = path.rename(path.with_name(uuid.uuid4().hex))
    assert "send it again" in asked(house, manager, moved, is_dry_run=False).error


def test_a_file_that_nobody_took_in_is_removed_after_a_day(house, manager):
    old, new = stored(house), stored(house)
    past = time.time() - KEPT_S - 1
    os.utime(old, (past, past))
    assert remove_old(house.settings.data) == 1
    assert not old.exists()
    assert new.exists()
    new.unlink()
