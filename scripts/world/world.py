"""The world: simulated malls, each on its own port, with customers, faults and a log of what they were told."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Self

from scripts.world.catalogue import CatalogueSku, catalogue
from scripts.world.customers import Customers
from scripts.world.faults import FaultBox
from scripts.world.journal import Journal
from scripts.world.nudger import Nudger
from scripts.world.server import MallServer
from scripts.world.visits import Visits
from sync.channels.hinode.fake import Fake as Hinode
from sync.channels.minato.fake import Fake as Minato
from sync.simulated.floor import MallListing, MallOrder, NotPossible, SoldOut

LOG_MAX: Final = 500_000

MAKE: Final[Mapping[str, Callable[[], Hinode | Minato]]] = {"hinode": Hinode, "minato": Minato}


@dataclass(frozen=True, slots=True, kw_only=True)
class MallSpec:
    """Which mall, under which name, where. Port 0 takes a free one; `webhook` is our door."""

    channel_code: str
    name: str
    port: int = 0
    webhook: str = ""


DEFAULT_MALLS: Final = (
    MallSpec(channel_code="hinode", name="hinode-1"),
    MallSpec(channel_code="minato", name="minato-1"),
)


@dataclass(frozen=True, slots=True)
class LevelReceived:
    """A mall was told a level. `at` is `time.monotonic()`."""

    at: float
    mall: str
    listing_no: str
    level: int


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A mall answered a request. `at` is `time.monotonic()` when it came."""

    at: float
    mall: str
    method: str
    path: str
    status: int
    duration_ms: float


@dataclass(slots=True, kw_only=True)
class RunningMall:
    """One mall of the world with all that belongs to it."""

    spec: MallSpec
    fake: Hinode | Minato
    box: FaultBox
    server: MallServer
    customers: Customers
    visits: Visits
    journal: Journal | None = None
    nudger: Nudger | None = None

    @property
    def url(self) -> str:
        """Where the mall is."""
        return self.server.url

    def faults(self, **wanted: Any) -> Mapping[str, object]:  # noqa: ANN401  # fields by name
        """Change faults; see `Faults` for their names. Returns them all."""
        faults = self.box.set(**wanted)
        self.fake.page_overlap = int(faults.page_overlap)
        if isinstance(self.fake, Minato):
            self.fake.duplicate_rate = faults.duplicate_rate
            self.fake.reorder_rate = faults.reorder_rate
        else:
            self.fake.search_lag = timedelta(seconds=faults.search_lag_s)
        return asdict(faults)


@dataclass(slots=True)
class Logs:
    """What the malls saw, the newest `LOG_MAX` of each."""

    levels: deque[LevelReceived] = field(default_factory=lambda: deque(maxlen=LOG_MAX))
    requests: deque[RequestSeen] = field(default_factory=lambda: deque(maxlen=LOG_MAX))


class World:
    """All malls. Usable in a test or bench of the same process, or through `/_world/` of each mall."""

    def __init__(
        self,
        malls: Sequence[MallSpec] = DEFAULT_MALLS,
        *,
        seed: int = 1,
        speed: float = 1.0,
        data: Path | None = None,
        skus: Sequence[CatalogueSku] | None = None,
    ) -> None:
        self.logs = Logs()
        self.skus = catalogue() if skus is None else tuple(skus)
        self.malls: dict[str, RunningMall] = {
            spec.name: self._make(spec, seed + number, speed, data)
            for number, spec in enumerate(malls)
        }

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    @property
    def urls(self) -> Mapping[str, str]:
        """Address of each mall by its name."""
        return {name: mall.url for name, mall in self.malls.items()}

    def start(self) -> None:
        """Open all malls. Nobody buys until `visits` are started."""
        for mall in self.malls.values():
            mall.server.start()

    def stop(self) -> None:
        """Send the customers home, close the malls, write everything down."""
        for mall in self.malls.values():
            mall.visits.stop()
            mall.server.stop()
            if mall.nudger is not None:
                mall.nudger.stop()
            if mall.journal is not None:
                mall.journal.close()

    def place_order(
        self,
        mall: str,
        wanted: Sequence[tuple[str, int]] | None = None,
        **choices: Any,  # noqa: ANN401  # fields by name
    ) -> MallOrder:
        """Let somebody buy; `choices` replace fields of the invented `Basket`. Raises `SoldOut`."""
        return self.malls[mall].visits.buy(wanted, **choices)

    def pay(self, mall: str, order_no: str) -> MallOrder:
        """Let the customer pay."""
        return self.malls[mall].fake.pay(order_no)

    def cancel(self, mall: str, order_no: str, reason: str = "buyer") -> MallOrder:
        """Let the customer cancel."""
        return self.malls[mall].fake.cancel(order_no, reason)

    def change(self, mall: str, order_no: str, **changes: Any) -> MallOrder:  # noqa: ANN401  # fields by name
        """Let the customer change their mind; see `FakeMall.change`."""
        return self.malls[mall].fake.change(order_no, **changes)

    def faults(self, mall: str, **wanted: Any) -> Mapping[str, object]:  # noqa: ANN401  # fields by name
        """Break a mall, or mend it (`faults(mall, latency_s=0)`)."""
        return self.malls[mall].faults(**wanted)

    def sold(self) -> Mapping[str, int]:
        """Count the pieces of each shelf SKU that all malls sold and did not cancel."""
        by_listing = {
            (channel, sku.listing_no(channel)): sku for channel in MAKE for sku in self.skus
        }
        sold: dict[str, int] = {}
        for mall in self.malls.values():
            with mall.fake.lock:
                orders = list(mall.fake.orders.values())
            for order in orders:
                if order.state == "cancelled":
                    continue
                for line in order.lines:
                    sku = by_listing[mall.spec.channel_code, line.listing_no]
                    for part, quantity in sku.parts or ((sku.sku_code, 1),):
                        sold[part] = sold.get(part, 0) + quantity * line.quantity
        return sold

    def oversold(self, opening: Mapping[str, int] | None = None) -> Mapping[str, int]:
        """Name the shelf SKUs of which more was sold than there was, and how many too many."""
        if opening is None:
            opening = {sku.sku_code: sku.opening + sku.oversell_limit for sku in self.skus}
        return {
            sku_code: count - opening.get(sku_code, 0)
            for sku_code, count in self.sold().items()
            if count > opening.get(sku_code, 0)
        }

    def _make(self, spec: MallSpec, seed: int, speed: float, data: Path | None) -> RunningMall:
        fake = MAKE[spec.channel_code]()
        journal: Journal | None = None
        if data is not None:
            journal = Journal(data / "world" / f"{spec.name}.jsonl")
            journal.attach(fake)
        for sku in self.skus:
            fake.put_listing(_listing(sku, spec.channel_code))
        fake.on_level = self._on_level(spec.name)
        box = FaultBox(seed)
        customers = Customers(seed=seed, channel_code=spec.channel_code)
        visits = Visits(fake, customers, speed=speed)
        nudger: Nudger | None = None
        if spec.webhook and isinstance(fake, Minato):
            nudger = Nudger(spec.webhook)
            fake.nudge = nudger
        return RunningMall(
            spec=spec,
            fake=fake,
            box=box,
            server=MallServer(
                fake,
                port=spec.port,
                faults=box,
                admin=self._admin(spec.name),
                seen=self._seen(spec.name),
            ),
            customers=customers,
            visits=visits,
            journal=journal,
            nudger=nudger,
        )

    def _on_level(self, name: str) -> Callable[[str, int], None]:
        def received(listing_no: str, level: int) -> None:
            self.logs.levels.append(LevelReceived(time.monotonic(), name, listing_no, level))

        return received

    def _seen(self, name: str) -> Callable[[str, str, int, float], None]:
        def seen(method: str, path: str, status: int, started: float) -> None:
            took_ms = (time.monotonic() - started) * 1000
            self.logs.requests.append(RequestSeen(started, name, method, path, status, took_ms))

        return seen

    def _admin(self, name: str) -> Callable[[str, str, Mapping[str, Any]], tuple[int, object]]:
        def admin(method: str, path: str, body: Mapping[str, Any]) -> tuple[int, object]:
            try:
                return self._steer(self.malls[name], method, path, body)
            except (SoldOut, NotPossible) as error:
                return 409, {"error": f"{type(error).__name__}: {error}"}

        return admin

    def _steer(
        self, mall: RunningMall, method: str, path: str, body: Mapping[str, Any]
    ) -> tuple[int, object]:
        """Answer the admin path: state, faults, customers, and orders placed by hand."""
        match method, path.strip("/").split("/"):
            case "GET", [""]:
                return 200, state(mall)
            case "POST", ["faults"]:
                return 200, mall.faults(**body)
            case "POST", ["customers"]:
                mall.visits.stop()
                if float(body["per_minute"]) > 0:
                    mall.visits.start(per_minute=float(body["per_minute"]))
                return 200, state(mall)
            case "GET", ["listings"]:
                return 200, {"listings": [asdict(item) for item in mall.fake.listings.values()]}
            case "POST", ["orders"]:
                wanted = [(str(no), int(count)) for no, count in body["wanted"]]
                choices = {key: value for key, value in body.items() if key in HAND_CHOICES}
                return 200, summary(mall.visits.buy(wanted, **choices))
            case "GET", ["orders", order_no] if order_no in mall.fake.orders:
                return 200, summary(mall.fake.orders[order_no])
            case "POST", ["orders", order_no, "pay"]:
                return 200, summary(mall.fake.pay(order_no))
            case "POST", ["orders", order_no, "cancel"]:
                reason = str(body.get("reason", "buyer"))
                return 200, summary(mall.fake.cancel(order_no, reason))
            case "POST", ["orders", order_no, "note"]:
                return 200, summary(mall.fake.change(order_no, note=str(body["note"])))
            case _:
                return 404, {"error": "no such path"}


HAND_CHOICES: Final = frozenset({"note", "payment_method", "is_paid", "is_gift", "customer_no"})


def state(mall: RunningMall) -> Mapping[str, object]:
    """Say how a mall stands, without any person."""
    return {
        "name": mall.spec.name,
        "channel_code": mall.spec.channel_code,
        "orders": len(mall.fake.orders),
        "listings": len(mall.fake.listings),
        "counters": asdict(mall.fake.counters),
        "faults": asdict(mall.box.faults),
        "per_minute": mall.visits.per_minute,
    }


def summary(order: MallOrder) -> Mapping[str, object]:
    """Say how an order stands, without any person."""
    return {
        "order_no": order.order_no,
        "state": order.state,
        "is_paid": order.paid_at is not None,
        "total": order.total,
        "tracking_nos": list(order.tracking_nos),
        "lines": [[line.listing_no, line.quantity] for line in order.lines],
    }


def _listing(sku: CatalogueSku, channel_code: str) -> MallListing:
    return MallListing(
        listing_no=sku.listing_no(channel_code),
        item_no=sku.product_code.lower(),
        name=sku.product_name,
        option=sku.option,
        sku_code=sku.sku_code,
        gtin=sku.gtin,
        price=Decimal(sku.price),
        tax_rate=sku.tax_rate,
    )
