"""Every two writing functions on the same rows at the same instant: they wait, they never block for ever.

Each runs in a transaction that is rolled back, so that the next round finds the same rows.
"""

import itertools
import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import sql
from sql.errors import Busy, DaichoError, Refused
from tests.ledger.shop import Draft, House, accept, arrived, build, findings, order_id, receive

ROUNDS = 4
WAIT_S = 30
ORDERS = [str(n) for n in range(6)]
Action = Callable[[Any, House, random.Random], Any]


def calls(function: str, *arguments: Any) -> Action:
    """Call a function; what is callable among the arguments is asked first."""

    def run(connection: Any, house: House, rnd: random.Random) -> None:
        given = [one(connection, house) if callable(one) else one for one in arguments]
        sql.call(connection, function, *given)

    return run


def order(no: str) -> Callable[[Any, House], int]:
    return lambda connection, house: order_id(connection, house, no)


def listing(connection: Any, house: House) -> int:
    return connection.execute(
        "select listing_id from channel.listing where shop_id = %s and external_listing_no = 'new'",
        (house.shops["one"],),
    ).fetchone()[0]


def hold(connection: Any, house: House) -> int:
    return connection.execute(
        "select hold_id from sales.hold where hold_reason = 'unknown_sku' and released_at is null limit 1"
    ).fetchone()[0]


def payment(connection: Any, house: House) -> int:
    return connection.execute(
        "select payment_id from sales.payment where sales_order_id = %s",
        (order("1")(connection, house),),
    ).fetchone()[0]


def edits(statement: str) -> Action:
    """A granted update, as the manager who types it."""

    def run(connection: Any, house: House, rnd: random.Random) -> None:
        sql.run(connection, statement)

    return run


def a_page(**more: Any) -> Action:
    def run(connection: Any, house: House, rnd: random.Random) -> None:
        nos = rnd.sample(ORDERS, len(ORDERS))
        codes = rnd.sample(("a", "b", "ab", "bc", "new"), 3)
        accept(
            connection, house,
            *[Draft(no=no, at=rnd.randint(100, 10**6), lines=tuple((code, 2) for code in codes), **more) for no in nos],
            *[Draft(no=f"n{n}", lines=tuple((code, 1) for code in codes)) for n in rnd.sample(range(4), 4)],
        )  # fmt: skip

    return run


def pushes(connection: Any, house: House, rnd: random.Random) -> None:
    claimed = sql.call(
        connection, "transit.push_claim", house.shops["one"], "stock", 100, "1 minute"
    )
    if claimed:
        rnd.shuffle(claimed)
        sql.call(
            connection, "transit.push_done", "stock", [row.subject_id for row in claimed],
            [row.claimed_version for row in claimed], [1] * len(claimed), claimed[0].lease, "1 second",
        )  # fmt: skip


def receives(connection: Any, house: House, rnd: random.Random) -> None:
    codes = rnd.sample(("a", "b", "c"), 3)
    receive(connection, house, **dict.fromkeys(codes, 1))


WORKER: dict[str, Action] = {
    "a page with changes": a_page(),
    "a page with cancels": a_page(is_cancelled=True),
    "who waits": calls("transit.waiting_dispatch", 1000),
    "the dispatcher": calls("transit.changes_dispatch", 1000),
    "pushes": pushes,
    "goods": receives,
    "holds by date": calls("sales.holds_refresh", 100),
    "retention": calls("staff.retention_keep", 100),
    "the schedule": calls("transit.schedule_tick"),
}
STAFF: dict[str, Action] = {
    "a cancel": calls("sales.order_cancel", order("1"), "buyer"),
    "a hold": calls("sales.hold_place", order("1"), "x"),
    "a release": calls("sales.hold_release", hold, "x"),
    "a payment": calls("sales.payment_record", order("2"), 1, None, "p", True),
    "a payment taken back": calls("sales.payment_void", payment, "x"),
    "a shipment": calls("shipping.shipment_post", order("0"), "yamato", "1"),
    "an adjustment": calls("stock.stock_adjust", lambda _, house: house.skus["b"], lambda _, house: house.warehouses["main"], 1, "found", None),
    "a link": calls("channel.listing_link", listing, lambda _, house: house.skus["ab"]),
    "a pause": calls("channel.shop_pause", lambda _, house: house.shops["one"], "x"),
    "a resume": calls("channel.shop_resume", lambda _, house: house.shops["one"]),
    "forgetting": calls("customer.forget", order("1")),
    "an oversell limit": edits("update catalog.sku set oversell_limit = oversell_limit + 1 where sku_code in ('a', 'b')"),
    "a bundle": edits("update catalog.bundle_component set quantity = quantity % 2 + 1"),
    "buffers": edits("update channel.listing set buffer = buffer + 1 where shop_id = (select min(shop_id) from channel.shop)"),
    "a note": edits("update sales.sales_order_party set staff_note = 'x'"),
}  # fmt: skip
ALL = {**WORKER, **STAFF}


class Crowd:
    """Two connections of each kind, and what went wrong between them."""

    def __init__(self, database: Any, house: House) -> None:
        self.house = house
        self.workers = [
            sql.connect(database.worker, account_id=1, autocommit=False) for _ in range(2)
        ]
        self.staff = [sql.connect(database.web, account_id=1, autocommit=False) for _ in range(2)]
        for web in self.staff:
            web.execute("set role daicho_manager")
            web.commit()

    def close(self) -> None:
        for connection in (*self.workers, *self.staff):
            connection.close()

    def deadlocks(self, one: str, two: str, rounds: int = ROUNDS) -> Counter[str]:
        gate = threading.Barrier(2)
        found: Counter[str] = Counter()

        def run(place: int, name: str) -> None:
            connection = (self.workers if name in WORKER else self.staff)[place]
            rnd = random.Random(f"{name}{place}")
            for _ in range(rounds):
                gate.wait(WAIT_S)
                try:
                    ALL[name](connection, self.house, rnd)
                except Busy as busy:
                    found[busy.sqlstate or ""] += 1
                except (DaichoError, Refused):
                    found["refused"] += 1
                connection.rollback()

        with ThreadPoolExecutor(2) as pool:
            for done in (pool.submit(run, 0, one), pool.submit(run, 1, two)):
                done.result(WAIT_S * 2)
        return found


@pytest.fixture
def crowd(fresh_database, admin, session):
    house = build(admin)
    worker = session()
    # Some of c is promised beyond the shelf
    admin.execute("update catalog.sku set oversell_limit = 3 where sku_code = 'c'")
    receive(worker, house, a=40, b=40, c=5)
    accept(worker, house, *[Draft(no=no, lines=(("a", 1), ("bc", 1))) for no in ORDERS])
    accept(worker, house, Draft(no="w", lines=(("c", 9), ("new", 1))))
    accept(worker, house, arrived(worker, house, Draft(no="h", lines=(("new", 2),))))
    sql.call(worker, "transit.outgoing_set", "stock", True)
    one = Crowd(fresh_database, house)
    yield one
    one.close()


def test_no_two_functions_deadlock(crowd, admin):
    found = {
        (one, two): errors["40P01"]
        for one, two in itertools.combinations_with_replacement(ALL, 2)
        if (errors := crowd.deadlocks(one, two))["40P01"]
    }
    assert found == {}
    assert findings(admin) == {}


def test_every_function_does_its_work(crowd):
    """Alone nothing is refused but what has been done already, so that pairs really meet."""
    refused = {name for name in ALL if crowd.deadlocks(name, "the schedule", rounds=1)["refused"]}
    assert refused == set()


def test_a_wrong_order_of_locks_is_found(crowd, admin):
    """Balances before orders: a cancel that frees the stock first meets a page."""
    text = admin.execute(
        "select pg_get_functiondef('sales.order_cancel(bigint,text)'::regprocedure)"
    ).fetchone()[0]
    wrong = text.replace(
        "v_order sales.sales_order := sales.order_take(p_sales_order_id);",
        "v_order sales.sales_order;",
    ).replace(
        "\nbegin\n",
        "\nbegin\n    perform 1 from stock.stock_balance as balance order by balance.sku_id desc for no key update;\n"
        "    perform pg_catalog.pg_sleep(0.2);\n"
        "    v_order := sales.order_take(p_sales_order_id);\n",
    )
    assert wrong.count("pg_sleep") == 1
    admin.execute(wrong)
    found = crowd.deadlocks("a page with changes", "a cancel", rounds=12)
    assert found["40P01"] > 0, found
