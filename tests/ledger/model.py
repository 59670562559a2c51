"""What the ledger should say, in plain Python: no SQL, no sets of rows, one thing after another."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.ledger.shop import Draft

Key = tuple[str, str]


@dataclass(slots=True, kw_only=True)
class Line:
    """A line, and which pieces of which parts it holds."""

    listing: str
    sku: str | None
    no: int
    ordered: int
    reserved: int = 0
    shipped: int = 0
    held: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True, kw_only=True)
class Order:
    """An order, its place in the queue, and the facts of which its status follows."""

    arrival: int
    changed_at: int
    said: tuple[object, ...]
    is_history: bool
    is_paid: bool
    end: str = ""
    total: int = 0
    # What came in for it; the mall tells of each amount once
    paid: int = 0
    told: set[int] = field(default_factory=set)
    lines: dict[str, Line] = field(default_factory=dict)
    is_held: bool = False
    released: set[int] = field(default_factory=set)

    @property
    def unknown(self) -> int:
        return sum(1 for line in self.lines.values() if line.sku is None and line.ordered)

    @property
    def short(self) -> int:
        return sum(
            1
            for line in self.lines.values()
            if line.sku is not None and line.reserved < line.ordered
        )

    @property
    def is_unknown_held(self) -> bool:
        return bool(self.unknown) and self.unknown not in self.released

    @property
    def held(self) -> Counter[str]:
        return sum((line.held for line in self.lines.values()), Counter())

    def status(self, *, is_beyond: bool) -> str:
        """Its headline; `is_beyond` when goods that it was promised are not on the shelf."""
        if self.end:
            return self.end
        if self.is_held or self.is_unknown_held:
            return "on_hold"
        if not self.is_paid and self.total > 0:
            return "awaiting_payment"
        return "awaiting_stock" if self.short or is_beyond else "ready_to_ship"


@dataclass(slots=True)
class Model:
    """Stock and orders of one warehouse."""

    bundles: dict[str, dict[str, int]]
    links: dict[Key, str | None]
    on_hand: Counter[str] = field(default_factory=Counter)
    limit: Counter[str] = field(default_factory=Counter)
    orders: dict[Key, Order] = field(default_factory=dict)

    def parts(self, sku: str | None) -> Mapping[str, int]:
        return {} if sku is None else self.bundles.get(sku, {sku: 1})

    def reserved(self, sku: str) -> int:
        return sum(
            line.held[sku] for order in self.orders.values() for line in order.lines.values()
        )

    def beyond(self) -> set[int]:
        """Arrivals of orders that the shelf does not reach: it goes to who came first."""
        found: set[int] = set()
        left = Counter(self.on_hand)
        for order in sorted(self.orders.values(), key=lambda one: one.arrival):
            held = order.held
            left.subtract(held)
            if any(left[sku] < 0 for sku in held):
                found.add(order.arrival)
        return found

    def room(self, sku: str) -> int:
        return self.on_hand[sku] + self.limit[sku] - self.reserved(sku)

    def give_back(self, line: Line, keep: int) -> None:
        line.reserved = keep
        line.held = Counter(
            {part: n * keep for part, n in self.parts(line.sku).items() if n * keep}
        )

    def give(self, wanting: Iterable[tuple[Order, Line]]) -> None:
        """First all that is not kept goes back, then each takes what there is, in order of arrival."""
        queue = sorted(wanting, key=lambda pair: (pair[0].arrival, pair[1].no))
        for _, line in queue:
            as_today = {
                part: n * line.reserved
                for part, n in self.parts(line.sku).items()
                if n * line.reserved
            }
            if dict(line.held) != as_today:
                self.give_back(line, 0)
        for _, line in queue:
            parts = self.parts(line.sku)
            if not parts or line.reserved >= line.ordered:
                continue
            can = min(self.room(part) // n for part, n in parts.items())
            self.give_back(line, line.reserved + max(0, min(can, line.ordered - line.reserved)))

    def serve(self, skus: Iterable[str]) -> None:
        """What waits for one of these SKUs, itself or in a bundle; only where there is some to give.

        Where there is none nobody looks: what a line holds of a bundle's old parts stays with it.
        """
        wanted = set(skus)
        queue: list[tuple[Order, Line]] = []
        for order in self.orders.values():
            waiting = [
                line
                for line in order.lines.values()
                if line.reserved < line.ordered and wanted & set(self.parts(line.sku))
            ]
            if order.end or order.is_history:
                continue
            if any(
                part in wanted and self.room(part) >= n
                for line in waiting
                for part, n in self.parts(line.sku).items()
            ):
                queue += [(order, line) for line in waiting]
        self.give(queue)

    def accept(self, page: Sequence[Draft]) -> dict[int, str]:
        """Take in a page; the outcome of each message."""
        outcome: dict[int, str] = {draft.message_id: "repeated" for draft in page}
        wanting: list[tuple[Order, Line]] = []
        for key in {(draft.shop, draft.no) for draft in page}:
            same = [draft for draft in page if (draft.shop, draft.no) == key]
            draft = max(same, key=lambda one: (one.at, one.message_id))
            order = self.orders.get(key)
            what = self.what(order, draft)
            outcome[draft.message_id] = "changed" if what == "paid" else what
            if what == "accepted":
                order = self.orders[key] = Order(
                    arrival=min(one.message_id for one in same),
                    changed_at=draft.at,
                    said=draft.said,
                    is_history=draft.is_history,
                    is_paid=draft.is_paid and not draft.is_cancelled,
                    end="cancelled"
                    if draft.is_cancelled
                    else "shipped"
                    if draft.is_history
                    else "",
                )
            if order is None or what == "repeated":
                continue
            order.changed_at, order.said = draft.at, draft.said
            is_paid = draft.is_paid and not draft.is_cancelled
            if what != "blocked" and is_paid and draft.total not in order.told:
                order.told.add(draft.total)
                order.paid += draft.total
            if what == "paid":
                order.is_paid = True
            elif what == "cancelled":
                self.end(order, "cancelled")
            elif what in ("accepted", "changed"):
                was_paid = order.is_paid and not order.total <= 0 < draft.total
                order.is_paid = was_paid or is_paid
                if what == "changed":
                    # Less is asked than has come in already
                    order.is_paid = order.is_paid or 0 < draft.total <= order.paid
                order.total = draft.total
                wanting += self.write(order, draft)
        self.give(wanting)
        return outcome

    @staticmethod
    def what(order: Order | None, draft: Draft) -> str:
        if order is None:
            return "accepted"
        if draft.at < order.changed_at or draft.said == order.said:
            return "repeated"
        if order.is_history:
            if not draft.is_history:
                return "repeated"
            return "blocked" if draft.is_cancelled else "changed"
        if order.end == "cancelled" and draft.is_cancelled:
            return "repeated"
        if (
            order.end == "shipped"
            and not order.is_paid
            and draft.is_paid
            and not draft.is_cancelled
        ):
            # Late money alone is recorded; an order that ended is not written again
            return "paid" if draft.total == order.total else "blocked"
        if order.end:
            return "blocked"
        return "cancelled" if draft.is_cancelled else "changed"

    def write(self, order: Order, draft: Draft) -> list[tuple[Order, Line]]:
        """Bring the lines to what the draft says; those that may want stock come back."""
        said = {
            str(no): (no, listing, quantity)
            for no, (listing, quantity) in enumerate(draft.lines, 1)
        }
        for key, (no, listing, quantity) in said.items():
            line = order.lines.get(key)
            if line is None:
                line = order.lines[key] = Line(
                    listing=listing,
                    sku=self.links.get((draft.shop, listing)),
                    no=no,
                    ordered=quantity,
                )
            elif line.listing != listing:
                line.listing, line.sku, line.reserved = (
                    listing,
                    self.links.get((draft.shop, listing)),
                    0,
                )
                line.held.clear()
            line.ordered = quantity
        for key, line in order.lines.items():
            if key not in said:
                line.ordered = 0
            if order.end:
                line.shipped = line.ordered if order.end == "shipped" else 0
            elif line.reserved > line.ordered:
                self.shrink(line, line.ordered)
        return [] if order.end else [(order, line) for line in order.lines.values()]

    @staticmethod
    def shrink(line: Line, keep: int) -> None:
        per = {part: n // line.reserved for part, n in line.held.items()}
        line.reserved = keep
        line.held = Counter({part: n * keep for part, n in per.items() if n * keep})

    def end(self, order: Order, how: str) -> None:
        order.end = how
        for line in order.lines.values():
            if how == "shipped":
                self.on_hand.subtract(line.held)
                line.shipped = line.reserved
            line.reserved = 0
            line.held = Counter()
