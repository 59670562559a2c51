"""Races as named steps of two sessions, and a storm of pages."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import sql
from sql.errors import Busy, DatabaseError
from tests.ledger.shop import (
    Draft,
    House,
    accept,
    arrived,
    balance,
    build,
    findings,
    holds,
    lines,
    order_id,
    receive,
    status,
)

WAIT_S = 20


def waits(admin: Any, session: Any) -> None:
    """Return when the other session waits for a lock."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        row = admin.execute(
            "select wait_event_type = 'Lock' from pg_stat_activity where pid = %s",
            (session.info.backend_pid,),
        ).fetchone()
        if row and row[0]:
            return
        time.sleep(0.01)
    raise AssertionError("the session never waited")


def dispatched(connection: Any) -> None:
    sql.call(connection, "transit.waiting_dispatch", 1000)
    sql.call(connection, "transit.changes_dispatch", 1000)


def wanted(admin: Any, house: House, code: str) -> int:
    """How often the listing of shop one was made due."""
    row = admin.execute(
        "select push.wanted_version from transit.push as push join channel.listing as listing using (listing_id)"
        " where listing.sku_id = %s and listing.shop_id = %s",
        (house.skus[code], house.shops["one"]),
    ).fetchone()
    return row[0]


def the_last_change_is_swallowed(admin: Any, house: House, session: Callable[..., Any]) -> bool:
    """A dispatcher takes the row of a SKU while a second change of it is not yet committed."""
    a, b = session(autocommit=False), session(autocommit=False)
    receive(a, house, a=1)
    a.commit()
    sql.call(a, "transit.waiting_dispatch", 1000)
    a.commit()
    # b_changes_it_again
    receive(b, house, a=1)
    # a_takes_the_row
    sql.call(a, "transit.changes_dispatch", 1000)
    a.commit()
    before = wanted(admin, house, "a")
    # b_commits
    b.commit()
    dispatched(a)
    a.commit()
    return wanted(admin, house, "a") == before


@pytest.fixture
def together(admin: Any, session: Callable[..., Any]) -> Callable[..., tuple[Any, Any]]:
    """Run one step, hold its transaction open until the other waits for it, then end both."""

    def run(first: Callable[[Any], Any], second: Callable[[Any], Any]) -> tuple[Any, Any]:
        a, b = session(autocommit=False), session(autocommit=False)
        one = first(a)
        with ThreadPoolExecutor(1) as pool:
            later = pool.submit(second, b)
            waits(admin, b)
            a.commit()
            two = later.result(WAIT_S)
        b.commit()
        return one, two

    return run


def test_the_last_piece_is_promised_once(admin, house, session, together):
    receive(session(), house, a=1)
    together(
        lambda one: accept(one, house, Draft(no="1", lines=(("a", 1),))),
        lambda two: accept(two, house, Draft(no="2", shop="two", lines=(("a", 1),))),
    )
    assert lines(admin, house, "1") == [("a", 1, 1, 0)]
    assert lines(admin, house, "2", "two") == [("a", 1, 0, 0)]
    assert status(admin, house, "2", "two") == "awaiting_stock"
    assert findings(admin) == {}


def test_what_comes_in_while_its_first_order_is_taken_reaches_it(admin, house, session, together):
    """Of a SKU that was never in stock: the receipt waits for the page, and so is noted after it."""
    together(
        lambda a: accept(a, house, Draft(no="1", lines=(("a", 1),))),
        lambda b: receive(b, house, a=1),
    )
    assert findings(admin) == {}
    dispatched(session())
    assert lines(admin, house, "1") == [("a", 1, 1, 0)]
    assert findings(admin) == {}


def test_the_same_order_in_two_pages_is_taken_once(admin, house, session, together):
    worker = session()
    receive(worker, house, a=5)
    first = arrived(worker, house, Draft(no="1", lines=(("a", 2),)))
    second = arrived(worker, house, Draft(no="1", lines=(("a", 2),)))
    one, two = together(lambda a: accept(a, house, first), lambda b: accept(b, house, second))
    assert (list(one.values()), list(two.values())) == (["accepted"], ["repeated"])
    assert balance(admin, house, "a") == (5, 2)
    assert findings(admin) == {}


def test_a_change_that_waited_for_the_shipment_is_blocked(admin, house, session, together):
    worker = session()
    receive(worker, house, a=5)
    accept(worker, house, Draft(no="1", lines=(("a", 2),)))
    number = order_id(admin, house, "1")
    late = arrived(worker, house, Draft(no="1", lines=(("a", 3),), at=9))
    _, two = together(
        lambda a: sql.call(a, "shipping.shipment_post", number, "yamato", "1"),
        lambda b: accept(b, house, late),
    )
    assert list(two.values()) == ["blocked"]
    assert lines(admin, house, "1") == [("a", 2, 0, 2)]
    assert admin.execute("select inbox_reason from transit.inbox").fetchall() == [
        ("changed_too_late",)
    ]
    assert findings(admin) == {}


def test_a_cancel_and_a_shipment_of_one_order_exclude_each_other(admin, house, session, together):
    worker = session()
    receive(worker, house, a=5)
    accept(worker, house, Draft(no="1", lines=(("a", 2),)))
    number = order_id(admin, house, "1")

    def ship(connection: Any) -> str:
        try:
            sql.call(connection, "shipping.shipment_post", number, "yamato", "1")
        except DatabaseError as error:
            connection.rollback()
            return error.sqlstate or ""
        return "shipped"

    _, two = together(lambda a: sql.call(a, "sales.order_cancel", number, "buyer"), ship)
    assert two == "DC010"
    assert balance(admin, house, "a") == (5, 0)
    assert findings(admin) == {}


def test_an_order_taken_in_while_its_listing_is_linked_is_linked_too(
    admin, house, session, together
):
    worker = session()
    receive(worker, house, a=5)
    accept(worker, house, Draft(no="1", lines=(("new", 1),)))
    listing_id = admin.execute(
        "select listing_id from channel.listing where external_listing_no = 'new'"
    ).fetchone()[0]
    sku_id = house.skus["a"]
    # the page is written, not committed; the link must see its line
    together(
        lambda a: accept(a, house, Draft(no="2", lines=(("new", 1),))),
        lambda b: sql.call(b, "channel.listing_link", listing_id, sku_id),
    )
    assert lines(admin, house, "1") == [("new", 1, 1, 0)]
    assert lines(admin, house, "2") == [("new", 1, 1, 0)]
    assert holds(admin, house, "2") == {}
    assert findings(admin) == {}


def test_a_listing_linked_while_an_order_for_it_comes_in(admin, house, session, together):
    worker = session()
    receive(worker, house, a=5)
    accept(worker, house, Draft(no="1", lines=(("new", 1),)))
    listing_id = admin.execute(
        "select listing_id from channel.listing where external_listing_no = 'new'"
    ).fetchone()[0]
    sku_id = house.skus["a"]
    together(
        lambda a: sql.call(a, "channel.listing_link", listing_id, sku_id),
        lambda b: accept(b, house, Draft(no="2", lines=(("new", 1),))),
    )
    assert lines(admin, house, "2") == [("new", 1, 1, 0)]
    assert findings(admin) == {}


def test_a_link_and_the_dispatcher_take_changes_and_pushes_in_one_order(
    fresh_database, admin, house, session
):
    worker = session()
    accept(worker, house, Draft(no="1", lines=(("new", 1), ("a", 3))))
    listing_id = admin.execute(
        "select listing_id from channel.listing where external_listing_no = 'new'"
    ).fetchone()[0]
    sql.call(worker, "channel.listing_link", listing_id, house.skus["c"])
    dispatched(worker)
    receive(worker, house, a=1, c=1)
    sql.call(worker, "transit.waiting_dispatch", 1000)
    sql.call(worker, "transit.waiting_dispatch", 1000)
    receive(worker, house, a=1)
    admin.execute("update transit.sku_changed set is_served = true")
    linker, dispatcher = session(autocommit=False), session(autocommit=False)

    def ended(connection: Any, function: str, *arguments: object) -> None:
        sql.call(connection, function, *arguments)
        connection.commit()

    with (
        sql.connect(fresh_database.admin, autocommit=False) as holder,
        ThreadPoolExecutor(2) as pool,
    ):
        # somebody holds the balance; the link waits for it; the dispatcher takes the changes
        holder.execute("select from stock.stock_balance for update")
        link = pool.submit(ended, linker, "channel.listing_link", listing_id, house.skus["a"])
        waits(admin, linker)
        dispatch = pool.submit(ended, dispatcher, "transit.changes_dispatch", 1000)
        time.sleep(0.3)
        holder.rollback()
        # neither is told to try again
        dispatch.result(WAIT_S)
        link.result(WAIT_S)
    assert findings(admin) == {}


def test_a_change_is_not_swallowed_by_the_dispatcher(admin, house, session):
    assert not the_last_change_is_swallowed(admin, house, session)


def test_fifty_sessions_after_the_last_piece(admin, house, session):
    worker = session()
    receive(worker, house, a=1)
    pages = [arrived(worker, house, Draft(no=str(n), lines=(("a", 1),))) for n in range(50)]
    sessions = [session() for _ in pages]
    gate = threading.Barrier(len(pages))

    def buy(connection: Any, draft: Draft) -> list[str]:
        gate.wait()
        return list(accept(connection, house, draft).values())

    with ThreadPoolExecutor(len(pages)) as pool:
        found = list(pool.map(buy, sessions, pages))
    assert found == [["accepted"]] * 50
    got = admin.execute(
        "select sum(quantity_reserved), count(*) from sales.sales_order_line"
    ).fetchone()
    assert tuple(got) == (1, 50)
    assert balance(admin, house, "a") == (1, 1)
    assert findings(admin) == {}


PAGES, ROUNDS, ORDERS = 8, 4, 100


def storm(
    admin: Any, house: House, session: Callable[..., Any], rounds: int = ROUNDS
) -> Counter[str]:
    """Eight sessions take in overlapping pages, each in its own order, with changes and cancels."""
    codes = list(house.skus)
    worker = session()
    receive(worker, house, **{code: 60 for code in codes if code not in house.bundles})
    errors: Counter[str] = Counter()
    gate = threading.Barrier(PAGES)

    def page(round_no: int, rnd: random.Random) -> list[Draft]:
        same = random.Random(round_no)
        drafts = [
            Draft(
                no=str(round_no * ORDERS // 2 + n),
                shop=same.choice(("one", "two")),
                lines=tuple(
                    (same.choice(codes), same.randint(1, 3)) for _ in range(same.randint(1, 3))
                ),
            )
            for n in range(ORDERS)
        ]
        drafts += [
            Draft(
                no=draft.no,
                shop=draft.shop,
                at=rnd.randint(1, 1000),
                lines=((rnd.choice(codes), 2), *draft.lines),
                is_cancelled=rnd.random() < 0.3,
            )
            for draft in rnd.sample(drafts, 20)
        ]
        rnd.shuffle(drafts)
        return drafts

    def run(number: int) -> None:
        rnd, connection = random.Random(number), session()
        for round_no in range(rounds):
            drafts = [arrived(connection, house, draft) for draft in page(round_no, rnd)]
            gate.wait(WAIT_S)
            try:
                accept(connection, house, *drafts)
                dispatched(connection)
            except Busy as error:
                errors[error.sqlstate or ""] += 1

    with ThreadPoolExecutor(PAGES) as pool:
        list(pool.map(run, range(PAGES)))
    return errors


def test_overlapping_pages_make_no_deadlock(admin, session):
    codes = [f"s{n}" for n in range(20)]
    bundles = {f"b{n}": {codes[n]: 1, codes[(n * 7 + 3) % 20]: 2} for n in range(10)}
    house = build(admin, skus=codes, bundles=bundles)
    assert storm(admin, house, session) == {}
    counted = admin.execute(
        "select count(*) as orders, count(cancelled_at) as cancelled from sales.sales_order"
    ).fetchone()
    assert counted[0] > ORDERS
    assert counted[1] > 0
    assert findings(admin) == {}


def test_pages_that_lock_as_they_come_are_found(admin, session):
    """The storm sees a deadlock when the locks are not sorted."""
    text = admin.execute(
        "select pg_get_functiondef('stock.reservations_make()'::regprocedure)"
    ).fetchone()[0]
    changed = text.replace(
        "order by balance.sku_id, balance.warehouse_id\n    for no key update",
        "order by random()\n    for no key update",
    )
    assert changed != text
    admin.execute(changed)
    text = admin.execute(
        "select pg_get_functiondef('sales.orders_accept(jsonb)'::regprocedure)"
    ).fetchone()[0]
    changed = text.replace(
        "order by work.shop_id, work.external_order_no\n        on conflict",
        "order by random()\n        on conflict",
    )
    assert changed != text
    admin.execute(changed)
    # Slowly, so that the pages meet on a small machine too
    admin.execute("""
        create function sales.slowly() returns trigger language plpgsql as
        $$ begin perform pg_sleep(0.002); return new; end $$;
        create trigger tg_000_slowly before insert on sales.sales_order
            for each row execute function sales.slowly();
    """)
    codes = [f"s{n}" for n in range(20)]
    house = build(
        admin,
        skus=codes,
        bundles={f"b{n}": {codes[n]: 1, codes[(n * 7 + 3) % 20]: 2} for n in range(10)},
    )
    assert storm(admin, house, session, rounds=1)["40P01"] > 0
