"""What intake does to stock, told in single steps: the machine beside it takes any order of them."""

from tests.ledger.shop import (
    Draft,
    accept,
    balance,
    findings,
    holds,
    lines,
    outcomes,
    receive,
    status,
)


def test_reservations_follow_the_order_of_arrival(worker, admin, house):
    receive(worker, house, a=5)
    first = Draft(no="1", lines=(("a", 3),))
    second = Draft(no="2", shop="two", lines=(("a", 3),))
    assert outcomes(worker, house, first, second) == ["accepted", "accepted"]
    assert lines(worker, house, "1") == [("a", 3, 3, 0)]
    assert lines(worker, house, "2", "two") == [("a", 3, 2, 0)]
    assert (status(worker, house, "1"), status(worker, house, "2", "two")) == (
        "ready_to_ship",
        "awaiting_stock",
    )
    assert balance(worker, house, "a") == (5, 5)
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
