"""A day at the desk over a million orders: home, a saved search, a form, search over everything, a crowd."""

from __future__ import annotations

import json
import re
import statistics
import threading
import time

from flask import Flask

from scripts.benches import Context, Result
from scripts.benches._desk import Desk, desk
from scripts.benches._past import write

ORDERS = 1_000_000
PEOPLE = 20
TURNS = 10
FORM = "own.many"
_LOOKUPS = (
    ("sku_id", "catalog.sku"),
    ("other_sku_id", "catalog.sku"),
    ("shop_id", "channel.shop"),
    ("other_shop_id", "channel.shop"),
    ("customer_id", "customer.customer"),
    ("warehouse_id", "stock.warehouse"),
    ("product_id", "catalog.product"),
    ("sales_order_id", "sales.sales_order"),
    ("listing_id", "channel.listing"),
    ("payment_method", "sales.payment_method"),
)


def run(context: Context) -> Result:
    """Everything over one database of a million orders."""
    orders = ORDERS // 20 if context.quick else ORDERS
    database = context.database()
    write(database.admin, database.worker, orders)
    _form(database.admin)
    rounds = 5 if context.quick else 15
    with desk(context, database) as reader:
        search = _saved(reader)
        pages = {
            "home": "/",
            "saved search": search,
            "form with ten lookups": "/own/many/add",
        }
        took = {name: reader.median_ms(address, rounds) for name, address in pages.items()}
        size = max(len(reader.page(address).data) for address in pages.values()) / 1024
        finds = {
            "two kanji of a name": "佐藤",
            "part of a phone number": "9000123",
            "an external number": f"EX-{orders // 2:010}",
        }
        found = {
            name: reader.median_ms(f"/find.json?q={words}", rounds) for name, words in finds.items()
        }
        median, p95, wrong = _crowd(reader.app, reader.client.get_cookie("daicho"), orders)
    context.drop(database)
    return Result(
        ratios={
            "home_ms": took["home"],
            "page_kb": size,
            "find_ms": max(found.values()),
            "crowd_p95_to_median": p95 / median,
            "crowd_wrong_rows": float(wrong),
        },
        targets={
            "home_ms": ("<=", 150.0),
            "page_kb": ("<=", 150.0),
            "find_ms": ("<=", 300.0),
            "crowd_p95_to_median": ("<=", 3.0),
            "crowd_wrong_rows": ("<=", 0.0),
        },
        figures={
            **{f"{name}, ms": ms for name, ms in took.items()},
            **{f"find {name}, ms": ms for name, ms in found.items()},
            f"{PEOPLE} people at once, median, ms": median,
            f"{PEOPLE} people at once, p95, ms": p95,
        },
    )


def _form(admin_url: str) -> None:
    """A table of the shop's own with ten references, to have a form with ten lookups."""
    import sql  # noqa: PLC0415 - the only statement of this module

    columns = ", ".join(
        f"{name} {'text' if name == 'payment_method' else 'bigint'} references {target}"
        for name, target in _LOOKUPS
    )
    with sql.connect(admin_url) as admin:
        sql.run(
            admin,
            f"create table {FORM} (many_id bigint generated always as identity primary key, {columns})",
        )
        sql.run(admin, f"comment on table {FORM} is '多くを指す表。 | Points to many.'")
        sql.run(admin, f"grant select, insert, update on {FORM} to daicho_owner")


def _saved(reader: Desk) -> str:
    """A saved search over orders; the address that opening it leads to."""
    token = re.search(r'name="csrf[-_]token" content="([^"]+)"', reader.page("/").text)
    assert token  # noqa: S101 - without it nothing is saved
    tree = {"all": [{"column": "status", "op": "in", "value": ["on_hold"]}]}
    answer = reader.client.post(
        "/searches/sales/sales_order",
        data={"csrf_token": token[1], "label": "bench", "condition": json.dumps(tree)},
    )
    opened = reader.client.get(answer.headers["Location"])
    return str(opened.headers["Location"])


def _crowd(app: Flask, cookie: object, orders: int) -> tuple[float, float, int]:
    """People who each ask for rows of their own at once: median and p95 in ms, answers with other rows."""
    took: list[float] = []
    wrong: list[str] = []
    value = str(getattr(cookie, "value", ""))

    def sit(person: int) -> None:
        client = app.test_client()
        client.set_cookie("daicho", value)
        for turn in range(TURNS):
            number = f"EX-{(person * TURNS + turn + 1) * (orders // 1000):010}"
            began = time.perf_counter()
            page = client.get(f"/sales/sales_order/list/?f.external_order_no.eq={number}").text
            took.append((time.perf_counter() - began) * 1000)
            rows = re.findall(r'data-row="/sales/sales_order/show/(\d+)"', page)
            if rows != [str(int(number[3:]))]:
                wrong.append(number)

    people = [threading.Thread(target=sit, args=(person,)) for person in range(PEOPLE)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    took.sort()
    return statistics.median(took), took[int(len(took) * 0.95)], len(wrong)
