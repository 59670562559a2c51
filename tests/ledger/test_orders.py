"""What work does to stock, told in single steps: the machine beside it takes any order of them."""

from typing import Any

import pytest

import sql
from sql.errors import OutOfStock, WrongState
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


def oversold(admin: Any, house: House, code: str, limit: int) -> None:
    admin.execute(
        "update catalog.sku set oversell_limit = %s where sku_id = %s", (limit, house.skus[code])
    )


def ships(worker: Any, house: House, no: str, shop: str = "one") -> None:
    sql.call(
        worker,
        "shipping.shipment_post",
        order_id(worker, house, no, shop),
        "yamato",
        f"1-{shop}-{no}",
    )


def test_what_is_promised_beyond_the_shelf_waits_for_its_goods(worker, admin, house):
    """Those who came last wait, in whichever shop; each is released when its goods are there."""
    oversold(admin, house, "a", 9)
    receive(worker, house, a=2)
    accept(
        worker,
        house,
        Draft(no="1", lines=(("a", 2),)),
        Draft(no="2", shop="two", lines=(("a", 2),)),
        Draft(no="3", lines=(("a", 1),)),
    )
    assert status(worker, house, "1") == "ready_to_ship"
    for no, shop in (("2", "two"), ("3", "one")):
        assert status(worker, house, no, shop) == "awaiting_stock"
        assert list(holds(worker, house, no, shop)) == ["awaiting_goods"]
        with pytest.raises(WrongState):
            ships(worker, house, no, shop)
    said = sql.call(worker, "sales.order_explain", order_id(worker, house, "3"))[1]
    assert (said.reason, said.evidence) == ("awaiting_goods", {"lines": 1})
    assert "Promised beyond the shelf" in said.release
    receive(worker, house, a=2)
    dispatched(worker)
    assert status(worker, house, "2", "two") == "ready_to_ship"
    assert status(worker, house, "3") == "awaiting_stock"
    ships(worker, house, "2", "two")
    ships(worker, house, "1")
    assert status(worker, house, "3") == "awaiting_stock"
    receive(worker, house, a=1)
    dispatched(worker)
    ships(worker, house, "3")
    assert balance(worker, house, "a") == (0, 0)
    assert findings(admin) == {}


def test_a_cancel_or_a_count_moves_the_end_of_the_shelf(worker, admin, house):
    oversold(admin, house, "a", 9)
    receive(worker, house, a=3)
    accept(
        worker,
        house,
        Draft(no="1", lines=(("a", 2),)),
        Draft(no="2", lines=(("ab", 1),)),
        Draft(no="3", lines=(("a", 2),)),
    )
    receive(worker, house, b=2)
    dispatched(worker)
    assert [status(worker, house, no) for no in "123"] == ["ready_to_ship"] * 2 + ["awaiting_stock"]
    # one piece less than was believed: the bundle, whose part it is, waits too
    sql.call(
        worker, "stock.stock_adjust", house.skus["a"], house.warehouses["main"], -1, "lost", None
    )
    # until the dispatcher has looked, the shipment itself refuses what is not there
    dispatched(worker)
    assert [status(worker, house, no) for no in "123"] == ["ready_to_ship"] + ["awaiting_stock"] * 2
    assert findings(admin) == {}
    sql.call(worker, "sales.order_cancel", order_id(worker, house, "1"), "buyer")
    dispatched(worker)
    assert [status(worker, house, no) for no in "23"] == ["ready_to_ship", "awaiting_stock"]
    assert findings(admin) == {}


def test_who_came_first_gets_the_shelf_although_promised_last(worker, admin, house):
    """The number of pieces that is promised stays the same; who holds them does not."""
    oversold(admin, house, "a", 1)
    receive(worker, house, a=1)
    accept(
        worker,
        house,
        Draft(no="1", lines=(("c", 1),)),
        Draft(no="2", lines=(("a", 1),)),
        Draft(no="3", lines=(("a", 1),)),
    )
    dispatched(worker)
    assert [status(worker, house, no) for no in "23"] == ["ready_to_ship", "awaiting_stock"]
    accept(
        worker,
        house,
        Draft(no="1", lines=(("a", 1),), at=9),
        Draft(no="3", lines=(("c", 1),), at=9),
    )
    dispatched(worker)
    assert lines(worker, house, "1") == [("a", 1, 1, 0)]
    assert [status(worker, house, no) for no in "12"] == ["ready_to_ship", "awaiting_stock"]
    assert findings(admin) == {}


def test_goods_that_went_since_are_missed_with_a_sentence(worker, admin, house):
    oversold(admin, house, "a", 1)
    receive(worker, house, a=1)
    accept(worker, house, Draft(no="1", lines=(("a", 1),)))
    sql.call(
        worker, "stock.stock_adjust", house.skus["a"], house.warehouses["main"], -1, "lost", None
    )
    with pytest.raises(OutOfStock) as caught:
        ships(worker, house, "1")
    assert "not on the shelf" in caught.value.message
    assert findings(admin) == {}


def test_a_bundle_is_never_received(worker, admin, house):
    with pytest.raises(WrongState):
        receive(worker, house, ab=1)
    assert findings(admin) == {}
