"""The Hypothesis machine: every way to change stock, in any order, beside the model.

After each step every check view is empty, and balances, lines and headlines are the model's.
One transaction of the administrator's connection holds a whole run; it is rolled back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import sql
from sql.errors import DaichoError, NotAllowed, Refused
from tests.ledger.model import Line, Model, Order
from tests.ledger.shop import (
    Draft,
    House,
    accept,
    arrived,
    build,
    findings,
    order_id,
    receive,
    status,
)
from tests.ledger.state import STATE, UNSETTLED, shown

SKUS = ("a", "b", "c")
BUNDLES = {"ab": {"a": 1, "b": 2}, "bc": {"b": 1, "c": 1}}
NEW = ("new",)
NOS = ("1", "2", "3")
LISTED = (*SKUS, *BUNDLES, *NEW)
order_lines = st.lists(
    st.tuples(st.sampled_from(LISTED), st.integers(0, 4)), min_size=1, max_size=2
).map(tuple)
said = st.builds(
    Draft,
    shop=st.sampled_from(("one", "one", "two")),
    no=st.sampled_from(NOS),
    lines=order_lines,
    at=st.integers(0, 20),
    is_paid=st.sampled_from((True, True, False)),
    is_cancelled=st.sampled_from((False, False, False, True)),
    is_history=st.sampled_from((False, False, False, False, False, True)),
)


class Ledger(RuleBasedStateMachine):
    """Rules are named after what people and malls do."""

    admin: ClassVar[Any] = None

    def __init__(self) -> None:
        super().__init__()
        self.whole = self.admin.transaction(force_rollback=True)
        self.whole.__enter__()
        self.seen: list[Draft] = []

    @initialize(
        stock=st.fixed_dictionaries({code: st.integers(0, 8) for code in SKUS}),
        limits=st.fixed_dictionaries({code: st.sampled_from((0, 0, 4)) for code in SKUS}),
    )
    def opens(self, stock: dict[str, int], limits: dict[str, int]) -> None:
        self.house: House = build(self.admin, skus=SKUS, bundles=BUNDLES)
        for code, limit in limits.items():
            self.admin.execute(
                "update catalog.sku set oversell_limit = %s where sku_id = %s",
                (limit, self.house.skus[code]),
            )
        links = {(shop, code): code for shop in self.house.shops for code in (*SKUS, *BUNDLES)}
        self.model = Model({code: dict(parts) for code, parts in BUNDLES.items()}, dict(links))
        self.model.limit.update(limits)
        self.admin.execute("select set_config('daicho.account_id', '1', false)")
        self.be("daicho_worker")
        self.receive({code: quantity for code, quantity in stock.items() if quantity})

    def teardown(self) -> None:
        self.whole.__exit__(None, None, None)
        self.be(None)

    def be(self, login: str | None, role: str = "none") -> None:
        self.admin.execute("reset session authorization")
        if login:
            self.admin.execute(f"set session authorization {login}")
            self.admin.execute(f"set role {role}")

    @contextmanager
    def staff(self) -> Iterator[None]:
        """What a manager does on the screen."""
        self.be("daicho_web", "daicho_manager")
        yield
        self.be("daicho_worker")

    @contextmanager
    def nobody(self) -> Iterator[None]:
        """To look at everything."""
        self.be(None)
        yield
        self.be("daicho_worker")

    def refused(self, function: str, *arguments: object) -> bool:
        """Whether the schema refuses; a right that is missing is an error."""
        refusal: Exception | None = None
        with self.staff():
            try:
                with sql.transaction(self.admin):
                    sql.call(self.admin, function, *arguments)
            except (DaichoError, Refused) as error:
                refusal = error
        assert not isinstance(refusal, NotAllowed), refusal
        return refusal is not None

    def order_id(self, key: tuple[str, str]) -> int:
        return order_id(self.admin, self.house, key[1], key[0])

    def some(self, data: st.DataObject, *ends: str) -> tuple[tuple[str, str], Order]:
        keys = [key for key, order in self.model.orders.items() if not ends or order.end in ends]
        key = data.draw(st.sampled_from(sorted(keys)))
        return key, self.model.orders[key]

    # Stock

    def receive(self, quantity: dict[str, int]) -> None:
        assert receive(self.admin, self.house, **quantity) == len(quantity)
        self.model.on_hand.update(quantity)

    @rule(code=st.sampled_from(SKUS), quantity=st.integers(1, 6))
    def goods_come_in(self, code: str, quantity: int) -> None:
        self.receive({code: quantity})

    @rule(code=st.sampled_from(SKUS), quantity=st.integers(-4, 4))
    def somebody_adjusts(self, code: str, quantity: int) -> None:
        refused = self.refused(
            "stock.stock_adjust",
            self.house.skus[code],
            self.house.warehouses["main"],
            quantity,
            "counted",
            None,
        )
        after = self.model.on_hand[code] + quantity
        fits = (
            quantity != 0
            and after >= 0
            and self.model.reserved(code) <= after + self.model.limit[code]
        )
        assert refused != fits
        if fits:
            self.model.on_hand[code] = after

    @rule(code=st.sampled_from(SKUS), limit=st.integers(0, 4))
    def the_oversell_limit_changes(self, code: str, limit: int) -> None:
        fits = self.model.reserved(code) <= self.model.on_hand[code] + limit
        with self.staff():
            try:
                with sql.transaction(self.admin):
                    self.admin.execute(
                        "update catalog.sku set oversell_limit = %s where sku_id = %s",
                        (limit, self.house.skus[code]),
                    )
            except Refused:
                assert not fits
            else:
                assert fits
                self.model.limit[code] = limit

    @precondition(lambda self: self.lines(lambda line: line.sku in BUNDLES and line.ordered > 0))
    @rule(
        data=st.data(),
        parts=st.dictionaries(st.sampled_from(SKUS), st.integers(1, 2), max_size=3),
    )
    def a_bundle_is_composed_anew(self, data: st.DataObject, parts: dict[str, int]) -> None:
        found = self.lines(lambda line: line.sku in BUNDLES and line.ordered > 0)
        bundle = data.draw(st.sampled_from(sorted({str(line.sku) for line in found})))
        with self.staff():
            bundle_id = self.house.skus[bundle]
            self.admin.execute(
                "delete from catalog.bundle_component where bundle_sku_id = %s", (bundle_id,)
            )
            for part, quantity in sorted(parts.items()):
                self.admin.execute(
                    "insert into catalog.bundle_component values (%s, %s, %s)",
                    (bundle_id, self.house.skus[part], quantity),
                )
        self.model.bundles[bundle] = dict(parts)

    def lines(self, wanted: Callable[[Line], bool]) -> list[Line]:
        """Lines of orders that have not ended."""
        return [
            line
            for order in self.model.orders.values()
            if not order.end
            for line in order.lines.values()
            if wanted(line)
        ]

    # Orders

    @rule(drafts=st.lists(said, min_size=1, max_size=4))
    def a_page_comes(self, drafts: list[Draft]) -> None:
        self.take([arrived(self.admin, self.house, draft) for draft in drafts])

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def drafts_come_again_in_another_order(self, data: st.DataObject) -> None:
        self.take(
            data.draw(st.lists(st.sampled_from(self.seen), min_size=1, max_size=4, unique=True))
        )

    @rule(drafts=st.lists(said, min_size=2, max_size=3))
    def documents_are_kept_and_read_later(self, drafts: list[Draft]) -> None:
        """Their place in the queue is that of the document, whatever is taken in first."""
        self.seen += [arrived(self.admin, self.house, draft) for draft in drafts]

    @rule(drafts=st.lists(said, min_size=1, max_size=3))
    def a_transaction_is_rolled_back(self, drafts: list[Draft]) -> None:
        with self.admin.transaction(force_rollback=True):
            page = [arrived(self.admin, self.house, draft) for draft in drafts]
            accept(self.admin, self.house, *page)
            receive(self.admin, self.house, a=3)
            sql.call(self.admin, "transit.waiting_dispatch", 1000)

    def take(self, page: list[Draft]) -> None:
        expected = self.model.accept(page)
        assert accept(self.admin, self.house, *page) == expected
        self.seen += [draft for draft in page if draft not in self.seen]

    @precondition(lambda self: self.model.orders)
    @rule(data=st.data())
    def staff_cancel(self, data: st.DataObject) -> None:
        key, order = self.some(data)
        assert self.refused("sales.order_cancel", self.order_id(key), "buyer") == bool(order.end)
        if not order.end:
            self.model.end(order, "cancelled")

    @precondition(lambda self: self.model.orders)
    @rule(data=st.data())
    def somebody_holds(self, data: st.DataObject) -> None:
        key, order = self.some(data)
        assert self.refused("sales.hold_place", self.order_id(key), "読む | read") == bool(
            order.end
        )
        order.is_held = order.is_held or not order.end

    @precondition(lambda self: self.model.orders)
    @rule(data=st.data())
    def somebody_releases(self, data: st.DataObject) -> None:
        key, order = self.some(data)
        found = dict(
            self.admin.execute(
                "select hold_reason::text, hold_id from sales.hold where sales_order_id = %s and released_at is null",
                (self.order_id(key),),
            ).fetchall()
        )
        if not order.end:
            assert ("manual" in found) == order.is_held
            assert ("unknown_sku" in found) == order.is_unknown_held
        for reason, hold_id in found.items():
            by_person = reason in ("manual", "unknown_sku")
            assert self.refused("sales.hold_release", hold_id, "ok") == (not by_person)
            if reason == "manual":
                order.is_held = False
            elif reason == "unknown_sku":
                order.released.add(order.unknown)

    @precondition(lambda self: any(not order.is_history for order in self.model.orders.values()))
    @rule(data=st.data(), part=st.booleans())
    def money_comes(self, data: st.DataObject, part: bool) -> None:
        key, order = self.some(data)
        if order.is_history or order.is_paid:
            return
        number, total, paid = self.admin.execute(
            "select known.sales_order_id, known.total, coalesce(sum(payment.amount), 0) from sales.sales_order as known"
            " left join sales.payment as payment using (sales_order_id) where known.sales_order_id = %s group by 1",
            (self.order_id(key),),
        ).fetchone()
        amount = (total - paid) // 2 if part else total - paid
        payments = self.admin.execute(
            "select count(*) from sales.payment where sales_order_id = %s", (number,)
        ).fetchone()[0]
        refused = self.refused("sales.payment_record", number, amount, None, f"p{payments}")
        # Nothing is no payment, and an order of no price waits for none
        assert refused == (amount <= 0)
        if amount > 0:
            order.paid = int(paid + amount)
            order.is_paid = order.paid >= total

    @precondition(lambda self: self.model.orders)
    @rule(data=st.data())
    def somebody_ships(self, data: st.DataObject) -> None:
        key, order = self.some(data)
        is_called_ready = status(self.admin, self.house, key[1], key[0]) == "ready_to_ship"
        # Only between a change and the dispatcher's look at it may one be called ready whose goods are gone
        can = is_called_ready and self.is_there(order)
        number = self.order_id(key)
        # All in one parcel
        assert self.refused("shipping.shipment_post", number, "yamato", "123-456", True) == (
            not can
        )
        if can:
            self.model.end(order, "shipped")

    @rule()
    def all_that_is_called_ready_can_leave(self) -> None:
        """One after the other, in any order of their numbers; then it is as if nothing had been."""
        with self.admin.transaction(force_rollback=True):
            self.settle()
            ready = [
                row[0]
                for row in self.admin.execute(
                    "select sales_order_id from sales.sales_order where status = 'ready_to_ship'"
                    " order by sales_order_id desc"
                ).fetchall()
            ]
            for number in ready:
                assert not self.refused("shipping.shipment_post", number, "yamato", str(number)), (
                    number
                )

    def settle(self) -> None:
        """Let the dispatcher look until nothing is left to look at."""
        for _ in range(10):
            sql.call(self.admin, "transit.waiting_dispatch", 1000)
            if not self.admin.execute(UNSETTLED).fetchall():
                return
        raise AssertionError("it does not settle")

    def is_there(self, order: Order) -> bool:
        """Whether the shelf holds what the order was promised."""
        return all(n <= self.model.on_hand[sku] for sku, n in order.held.items())

    @precondition(lambda self: self.lines(lambda line: line.listing in NEW))
    @rule(
        shop=st.sampled_from(("one", "one", "two")),
        code=st.sampled_from((*SKUS, *BUNDLES)),
    )
    def a_listing_is_linked(self, shop: str, code: str) -> None:
        listing = NEW[0]
        found = self.admin.execute(
            "select listing_id from channel.listing where shop_id = %s and external_listing_no = %s",
            (self.house.shops[shop], listing),
        ).fetchone()
        if found is None:
            return
        assert not self.refused("channel.listing_link", found[0], self.house.skus[code])
        self.model.links[(shop, listing)] = code
        for (at, _), order in self.model.orders.items():
            for line in order.lines.values():
                if at == shop and line.listing == listing and line.sku is None:
                    line.sku = code
        self.model.serve(self.model.parts(code))

    @rule()
    def who_waits_is_served_and_the_shops_are_told(self) -> None:
        for _ in range(3):
            sql.call(self.admin, "transit.waiting_dispatch", 1000)
        sql.call(self.admin, "transit.changes_dispatch", 1000)
        self.model.serve(SKUS)

    # What holds after each of them

    @invariant()
    def every_check_is_empty(self) -> None:
        with self.nobody():
            found = findings(self.admin)
        assert found == {}

    @invariant()
    def the_model_agrees(self) -> None:
        with self.nobody():
            state = self.admin.execute(STATE).fetchall()
            unsettled = {tuple(row) for row in self.admin.execute(UNSETTLED).fetchall()}
        found = {(kind, one, two): value for kind, one, two, value in state}
        for code in SKUS:
            expected = [self.model.on_hand[code], self.model.reserved(code)]
            assert found.pop(("balance", code, "")) == expected, code
            assert found.pop(("as_of", code, "")) == expected, code
        beyond = self.model.beyond()
        for key, order in self.model.orders.items():
            headline, lines = found.pop(("order", *key))
            assert lines == ({no: shown(line) for no, line in order.lines.items()} or None), key
            is_beyond = order.arrival in beyond
            may_be = (is_beyond, not is_beyond) if key in unsettled else (is_beyond,)
            assert headline in {order.status(is_beyond=one) for one in may_be}, key
            if headline == "ready_to_ship" and key not in unsettled:
                assert self.is_there(order), key
        assert found == {}


def with_examples(
    examples: int, steps: int, *, finds: bool = False, is_random: bool = False
) -> settings:
    """Settings of a run; one that should find a planted bug does not shrink it."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        # The same examples each time: what a run finds, the next one finds too. `scripts/ledgersearch`
        # draws others and says their seed
        derandomize=not is_random,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,) if finds else (Phase.generate, Phase.shrink),
    )
