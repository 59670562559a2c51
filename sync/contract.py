"""Every protocol and every piece of data that a connector sees: one file, one reading.

Conventions of all classes here: text that a remote does not say is `""`; an amount, time or day
that it does not say is `None`; amounts are in the order's own currency with that currency's
decimals, as the remote charged them; times are aware; quantities are `int`. `__post_init__` checks
shape alone: whether an order makes sense is SQL's business.
"""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, ClassVar, Final, Literal, NewType, Protocol, Self, cast, get_args
from uuid import UUID

Cursor = NewType("Cursor", str)

PaymentMethod = Literal[
    "card", "convenience_store", "bank_transfer", "cod", "deferred", "points", "other"
]
FeeKind = Literal["shipping_fee", "cod_fee", "gift_fee", "discount", "coupon", "points", "other"]
FundedBy = Literal["", "shop", "mall", "maker"]
OutcomeStatus = Literal["done", "refused", "unknown"]
RawKind = Literal["order", "adjustment", "cancellation", "note"]

PAYMENT_METHODS: Final = frozenset[str](get_args(PaymentMethod))
FEE_KINDS: Final = frozenset[str](get_args(FeeKind))
OUTCOME_STATUSES: Final = frozenset[str](get_args(OutcomeStatus))


# --- What comes in -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One document exactly as the remote sent it, kept before anyone understands it."""

    external_no: str
    changed_at: datetime | None
    body: bytes
    kind: RawKind = "order"

    def __post_init__(self) -> None:
        """Check the shape."""
        _aware(self, "changed_at")
        _typed(self, bytes, "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Documents, and the cursor to go on from once they are stored.

    Every page has a cursor, the last one too: it is where the next pull begins.
    """

    items: Sequence[Raw]
    cursor: Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDraft:
    """A person or firm on an order: buyer or recipient. Personal data, all of it."""

    name: str = ""
    kana: str = ""
    email: str = ""
    phone: str = ""
    postal_code: str = ""
    country_code: str = ""
    region: str = ""
    address_line1: str = ""
    address_line2: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineDraft:
    """One line of an order. `unit_price` is as charged, with or without tax as the order says."""

    external_line_no: str | None = None
    external_listing_no: str
    line_name: str
    quantity: int
    unit_price: Decimal
    tax_rate: Decimal | None = None
    line_option: str = ""

    def __post_init__(self) -> None:
        """Check the shape."""
        _typed(self, int, "quantity")
        _typed(self, Decimal, "unit_price")
        _amounts(self, "tax_rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFeeDraft:
    """What an order costs or saves beside its lines. Signed: a discount is below zero.

    `amount` is None while the mall has not fixed it. `funded_by` says who bears a discount, coupon
    or points.
    """

    fee_kind: FeeKind
    amount: Decimal | None
    tax_rate: Decimal | None = None
    fee_name: str = ""
    funded_by: FundedBy = ""

    def __post_init__(self) -> None:
        """Check the shape."""
        _among(self, "fee_kind", FEE_KINDS)
        _amounts(self, "amount", "tax_rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDraft:
    """Money that the mall says has arrived. A refund is below zero."""

    external_payment_no: str
    paid_at: datetime
    amount: Decimal
    payment_method: PaymentMethod

    def __post_init__(self) -> None:
        """Check the shape."""
        _aware(self, "paid_at")
        _typed(self, Decimal, "amount")
        _among(self, "payment_method", PAYMENT_METHODS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationDraft:
    """Some pieces of one line, taken back later.

    `external_order_no` and `external_line_no` name the line where the document says it (None: it
    does not).
    """

    external_cancellation_no: str
    external_order_no: str | None
    external_line_no: str | None
    external_listing_no: str
    quantity: int
    unit_price: Decimal | None
    cancelled_at: datetime
    cancel_reason: str = ""

    def __post_init__(self) -> None:
        """Check the shape."""
        _typed(self, int, "quantity")
        _amounts(self, "unit_price")
        _aware(self, "cancelled_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentDraft:
    """A change of stock that a file tells beside its orders (write-off, found). Signed quantity."""

    external_adjustment_no: str
    external_listing_no: str
    quantity: int
    adjusted_at: datetime
    adjustment_reason: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Check the shape."""
        _typed(self, int, "quantity")
        _aware(self, "adjusted_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """An order in our words, as the mall says it, not yet accepted.

    `total` is what the mall charged. `fees` hold all that is added to the lines or taken off; sums
    of lines and fees are SQL's business. With `tax_inclusive` prices contain tax.
    """

    external_order_no: str
    changed_at: datetime
    ordered_at: datetime
    paid_at: datetime | None = None
    is_cancelled: bool = False
    cancel_reason: str = ""
    currency_code: str
    payment_method: PaymentMethod
    tax_total: Decimal | None = None
    total: Decimal | None = None
    tax_inclusive: bool = True
    requested_delivery_on: date | None = None
    delivery_time_slot: str = ""
    is_gift: bool = False
    buyer: PartyDraft = PartyDraft()
    recipient: PartyDraft = PartyDraft()
    external_customer_no: str | None = None
    buyer_note: str = ""
    lines: Sequence[OrderLineDraft] = ()
    fees: Sequence[OrderFeeDraft] = ()
    payments: Sequence[PaymentDraft] = ()
    cancellations: Sequence[CancellationDraft] = ()

    def __post_init__(self) -> None:
        """Check the shape."""
        _aware(self, "changed_at", "ordered_at", "paid_at")
        _among(self, "payment_method", PAYMENT_METHODS)
        _amounts(self, "tax_total", "total")

    @property
    def digest(self) -> UUID:
        """Same for two drafts that say the same: see `order_digest`."""
        return order_digest(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDraft:
    """A SKU as the shop sells it, as the mall says it. `sku_code` is the shop's own code there."""

    external_listing_no: str
    external_item_no: str = ""
    listing_name: str
    sku_code: str = ""
    gtin: str = ""
    unit_price: Decimal | None = None
    currency_code: str = ""
    is_hidden: bool = False
    level: int | None = None

    def __post_init__(self) -> None:
        """Check the shape."""
        _amounts(self, "unit_price")
        if self.level is not None:
            _typed(self, int, "level")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """An order file that a person or a command gives. `stream` yields the unpacked bytes."""

    file_name: str
    stream: BinaryIO


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """One cell or row of a file that cannot be used. `line_no` counts from 1, the heading included.

    `value` is what stands there, shortened, and empty where the column holds personal data.
    """

    line_no: int
    column_name: str
    reason: str
    hint: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePreview:
    """What reading a file would give: its first drafts and its problems, both bounded."""

    row_count: int
    drafts: Sequence[OrderDraft]
    problems: Sequence[FileProblem]
    problem_count: int


# --- What goes out -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLevel:
    """How many pieces a shop may still sell of one listing. A later version wins; 0: none."""

    external_listing_no: str
    level: int
    version: int = 0

    def __post_init__(self) -> None:
        """Check the shape."""
        _typed(self, int, "level", "version")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentLineDraft:
    """Pieces of one order line in a shipment."""

    external_line_no: str | None = None
    external_listing_no: str
    quantity: int

    def __post_init__(self) -> None:
        """Check the shape."""
        _typed(self, int, "quantity")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentDraft:
    """One parcel to tell the shop about. `carrier_code` is ours; no lines means the whole order."""

    external_order_no: str
    tracking_no: str
    carrier_code: str
    shipped_at: datetime
    lines: Sequence[ShipmentLineDraft] = ()

    def __post_init__(self) -> None:
        """Check the shape."""
        _aware(self, "shipped_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the remote said about one item of a batch.

    `unknown` is sent again, `refused` goes to staff.
    `key` is the `external_listing_no` of a level, the `external_order_no` of a shipment.
    """

    key: str
    status: OutcomeStatus
    reason: str = ""

    def __post_init__(self) -> None:
        """Check the shape."""
        _among(self, "status", OUTCOME_STATUSES)


# --- Who we are to the shop ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopIdentity:
    """The shop as the remote knows it. `expires_at` is when the credentials end, if it says so."""

    external_shop_no: str
    shop_name: str
    currency_code: str = ""
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        """Check the shape."""
        _aware(self, "expires_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """A verified call from the shop: look there. Never what to believe. A `nudge_no` comes once."""

    nudge_no: str
    capability: str
    external_no: str = ""


class SecretStore(Protocol):
    """Where the secrets of one shop are kept, for connectors whose secrets rotate."""

    @abstractmethod
    def read(self) -> Mapping[str, str]:
        """Return all secrets of the shop as they are now."""

    @abstractmethod
    def keep(self, changed: Mapping[str, str]) -> None:
        """Store changed secrets before they are used: a crash must not lose them."""


class RateBudget(Protocol):
    """The requests that a shop still allows, shared by all who call it."""

    @abstractmethod
    def take(self, operation: str, cost: float = 1.0) -> None:
        """Wait for a short time until the cost is free, or raise `RateLimited`."""

    @abstractmethod
    def pause(self, operation: str, seconds: float) -> None:
        """Remember that the remote asked for silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopAccess:
    """What a connector is opened with: the fields of the shop form, its secrets, its budget.

    `settings` holds what `manifest.toml` lists under `[[field]]` (for the file channel also the
    column map as `layout`). `budget` None means one of the process's own, from the manifest's
    limits.
    """

    shop_code: str
    settings: Mapping[str, object]
    secrets: SecretStore
    currency_code: str = "JPY"
    time_zone: str = "Asia/Tokyo"
    budget: RateBudget | None = None


# --- What a connector can do ---------------------------------------------------------------------


class Channel(Protocol):
    """One shop on one mall or cart. Speaks the remote's API; never sees the database."""

    code: ClassVar[str]

    @classmethod
    @abstractmethod
    def open(cls, access: ShopAccess) -> Self:
        """Make a connector for one shop. No network yet."""

    @abstractmethod
    def close(self) -> None:
        """Give back connections. Safe to call twice."""

    @abstractmethod
    def check(self) -> ShopIdentity:
        """Prove the credentials work and return the shop as the remote knows it."""


class OrderSource(Protocol):
    """Orders can be read from the shop."""

    @abstractmethod
    def fetch_orders(self, cursor: Cursor | None) -> Iterator[Page]:
        """Yield pages after the cursor, oldest change first; None is from the beginning.

        Ends when there is nothing newer now. What stands at a cursor's edge may come again, never
        be missing.
        """

    @abstractmethod
    def parse_order(self, raw: Raw) -> OrderDraft:
        """Read one order. Pure: no network, no clock."""


class OrderNudge(Protocol):
    """The shop calls us when something happened."""

    @abstractmethod
    def verify(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Nudge:
        """Check a webhook's signature and age, or raise `NotAuthentic`. Header names: any case."""


class OrderFile(Protocol):
    """Orders come in files: CSV, FAX sheets, catalogue orders."""

    @abstractmethod
    def read_orders(self, file: SourceFile) -> Iterator[Raw]:
        """Yield one document per order or adjustment, in the order of first appearance.

        A file that cannot be read at all raises `ContractBroken`; one bad row raises nothing here
        and `Refused` in its parsing.
        """

    @abstractmethod
    def parse_order(self, raw: Raw) -> OrderDraft:
        """Read one document of kind `order`. Pure. Raises `Refused` naming line and column."""

    @abstractmethod
    def parse_adjustment(self, raw: Raw) -> AdjustmentDraft:
        """Read one document of kind `adjustment`. Pure."""

    @abstractmethod
    def preview(self, file: SourceFile) -> FilePreview:
        """Say what a file would give and what is wrong with it, by line and column."""


class OrderSink(Protocol):
    """The state of an order can be set at the shop. Both calls may run twice."""

    @abstractmethod
    def confirm_order(self, external_order_no: str) -> None:
        """Tell the shop that the order is taken on; nothing happens when it already was."""

    @abstractmethod
    def cancel_order(self, external_order_no: str, cancel_reason: str) -> None:
        """Cancel the order at the shop; nothing happens when it already was."""


class StockSink(Protocol):
    """Stock levels can be written to the shop."""

    stock_batch_max: ClassVar[int]

    @abstractmethod
    def set_stock(self, levels: Sequence[StockLevel]) -> Sequence[Outcome]:
        """Write levels in calls of at most `stock_batch_max`; one outcome per level, in order.

        What was not sent, or has no certain answer because a later call failed, is `unknown`. An
        error is raised only when no level was answered.
        """


class StockSource(Protocol):
    """Stock levels can be read back, to find drift."""

    @abstractmethod
    def fetch_stock(self, external_listing_nos: Sequence[str]) -> Sequence[StockLevel]:
        """Return the level of each listing that the shop knows; others are left out."""


class ShipmentSink(Protocol):
    """Shipments can be told to the shop. May run twice: the same tracking number stays one."""

    @abstractmethod
    def post_shipments(self, shipments: Sequence[ShipmentDraft]) -> Sequence[Outcome]:
        """Tell shipments; one outcome per shipment, in order, as for `set_stock`."""


class ListingSource(Protocol):
    """Listings can be read from the shop."""

    @abstractmethod
    def fetch_listings(self, cursor: Cursor | None) -> Iterator[Page]:
        """Yield pages of all listings; a cursor resumes a reading that was broken off."""

    @abstractmethod
    def parse_listing(self, raw: Raw) -> ListingDraft:
        """Read one listing. Pure."""


CAPABILITIES: Final[Mapping[str, type]] = {
    "orders": OrderSource,
    "nudge": OrderNudge,
    "order_file": OrderFile,
    "order_state": OrderSink,
    "stock": StockSink,
    "stock_read": StockSource,
    "shipment": ShipmentSink,
    "listing_read": ListingSource,
}


def capabilities(channel: type[Channel]) -> frozenset[str]:
    """Name what a channel class can do, from the protocols it lists as its bases."""
    return frozenset(name for name, protocol in CAPABILITIES.items() if protocol in channel.__mro__)


# --- Digest --------------------------------------------------------------------------------------


def order_digest(draft: OrderDraft) -> UUID:
    """Fold an order into one value that is the same whenever the mall says the same.

    The order of lines, fees, payments and cancellations does not matter; equal lines count each;
    `changed_at` is left out; amounts and times are compared by value (1.0 is 1.00, 09:00+09:00 is
    00:00Z).
    """
    canonical = _canonical(draft, leave_out="changed_at")
    return UUID(bytes=hashlib.blake2b(canonical.encode(), digest_size=16).digest())


_FIELDS: dict[type, tuple[str, ...]] = {}


def _canonical(value: object, *, leave_out: str = "") -> str:
    kind = type(value)
    if kind is str or value is None or kind is bool or kind is int:
        return repr(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        items = cast("Sequence[object]", value)
        return "[" + ",".join(sorted(_canonical(item) for item in items)) + "]"
    names = _FIELDS.get(kind)
    if names is None:
        names = tuple(field.name for field in fields(cast("Any", value)))
        _FIELDS[kind] = names
    return (
        "("
        + ",".join(
            f"{name}={_canonical(getattr(value, name))}" for name in names if name != leave_out
        )
        + ")"
    )


# --- Shape ---------------------------------------------------------------------------------------


def _where(owner: object, name: str) -> str:
    return f"{type(owner).__name__}.{name}"


def _typed(owner: object, kind: type, *names: str) -> None:
    for name in names:
        value: object = getattr(owner, name)
        if not isinstance(value, kind) or isinstance(value, bool):
            message = f"{_where(owner, name)} is {type(value).__name__}, not {kind.__name__}"
            raise TypeError(message)


def _amounts(owner: object, *names: str) -> None:
    for name in names:
        value: object = getattr(owner, name)
        if value is None:
            continue
        if not isinstance(value, Decimal) or not value.is_finite():
            message = (
                f"{_where(owner, name)} is {type(value).__name__} {value}, not a finite Decimal"
            )
            raise TypeError(message)


def _aware(owner: object, *names: str) -> None:
    for name in names:
        value: object = getattr(owner, name)
        if value is None:
            continue
        if not isinstance(value, datetime) or value.tzinfo is None:
            message = f"{_where(owner, name)} is not a time with an offset"
            raise TypeError(message)


def _among(owner: object, name: str, allowed: frozenset[str]) -> None:
    value: object = getattr(owner, name)
    if value not in allowed:
        message = f"{_where(owner, name)} is {value!r}, not one of {', '.join(sorted(allowed))}"
        raise ValueError(message)
