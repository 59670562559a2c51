"""Holds: each rule places its own and releases it, and an order says why it is where it is."""

from collections.abc import Callable
from typing import Any

import pytest

import sql
from sql.errors import ChangedMeanwhile, NotThere, Refused, WrongState
from tests.ledger.shop import (
    BUYER,
    PRICE,
    Draft,
    House,
    accept,
    findings,
    holds,
    order_id,
    receive,
    status,
)

LINES = (("a", 2),)
TOTAL = 2 * PRICE


def with_more(no: str = "1", at: int = 0, **more: Any) -> Draft:
    given = {name: more.pop(name) for name in ("lines", "is_paid") if name in more}
    return Draft(no=no, at=at, more=tuple(sorted(more.items())), **{"lines": LINES, **given})


def takes(draft: Draft) -> Callable[[Any, Any, House], None]:
    def run(worker: Any, _: Any, house: House) -> None:
        accept(worker, house, draft)

    return run


def rule_off(worker: Any, admin: Any, house: House) -> None:
    """Staff switch the rule off; the next look at the order releases what it had placed."""
    admin.execute("update sales.hold_rule set is_on = false where rule_kind = 'amount_over'")
    accept(
        worker, house, with_more(at=9, total=200_000, lines=(("a", 2000),), delivery_time_slot="am")
    )


def day_comes(column: str, table: str) -> Callable[[Any, Any, House], None]:
    def run(worker: Any, admin: Any, house: House) -> None:
        admin.execute(f"update {table} set {column} = current_date - 2 where {column} is not null")
        assert sql.value(worker, "sales.holds_refresh", 10) == 1
        assert sql.value(worker, "sales.holds_refresh", 10) == 0

    return run


def linked(worker: Any, admin: Any, house: House) -> None:
    listing_id = admin.execute(
        "select listing_id from channel.listing where external_listing_no = 'new'"
    ).fetchone()[0]
    sql.call(worker, "channel.listing_link", listing_id, house.skus["a"])


def rate_known(worker: Any, admin: Any, house: House) -> None:
    admin.execute("insert into base.exchange_rate values ('USD', '2026-01-01', 150)")
    accept(worker, house, with_more(at=9, currency_code="USD", delivery_time_slot="am"))


def paid(worker: Any, admin: Any, house: House) -> None:
    sql.call(worker, "sales.payment_record", order_id(worker, house, "1"), TOTAL, None, "p")


def goods_come(worker: Any, admin: Any, house: House) -> None:
    receive(worker, house, c=2)
    sql.call(worker, "transit.waiting_dispatch", 100)


def arrives(worker: Any, admin: Any, house: House) -> None:
    receive(worker, house, b=5)
    sql.call(worker, "transit.waiting_dispatch", 100)


Release = Callable[[Any, Any, House], None]
# reason: the draft that brings it, what the evidence says, the status it gives, what releases it
RULES: dict[str, tuple[Draft, dict[str, Any], str, Release]] = {
    "unknown_sku": (with_more(lines=(("new", 1),)), {"lines": 1}, "on_hold", linked),
    "amount_differs": (with_more(total=999), {"total": 999, "computed": TOTAL}, "on_hold", takes(with_more(at=9))),
    "amount_unfixed": (with_more(total=None), {}, "on_hold", takes(with_more(at=9))),
    "recipient_incomplete": (
        with_more(recipient={**BUYER, "postal_code": "?"}), {"field": "recipient"}, "on_hold", takes(with_more(at=9)),
    ),
    "buyer_note": (with_more(buyer_note="早く"), {"field": "buyer_note"}, "on_hold", takes(with_more(at=9))),
    "amount_over": (
        with_more(total=200_000, lines=(("a", 2000),)), {"total_base": 200_000}, "on_hold", rule_off,
    ),
    "rate_missing": (with_more(currency_code="USD"), {"currency_code": "USD"}, "on_hold", rate_known),
    "awaiting_payment": (with_more(is_paid=False), {"payment_method": "card"}, "awaiting_payment", paid),
    "awaiting_stock": (with_more(lines=(("b", 2),)), {"lines": 1}, "awaiting_stock", arrives),
    "awaiting_goods": (with_more(lines=(("c", 2),)), {"lines": 1}, "awaiting_stock", goods_come),
    "awaiting_release": (with_more(), {}, "awaiting_release", day_comes("on_sale_on", "catalog.sku")),
    "scheduled": (
        with_more(requested_delivery_on="2999-01-10"), {"ship_not_before": "2999-01-08"}, "scheduled",
        day_comes("ship_not_before", "sales.sales_order"),
    ),
}  # fmt: skip


@pytest.fixture
def stocked(worker, admin, house) -> House:
    receive(worker, house, a=5000)
    return house


def test_every_rule_is_tried(db):
    kinds = {row[0] for row in db.execute("select rule_kind from sales.hold_rule").fetchall()}
    assert kinds == set(RULES)


@pytest.mark.parametrize("reason", RULES)
def test_a_rule_places_its_hold_and_releases_it(worker, admin, stocked, reason):
    draft, evidence, headline, release = RULES[reason]
    if reason == "awaiting_release":
        admin.execute("update catalog.sku set on_sale_on = '2999-01-01' where sku_code = 'a'")
        evidence = {"on_sale_on": "2999-01-01"}
    if reason == "awaiting_goods":
        admin.execute("update catalog.sku set oversell_limit = 5 where sku_code = 'c'")
    accept(worker, stocked, draft)
    assert set(holds(worker, stocked, "1")) == {reason}
    assert status(worker, stocked, "1") == headline
    placed = admin.execute("select evidence, rule_version, placed_by from sales.hold").fetchone()
    assert tuple(placed) == (evidence, 1, 1)
    assert findings(admin) == {}
    release(worker, admin, stocked)
    assert holds(worker, stocked, "1") == {}
    assert status(worker, stocked, "1") == "ready_to_ship"
    released = admin.execute(
        "select released_at is not null as is_released, released_by from sales.hold"
    ).fetchone()
    assert tuple(released) == (True, None)
    assert findings(admin) == {}


@pytest.mark.parametrize(
    "free",
    [
        {"lines": ()},
        {
            "total": 0,
            "fees": [{"fee_kind": "points", "amount": -TOTAL, "is_shop_funded": False}],
        },
    ],
    ids=["nothing_ordered", "points_alone"],
)
def test_an_order_that_costs_nothing_waits_for_no_payment(worker, admin, stocked, free):
    accept(worker, stocked, with_more(is_paid=False, **free))
    assert status(worker, stocked, "1") == "ready_to_ship"
    # It costs something after all, and then nothing again
    accept(worker, stocked, with_more(at=9, is_paid=False))
    assert status(worker, stocked, "1") == "awaiting_payment"
    accept(worker, stocked, with_more(at=20, is_paid=False, is_gift=True, **free))
    assert status(worker, stocked, "1") == "ready_to_ship"
    assert findings(admin) == {}


def test_paid_while_nobody_knew_the_amount_is_not_paid(worker, admin, stocked):
    accept(worker, stocked, with_more(total=None, payments=[]))
    assert set(holds(worker, stocked, "1")) == {"amount_unfixed"}
    accept(worker, stocked, with_more(at=9, is_paid=False))
    assert status(worker, stocked, "1") == "awaiting_payment"
    assert findings(admin) == {}


def test_what_was_paid_once_pays_the_same_again(worker, admin, stocked):
    """Paid, then changed to nothing, then back: the money is there all the time."""
    accept(worker, stocked, with_more())
    accept(worker, stocked, with_more(at=9, is_paid=False, lines=()))
    accept(worker, stocked, with_more(at=20, is_paid=False))
    assert status(worker, stocked, "1") == "ready_to_ship"
    assert findings(admin) == {}


def test_an_order_whose_amount_is_not_fixed_waits_for_its_payment(worker, admin, stocked):
    accept(worker, stocked, with_more(is_paid=False, total=None))
    assert set(holds(worker, stocked, "1")) == {"amount_unfixed", "awaiting_payment"}
    assert findings(admin) == {}


def test_a_person_releases_and_is_remembered(worker, admin, stocked, as_staff):
    desk = as_staff("order_desk")
    accept(worker, stocked, with_more(buyer_note="早く"))
    hold_id = holds(desk, stocked, "1")["buyer_note"]
    sql.call(desk, "sales.hold_release", hold_id, " 読みました ")
    row = admin.execute(
        "select released_by, release_note from sales.hold where hold_id = %s", (hold_id,)
    ).fetchone()
    assert tuple(row) == (sql.value(desk, "access.account_id"), "読みました")
    with pytest.raises(ChangedMeanwhile):
        sql.call(desk, "sales.hold_release", hold_id, None)
    with pytest.raises(NotThere):
        sql.call(desk, "sales.hold_release", 999_999, None)
    assert findings(admin) == {}


def test_what_no_person_decides_no_person_releases(worker, stocked, as_staff):
    accept(worker, stocked, with_more(is_paid=False))
    with pytest.raises(WrongState) as caught:
        sql.call(
            as_staff("manager"),
            "sales.hold_release",
            holds(worker, stocked, "1")["awaiting_payment"],
            None,
        )
    assert "入金" in caught.value.message
    assert "Awaiting payment" in caught.value.message
    assert caught.value.hint


def test_a_hold_by_hand(worker, admin, stocked, as_staff):
    support = as_staff("support")
    accept(worker, stocked, with_more())
    sql.call(support, "sales.hold_place", order_id(worker, stocked, "1"), "電話待ち")
    assert status(worker, stocked, "1") == "on_hold"
    # the rules do not touch it
    accept(worker, stocked, with_more(at=9, is_gift=True))
    assert set(holds(worker, stocked, "1")) == {"manual"}
    sql.call(worker, "sales.order_cancel", order_id(worker, stocked, "1"), "buyer")
    with pytest.raises(WrongState):
        sql.call(support, "sales.hold_place", order_id(worker, stocked, "1"), "x")
    assert findings(admin) == {}


def test_a_rule_of_one_shop_binds_that_shop(worker, admin, stocked):
    admin.execute(
        "update sales.hold_rule set shop_id = %s where rule_code = 'buyer_note'",
        (stocked.shops["two"],),
    )
    accept(
        worker, stocked, with_more(buyer_note="x"),
        Draft(no="2", shop="two", lines=LINES, more=(("buyer_note", "x"),)),
    )  # fmt: skip
    assert holds(worker, stocked, "1") == {}
    assert set(holds(worker, stocked, "2", "two")) == {"buyer_note"}


def test_a_limit_belongs_to_amounts(admin):
    for change in (
        "amount_limit = null where rule_kind = 'amount_over'",
        "amount_limit = 1 where rule_kind = 'scheduled'",
    ):
        with pytest.raises(Refused):
            sql.run(admin, f"update sales.hold_rule set {change}")


def test_an_order_that_cost_nothing_waits_for_its_payment_when_it_costs_something(
    worker, admin, stocked
):
    asks = "select paid_at is not null as is_paid, status::text from sales.sales_order"
    accept(worker, stocked, Draft(no="1", lines=(("a", 0),)))
    accept(worker, stocked, Draft(no="1", lines=(("a", 1),), at=10, is_paid=False))
    assert admin.execute(asks).fetchall() == [(False, "awaiting_payment")]
    accept(worker, stocked, Draft(no="1", lines=(("a", 1),), at=20))
    assert admin.execute(asks).fetchall() == [(True, "ready_to_ship")]
    assert admin.execute("select * from report.check_payment").fetchall() == []


def explained(connection: Any, house: House, no: str) -> list[tuple[int, str]]:
    return [
        (row.step, row.reason)
        for row in sql.call(connection, "sales.order_explain", order_id(connection, house, no))
    ]


def test_an_order_says_why_it_is_where_it_is(worker, admin, stocked):
    accept(worker, stocked, with_more(lines=(("new", 1), ("b", 1)), is_paid=False, buyer_note="x"))
    rows = sql.call(worker, "sales.order_explain", order_id(worker, stocked, "1"))
    assert [(row.step, row.reason) for row in rows] == [
        (0, "on_hold"), (1, "unknown_sku"), (2, "buyer_note"), (3, "awaiting_payment"), (4, "awaiting_stock"),
    ]  # fmt: skip
    for row in rows:
        assert " | " in row.label
        assert " | " in row.release
        assert row.since
    assert rows[1].evidence == {"lines": 1}
    assert (rows[1].rule_code, rows[1].rule_version) == ("unknown_sku", 1)


def test_an_order_that_has_ended_waits_for_nothing(worker, admin, stocked):
    accept(worker, stocked, with_more("1"), with_more("2", buyer_note="x"))
    assert explained(worker, stocked, "1") == [(0, "ready_to_ship")]
    sql.call(worker, "shipping.shipment_post", order_id(worker, stocked, "1"), "yamato", "1")
    assert explained(worker, stocked, "1") == [(0, "shipped")]
    sql.call(worker, "sales.order_cancel", order_id(worker, stocked, "2"), "out_of_stock")
    assert explained(worker, stocked, "2") == [(0, "cancelled")]
    assert sql.call(worker, "sales.order_explain", 999_999) == []
