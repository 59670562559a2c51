"""What work does to stock, told in single steps: the machine beside it takes any order of them."""

from typing import Any

import pytest

import sql
from sql.errors import WrongState
from tests.ledger.shop import (
    Draft,
    House,
    accept,
    balance,
    findings,
    holds,
    lines,
    order_id,
    outcomes,
    receive,
    status,
)


def dispatched(worker: Any) -> None:
    for _ in range(3):
        sql.call(worker, "transit.waiting_dispatch", 1000)
    sql.call(worker, "transit.changes_dispatch", 1000)


def composed(admin: Any, house: House, bundle: str, **parts: int) -> None:
    admin.execute(
        "delete from catalog.bundle_component where bundle_sku_id = %s", (house.skus[bundle],)
    )
    for part, quantity in parts.items():
        admin.execute(
            "insert into catalog.bundle_component values (%s, %s, %s)",
            (house.skus[bundle], house.skus[part], quantity),
        )


def linked(worker: Any, admin: Any, house: House, listing: str, code: str) -> int:
    listing_id = admin.execute(
        "select listing_id from channel.listing where external_listing_no = %s", (listing,)
    ).fetchone()[0]
    return sql.value(worker, "channel.listing_link", listing_id, house.skus[code])


def test_reservations_follow_the_order_of_arrival(worker, admin, house):
    receive(worker, house, a=5)
    first = Draft(no="1", lines=(("a", 3),))
    second = Draft(no="2", shop="two", lines=(("a", 3),))
    assert outcomes(worker, house, first, second) == ["accepted", "accepted"]
    assert lines(worker, house, "1") == [("a", 3, 3, 0)]
    assert lines(worker, house, "2", "two") == [("a", 3, 2, 0)]
    assert status(worker, house, "1") == "ready_to_ship"
    assert status(worker, house, "2", "two") == "awaiting_stock"
    assert balance(worker, house, "a") == (5, 5)
    assert findings(admin) == {}


def test_who_came_first_is_served_first_when_stock_arrives(worker, admin, house):
    accept(worker, house, Draft(no="1", lines=(("a", 2),)), Draft(no="2", lines=(("a", 2),)))
    dispatched(worker)
    receive(worker, house, a=3)
    dispatched(worker)
    assert lines(worker, house, "1") == [("a", 2, 2, 0)]
    assert lines(worker, house, "2") == [("a", 2, 1, 0)]
    assert status(worker, house, "1") == "ready_to_ship"
    assert findings(admin) == {}


def test_a_line_whose_product_the_mall_changed_is_reserved_anew(worker, admin, house):
    receive(worker, house, a=5, c=5)
    accept(worker, house, Draft(no="1", lines=(("a", 2),)))
    assert outcomes(worker, house, Draft(no="1", lines=(("c", 3),), at=9)) == ["changed"]
    assert lines(worker, house, "1") == [("c", 3, 3, 0)]
    assert balance(worker, house, "a") == (5, 0)
    assert balance(worker, house, "c") == (5, 3)
    assert findings(admin) == {}
    assert holds(worker, house, "1") == {}


def test_a_bundle_that_is_composed_anew_while_reserved(worker, admin, house):
    receive(worker, house, a=2, b=4, c=1)
    accept(worker, house, Draft(no="1", lines=(("ab", 2),)), Draft(no="2", lines=(("bc", 1),)))
    assert lines(worker, house, "1") == [("ab", 2, 2, 0)]
    composed(admin, house, "ab", b=1)
    # another piece is wanted: what the line holds is read from its own entries
    accept(worker, house, Draft(no="1", lines=(("ab", 3),), at=9))
    assert lines(worker, house, "1") == [("ab", 3, 3, 0)]
    assert (balance(worker, house, "a"), balance(worker, house, "b")) == ((2, 0), (4, 3))
    dispatched(worker)
    assert lines(worker, house, "2") == [("bc", 1, 1, 0)]
    # of what it holds now there is not enough: all is given back, and asked for anew
    composed(admin, house, "ab", a=2)
    accept(worker, house, Draft(no="1", lines=(("ab", 2),), at=10))
    assert lines(worker, house, "1") == [("ab", 2, 1, 0)]
    assert (balance(worker, house, "a"), balance(worker, house, "b")) == ((2, 2), (4, 1))
    assert findings(admin) == {}


def test_a_bundle_with_fewer_parts_serves_who_waits(worker, admin, house):
    receive(worker, house, a=1)
    accept(worker, house, Draft(no="1", lines=(("ab", 1),)))
    dispatched(worker)
    assert status(worker, house, "1") == "awaiting_stock"
    composed(admin, house, "ab", a=1)
    dispatched(worker)
    assert status(worker, house, "1") == "ready_to_ship"
    assert balance(worker, house, "a") == (1, 1)
    assert findings(admin) == {}


def test_a_listing_that_is_linked_serves_its_orders(worker, admin, house):
    receive(worker, house, a=3)
    accept(worker, house, Draft(no="1", lines=(("new", 2),)), Draft(no="2", lines=(("new", 2),)))
    assert status(worker, house, "1") == "on_hold"
    assert linked(worker, admin, house, "new", "a") == 2
    assert lines(worker, house, "1") == [("new", 2, 2, 0)]
    assert lines(worker, house, "2") == [("new", 2, 1, 0)]
    assert (status(worker, house, "1"), status(worker, house, "2")) == (
        "ready_to_ship",
        "awaiting_stock",
    )
    assert findings(admin) == {}


def test_a_release_by_a_person_holds_until_the_facts_change(worker, admin, house):
    receive(worker, house, a=9)
    accept(worker, house, Draft(no="1", lines=(("new", 1), ("a", 1))))
    sql.call(worker, "sales.hold_release", holds(worker, house, "1")["unknown_sku"], "ok")
    assert holds(worker, house, "1") == {}
    # the same facts: it stays released
    accept(worker, house, Draft(no="1", lines=(("new", 1), ("a", 2)), at=1))
    assert holds(worker, house, "1") == {}
    # other facts: it is there again
    accept(worker, house, Draft(no="1", lines=(("new", 1), ("a", 2), ("newer", 1)), at=2))
    assert list(holds(worker, house, "1")) == ["unknown_sku"]
    # what is released is what is so now, not what was when the hold was placed
    accept(
        worker,
        house,
        Draft(no="1", lines=(("new", 1), ("a", 2), ("newer", 1), ("newest", 1)), at=3),
    )
    sql.call(worker, "sales.hold_release", holds(worker, house, "1")["unknown_sku"], "ok")
    assert findings(admin) == {}
    accept(
        worker,
        house,
        Draft(no="1", lines=(("new", 2), ("a", 2), ("newer", 1), ("newest", 1)), at=4),
    )
    assert holds(worker, house, "1") == {}


def test_a_shipped_order_is_not_changed(worker, admin, house):
    receive(worker, house, a=9)
    accept(worker, house, Draft(no="1", lines=(("a", 2),)))
    sql.call(worker, "shipping.shipment_post", order_id(worker, house, "1"), "yamato", "1")
    assert outcomes(worker, house, Draft(no="1", lines=(("a", 5),), at=9)) == ["blocked"]
    assert outcomes(worker, house, Draft(no="1", lines=(("a", 5),), at=9, is_cancelled=True)) == [
        "blocked"
    ]
    assert lines(worker, house, "1") == [("a", 2, 0, 2)]
    assert balance(worker, house, "a") == (7, 0)
    assert findings(admin) == {}


def test_less_is_asked_than_was_paid_already(worker, admin, house):
    """The mall takes a line out; what has been paid in part is now all of it."""
    receive(worker, house, a=9)
    accept(worker, house, Draft(no="1", lines=(("a", 4),), is_paid=False))
    sql.call(worker, "sales.payment_record", order_id(worker, house, "1"), 200, None, "p1")
    assert status(worker, house, "1") == "awaiting_payment"
    accept(worker, house, Draft(no="1", lines=(("a", 2),), at=9, is_paid=False))
    assert status(worker, house, "1") == "ready_to_ship"
    assert findings(admin) == {}


def test_the_oversell_limit_lets_more_be_promised(worker, admin, house):
    accept(worker, house, Draft(no="1", lines=(("a", 2),)))
    admin.execute("update catalog.sku set oversell_limit = 1 where sku_id = %s", (house.skus["a"],))
    dispatched(worker)
    assert lines(worker, house, "1") == [("a", 2, 1, 0)]
    with pytest.raises(sql.errors.Refused), sql.transaction(admin):
        sql.run(
            admin, "update catalog.sku set oversell_limit = 0 where sku_id = %s", (house.skus["a"],)
        )
    assert findings(admin) == {}


def test_a_bundle_is_never_received(worker, admin, house):
    with pytest.raises(WrongState):
        receive(worker, house, ab=1)
    assert findings(admin) == {}
