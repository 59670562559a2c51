"""Many readers and a changing schema at once: nobody gets another's rows, nothing needs a restart."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.generation import CHECK_S
from tests.app.shopfront import Person


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads change places as often as can be: with the usual interval a race passes by luck."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_filters_of_readers_at_the_same_time_are_not_mixed(
    app: Flask, signed_in: Callable[[str], Person], restless: None
) -> None:
    cookie = signed_in("owner").client.get_cookie("daicho")
    assert cookie is not None
    wrong: list[str] = []

    def read(number: int) -> None:
        client = app.test_client()
        client.set_cookie("daicho", cookie.value)
        for turn in range(12):
            code = f"p{number * 12 + turn + 1}-s"
            page = client.get(f"/catalog/sku/list/?f.sku_code={code}&f.is_bundle=false").text
            if (
                page.count('name="rowid" value="p') + page.count("data-row=") != 1
                or f">{code}</a>" not in page
            ):
                wrong.append(code)
            query = f"(filters:!((col:sku_code,opr:eq,value:'{code}')),columns:!(sku_code))"
            found = client.get("/api/v1/catalog/sku/", query_string={"q": query}).get_json()
            if found["result"] != [{"sku_code": code}]:
                wrong.append(code)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_new_table_column_and_grant_are_there_within_seconds(owner: Person, admin: Any) -> None:
    assert owner.get("/own/note/list/").status_code == 404
    admin.execute(
        """
        create table own.note (note_id bigint generated always as identity primary key, said text not null);
        comment on table own.note is '覚え書き。 | Note. Ours.';
        grant select, insert on own.note to daicho_owner;
        """
    )
    try:
        time.sleep(CHECK_S + 0.1)
        assert "覚え書き" in owner.get("/").text
        assert owner.post("/own/note/add", {"said": "一"}).status_code == 302
        assert owner.get("/api/v1/own/note/").get_json()["count"] == 1
        admin.execute("alter table own.note add column x_colour text")
        admin.execute("comment on column own.note.x_colour is '色。 | Colour.'")
        time.sleep(CHECK_S + 0.1)
        assert "色" in owner.get("/own/note/add").text
        admin.execute("revoke insert on own.note from daicho_owner")
        time.sleep(CHECK_S + 0.1)
        assert owner.get("/own/note/add").status_code == 403
    finally:
        admin.execute("drop table own.note")
    time.sleep(CHECK_S + 0.1)
    assert owner.get("/own/note/list/").status_code == 404


def test_no_page_is_lost_while_columns_come_and_go(app: Flask, owner: Person, admin: Any) -> None:
    admin.execute(
        "create table own.moving (moving_id bigint generated always as identity primary key, a text)"
    )
    admin.execute("grant select on own.moving to daicho_owner")
    cookie = owner.client.get_cookie("daicho")
    assert cookie is not None
    time.sleep(CHECK_S + 0.1)
    states: list[int] = []
    stop = threading.Event()

    def read(address: str) -> None:
        client = app.test_client()
        client.set_cookie("daicho", cookie.value)
        while not stop.is_set():
            states.append(client.get(address).status_code)

    threads = [
        threading.Thread(target=read, args=(address,))
        for address in ("/own/moving/list/", "/api/v1/own/moving/", "/own/moving/list/?sort=a")
    ]
    for thread in threads:
        thread.start()
    for n in range(4):
        admin.execute(f"alter table own.moving add column c{n} integer default {n}")
        time.sleep(0.5)
        admin.execute(f"alter table own.moving drop column c{n}")
        time.sleep(0.3)
    stop.set()
    for thread in threads:
        thread.join()
    admin.execute("drop table own.moving")
    assert len(states) > 30
    assert set(states) == {200}
