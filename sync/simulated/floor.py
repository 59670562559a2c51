"""The shop floor of a simulated mall: listings with levels, orders with states. No HTTP.

Each `sync/channels/<code>/fake.py` of a simulated mall puts that mall's own API over it. A mall
sells down its own levels and refuses customers at 0, as real ones do; a cancellation does not raise
a level again, the shop's next push does. `oversold` counts pieces that the shop gave back as out of
stock after they were sold.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

JST: Final = timezone(timedelta(hours=9))
SHORTAGE: Final = "out_of_stock"

Record = Mapping[str, object]


class SoldOut(Exception):
    """The mall has not enough of a listing for this customer."""


class NotPossible(Exception):
    """The order is in a state that does not allow this."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True, kw_only=True)
class MallListing:
    """A listing and what the mall believes may be sold of it."""

    listing_no: str
    item_no: str
    name: str
    option: str
    sku_code: str
    gtin: str
    price: Decimal
    tax_rate: Decimal
    level: int = 0
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MallLine:
    """A line of a mall order."""

    line_no: int
    listing_no: str
    name: str
    option: str
    quantity: int
    unit_price: Decimal
    tax_rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MallCoupon:
    """A coupon on an order, and who bears it: shop, mall or maker."""

    coupon_code: str
    name: str
    bearer: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MallPerson:
    """A customer or a recipient, as the mall keeps them. Invented people only."""

    family_name: str
    given_name: str
    family_kana: str = ""
    given_kana: str = ""
    company: str = ""
    email: str = ""
    phone: str = ""
    postal_code: str = ""
    country_code: str = "JP"
    region: str = ""
    city: str = ""
    street: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What a customer puts before the mall. A shipping fee of None is fixed by the mall later."""

    wanted: Sequence[tuple[str, int]]
    buyer: MallPerson
    recipient: MallPerson
    customer_no: str = ""
    payment_method: str = "card"
    is_paid: bool = True
    currency_code: str = "JPY"
    yen_per_unit: Decimal = Decimal(1)
    shipping_fee: Decimal | None = Decimal(0)
    cod_fee: Decimal = Decimal(0)
    gift_fee: Decimal = Decimal(0)
    coupons: Sequence[MallCoupon] = ()
    points_used: Decimal = Decimal(0)
    note: str = ""
    requested_on: str = ""
    time_slot: str = ""
    is_gift: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MallOrder:
    """An order as the mall keeps it; every change makes a new one with the next revision."""

    order_no: str
    revision: int
    ordered_at: datetime
    changed_at: datetime
    state: str
    basket: Basket
    lines: tuple[MallLine, ...]
    paid_at: datetime | None = None
    payment_no: str = ""
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    shipped_at: datetime | None = None
    carrier: str = ""
    tracking_nos: tuple[str, ...] = ()

    @property
    def item_total(self) -> Decimal:
        """Sum of the lines, as charged."""
        return sum((line.unit_price * line.quantity for line in self.lines), Decimal(0))

    @property
    def coupon_total(self) -> Decimal:
        """Sum of the coupons, positive."""
        return sum((coupon.amount for coupon in self.basket.coupons), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What the customer pays; a fee that is not fixed counts as nothing yet."""
        added = (
            (self.basket.shipping_fee or Decimal(0)) + self.basket.cod_fee + self.basket.gift_fee
        )
        return self.item_total + added - self.coupon_total - self.basket.points_used


@dataclass(slots=True)
class Counters:
    """What a mall counted since it began."""

    placed: int = 0
    sold_out: int = 0
    cancelled: int = 0
    shipped: int = 0
    levels_set: int = 0
    oversold: int = 0


class FakeMall:
    """A mall with a memory. All methods may be called from several threads."""

    prefix = "M"

    def __init__(self, *, shop_name: str, clock: Callable[[], datetime]) -> None:
        self.shop_name = shop_name
        self.opened_at = clock()
        self.clock = clock
        self.lock = threading.RLock()
        self.listings: dict[str, MallListing] = {}
        self.orders: dict[str, MallOrder] = {}
        self.ghosts: dict[str, int] = {}
        self.counters = Counters()
        self.remember: Callable[[str, Record], None] = _forget
        self.on_level: Callable[[str, int], None] = _ignore
        self._next_no = 1

    # --- The shop's side ---

    def put_listing(self, listing: MallListing) -> None:
        """Offer something, or change the offer; the level of one that is there stays."""
        with self.lock:
            held = self.listings.get(listing.listing_no)
            if held is not None:
                listing = replace(listing, level=held.level)
            self.listings[listing.listing_no] = listing
            self.remember("listing", asdict(listing))

    def set_level(self, listing_no: str, level: int) -> bool:
        """Take over a level from the shop; False when there is no such listing."""
        with self.lock:
            self.counters.levels_set += 1
            listing = self.listings.get(listing_no)
            if listing is None:
                self.ghosts[listing_no] = level
                return False
            listing.level = level
            self.remember("level", {"listing_no": listing_no, "level": level})
        self.on_level(listing_no, level)
        return True

    def confirm(self, order_no: str) -> MallOrder:
        """The shop takes an order on. Again changes nothing."""
        with self.lock:
            order = self._order(order_no)
            if order.state in {"confirmed", "shipped"}:
                return order
            if order.state == "cancelled":
                raise NotPossible("CANCELLED")
            return self._store(order, "confirmed", state="confirmed")

    def ship(self, order_no: str, *, carrier: str, tracking_no: str) -> MallOrder:
        """The shop has shipped. The same tracking number again changes nothing."""
        with self.lock:
            order = self._order(order_no)
            if order.state == "cancelled":
                raise NotPossible("CANCELLED")
            if order.state == "new":
                raise NotPossible("NOT_CONFIRMED")
            if tracking_no in order.tracking_nos:
                return order
            if order.state != "shipped":
                self.counters.shipped += 1
            return self._store(
                order,
                "shipped",
                state="shipped",
                shipped_at=order.shipped_at or self.clock(),
                carrier=carrier,
                tracking_nos=(*order.tracking_nos, tracking_no),
            )

    # --- The customers' side ---

    def place(self, basket: Basket) -> MallOrder:
        """A customer buys, or `SoldOut` when the mall has too little of one thing."""
        if len({listing_no for listing_no, _ in basket.wanted}) != len(basket.wanted):
            message = "a basket names a listing twice"
            raise ValueError(message)
        with self.lock:
            lines = tuple(
                self._line(number, listing_no, quantity, basket.yen_per_unit)
                for number, (listing_no, quantity) in enumerate(basket.wanted, start=1)
            )
            for line in lines:
                listing = self.listings[line.listing_no]
                listing.level -= line.quantity
                self.remember("level", {"listing_no": line.listing_no, "level": listing.level})
            now = self.clock()
            number = self._next_no
            self._next_no += 1
            self.counters.placed += 1
            order = MallOrder(
                order_no=f"{self.prefix}-{now.astimezone(JST):%Y%m%d}-{number:07d}",
                revision=0,
                ordered_at=now,
                changed_at=now,
                state="new",
                basket=basket,
                lines=lines,
                paid_at=now if basket.is_paid else None,
                payment_no=f"P{number:09d}" if basket.is_paid else "",
            )
            return self._store(order, "created")

    def pay(self, order_no: str) -> MallOrder:
        """The customer pays. Again changes nothing."""
        with self.lock:
            order = self._order(order_no)
            if order.paid_at is not None:
                return order
            if order.state == "cancelled":
                raise NotPossible("CANCELLED")
            return self._store(
                order, "paid", paid_at=self.clock(), payment_no="P" + order_no.rsplit("-", 1)[-1]
            )

    def cancel(self, order_no: str, reason: str) -> MallOrder:
        """The customer or the shop cancels. Again changes nothing; too late once shipped."""
        with self.lock:
            order = self._order(order_no)
            if order.state == "cancelled":
                return order
            if order.state == "shipped":
                raise NotPossible("SHIPPED")
            self.counters.cancelled += 1
            if reason == SHORTAGE:
                self.counters.oversold += sum(line.quantity for line in order.lines)
            return self._store(
                order,
                "cancelled",
                state="cancelled",
                cancelled_at=self.clock(),
                cancel_reason=reason,
            )

    def change(
        self,
        order_no: str,
        *,
        note: str | None = None,
        quantities: Mapping[int, int] | None = None,
        recipient: MallPerson | None = None,
        shipping_fee: Decimal | None = None,
    ) -> MallOrder:
        """The customer changes their mind (quantities by line number), or the mall fixes a fee."""
        with self.lock:
            order = self._order(order_no)
            if order.state in {"cancelled", "shipped"}:
                raise NotPossible(order.state.upper())
            basket = order.basket
            if note is not None:
                basket = replace(basket, note=note)
            if recipient is not None:
                basket = replace(basket, recipient=recipient)
            if shipping_fee is not None:
                basket = replace(basket, shipping_fee=shipping_fee)
            lines = order.lines
            if quantities:
                lines = tuple(self._changed(line, quantities) for line in order.lines)
            return self._store(order, "changed", basket=basket, lines=lines)

    # --- Memory ---

    def records(self) -> Iterator[tuple[str, Record]]:
        """Yield what must be remembered now: the short form of all that was ever remembered."""
        for listing in self.listings.values():
            yield "listing", asdict(listing)
        for order in self.orders.values():
            yield "order", asdict(order)

    def recalled(self) -> None:
        """Called once after the last `recall`."""

    def recall(self, kind: str, record: Mapping[str, Any]) -> None:
        """Take back one remembered record; the last one of a thing wins."""
        with self.lock:
            if kind == "listing":
                listing = MallListing(**_decimals(record, "price", "tax_rate"))
                self.listings[listing.listing_no] = listing
            elif kind == "level":
                held = self.listings.get(str(record["listing_no"]))
                if held is not None:
                    held.level = int(record["level"])
            elif kind == "order":
                order = order_from(record)
                self.orders[order.order_no] = order
                self._next_no = max(self._next_no, int(order.order_no.rsplit("-", 1)[-1]) + 1)
                self.opened_at = min(self.opened_at, order.ordered_at)

    def stored(self, order: MallOrder, what: str) -> None:
        """Called under the lock after each change of an order; a feed is written here."""

    def _order(self, order_no: str) -> MallOrder:
        order = self.orders.get(order_no)
        if order is None:
            raise NotPossible("UNKNOWN_ORDER")
        return order

    def _store(self, order: MallOrder, what: str, **changes: Any) -> MallOrder:  # noqa: ANN401  # fields
        # Two changes of an order never carry the same time here; a mall's API may still round it.
        changed_at = max(self.clock(), order.changed_at + timedelta(milliseconds=1))
        if what == "created":
            changed_at = order.changed_at
        order = replace(order, **changes, revision=order.revision + 1, changed_at=changed_at)
        self.orders[order.order_no] = order
        self.remember("order", asdict(order))
        self.stored(order, what)
        return order

    def _line(self, number: int, listing_no: str, quantity: int, yen_per_unit: Decimal) -> MallLine:
        listing = self.listings.get(listing_no)
        if listing is None or listing.is_hidden or listing.level < quantity:
            self.counters.sold_out += 1
            raise SoldOut(listing_no)
        return MallLine(
            line_no=number,
            listing_no=listing_no,
            name=listing.name,
            option=listing.option,
            quantity=quantity,
            unit_price=_price(listing.price, yen_per_unit),
            tax_rate=listing.tax_rate,
        )

    def _changed(self, line: MallLine, quantities: Mapping[int, int]) -> MallLine:
        quantity = quantities.get(line.line_no, line.quantity)
        more = quantity - line.quantity
        listing = self.listings[line.listing_no]
        if more > listing.level:
            raise SoldOut(line.listing_no)
        listing.level -= max(more, 0)
        self.remember("level", {"listing_no": line.listing_no, "level": listing.level})
        return replace(line, quantity=quantity)


def order_from(record: Mapping[str, Any]) -> MallOrder:
    """Read an order back from what `asdict` made of it and JSON kept (Decimal and time as text)."""
    basket = _decimals(
        record["basket"], "yen_per_unit", "shipping_fee", "cod_fee", "gift_fee", "points_used"
    )
    basket["wanted"] = tuple((str(no), int(quantity)) for no, quantity in basket["wanted"])
    basket["buyer"] = MallPerson(**basket["buyer"])
    basket["recipient"] = MallPerson(**basket["recipient"])
    basket["coupons"] = tuple(MallCoupon(**_decimals(item, "amount")) for item in basket["coupons"])
    order = dict(record)
    for name in ("ordered_at", "changed_at", "paid_at", "cancelled_at", "shipped_at"):
        order[name] = None if order[name] is None else _time(order[name])
    order["basket"] = Basket(**basket)
    order["lines"] = tuple(
        MallLine(**_decimals(item, "unit_price", "tax_rate")) for item in record["lines"]
    )
    order["tracking_nos"] = tuple(order["tracking_nos"])
    return MallOrder(**order)


def _price(yen: Decimal, yen_per_unit: Decimal) -> Decimal:
    return yen if yen_per_unit == 1 else (yen / yen_per_unit).quantize(Decimal("0.01"))


def utc_now() -> datetime:
    """The clock of a mall that runs in real time."""
    return datetime.now(UTC)


def _decimals(record: Mapping[str, Any], *names: str) -> dict[str, Any]:
    values = dict(record)
    for name in names:
        values[name] = None if values[name] is None else Decimal(values[name])
    return values


def _time(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _forget(kind: str, record: Record) -> None:
    del kind, record


def _ignore(listing_no: str, level: int) -> None:
    del listing_no, level
