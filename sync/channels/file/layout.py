"""A column map: how the columns of a file become an order. Read from `channel.column_map.layout`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final, TypeVar, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sync.contract import FEE_KINDS, PAYMENT_METHODS, FeeKind, PartyDraft, PaymentMethod
from sync.errors import SettingMissing

T = TypeVar("T")

ENCODINGS: Final = ("utf-8", "cp932", "euc_jp", "utf-16", "latin-1")
DELIMITERS: Final = {",", "\t", ";", "|"}
ROWS: Final = {"line", "order"}
ORDER_FIELDS: Final = (
    "ordered_at",
    "changed_at",
    "paid_at",
    "external_customer_no",
    "payment_method",
    "currency_code",
    "tax_total",
    "total",
    "requested_delivery_on",
    "delivery_time_slot",
    "is_gift",
    "status",
)
LINE_FIELDS: Final = (
    "external_line_no",
    "external_listing_no",
    "line_name",
    "line_option",
    "quantity",
    "unit_price",
    "tax_rate",
)
LINE_NEEDS: Final = ("external_listing_no", "quantity", "unit_price")
PARTY_FIELDS: Final = tuple(one.name for one in fields(PartyDraft))
MOMENT_FORMS: Final = (
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d",
    "%Y-%m-%d",
    "%Y%m%d",
    "%Y-%m-%dT%H:%M:%S%z",
)
DAY_FORMS: Final = ("%Y/%m/%d", "%Y-%m-%d", "%Y%m%d")
KNOWN: Final = {
    "code", "revision", "name", "encoding", "delimiter", "row", "key", "time_zone", "decimal", "thousands",
    "moment_forms", "day_forms", "fixed", "order", "note", "buyer", "recipient", "split_region", "line", "fee",
    "payment_methods", "countries", "optional", "codes", "cancellation", "adjustment",
}  # fmt: skip


class LayoutWrong(SettingMissing):
    """列の対応表が正しくありません。 | The column map is not right."""

    hint_default = (
        "対応表を直すか、付属の対応表を写して使ってください。"
        " | Mend the map, or begin with a copy of one that comes with Daicho."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeColumn:
    """A column that holds a fee of the order. `sign` -1: a positive number there is taken off."""

    column: str
    fee_kind: FeeKind
    sign: int = 1
    negative_kind: FeeKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What the codes in the listing column mean; without patterns every code is goods."""

    goods: re.Pattern[str] | None = None
    fees: Mapping[str, FeeKind] = field(default_factory=dict[str, FeeKind])
    books: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """How a file says that something was taken back.

    A key that begins with `prefix` takes pieces of earlier orders back; an order whose status is
    among `statuses` is cancelled as a whole.
    """

    prefix: str = ""
    statuses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """Documents in which nothing has a price and that name no customer move stock, no goods sold.

    `words` finds the reason in the name of the row, first match first.
    """

    is_on: bool = False
    words: Sequence[tuple[re.Pattern[str], str]] = ()
    reason_out: str = "write_off"
    reason_in: str = "found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one kind of file is read. Columns are named as in its heading.

    `optional` ones may be missing there. Of `note` the first column is what the buyer wrote; texts
    of the others are put behind it with the names of their columns.
    """

    code: str
    key: str
    encoding: str = ""
    delimiter: str = ","
    is_row_per_line: bool = True
    time_zone: str = ""
    decimal: str = "."
    thousands: str = ","
    moment_forms: tuple[str, ...] = MOMENT_FORMS
    day_forms: tuple[str, ...] = DAY_FORMS
    currency_code: str = ""
    payment_method: PaymentMethod = "other"
    payment_methods: Sequence[tuple[str, PaymentMethod]] = ()
    tax_inclusive: str = "yes"
    is_total_computed: bool = False
    is_paid: bool = False
    order: Mapping[str, str] = field(default_factory=dict[str, str])
    note: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    buyer: Mapping[str, str] = field(default_factory=dict[str, str])
    recipient: Mapping[str, str] = field(default_factory=dict[str, str])
    splits_region: bool = False
    lines: Sequence[Mapping[str, str]] = ()
    fees: Sequence[FeeColumn] = ()
    countries: Mapping[str, str] = field(default_factory=dict[str, str])
    codes: Codes = Codes()
    cancellation: Cancellation = Cancellation()
    adjustment: Adjustment = Adjustment()

    def columns(self) -> tuple[str, ...]:
        """Name every column that the map reads, each once."""
        named = [self.key, *self.order.values(), *self.note]
        named += [*self.buyer.values(), *self.recipient.values()]
        named += [column for line in self.lines for column in line.values()]
        named += [fee.column for fee in self.fees]
        return tuple(dict.fromkeys(named))

    def personal(self) -> frozenset[str]:
        """Name the columns that hold personal data: their values are never repeated in messages."""
        open_columns = {*self.order.values(), *(c for line in self.lines for c in line.values())}
        return (
            frozenset({*self.buyer.values(), *self.recipient.values(), *self.note}) - open_columns
        )


def folded(name: str) -> str:
    """Fold a heading to what it is compared by: width, case of letters and spaces do not matter."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def read_layout(code: str, body: Mapping[str, Any]) -> Layout:
    """Read a saved layout, or raise `LayoutWrong` naming what is wrong."""
    try:
        return _layout(code, body)
    except (KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        what = str(error.args[0]) if error.args else type(error).__name__
        raise LayoutWrong(
            f"対応表 {code} を読めません: {what} | The column map {code} cannot be read: {what}"
        ) from error


def _layout(code: str, body: Mapping[str, Any]) -> Layout:
    _known("", body, KNOWN)
    fixed = _table(body, "fixed")
    _known(
        "fixed",
        fixed,
        {"currency_code", "payment_method", "tax_inclusive", "total", "is_paid"},
    )
    lines = cast("list[Mapping[str, str]]", body.get("line", []))
    layout = Layout(
        code=code,
        key=_text(body, "key"),
        encoding=_among("encoding", body.get("encoding", ""), {"", *ENCODINGS}),
        delimiter=_among("delimiter", body.get("delimiter", ","), DELIMITERS),
        is_row_per_line=_among("row", body.get("row", "line"), ROWS) == "line",
        time_zone=_zone(body.get("time_zone", "")),
        decimal=_among("decimal", body.get("decimal", "."), {".", ","}),
        thousands=_among("thousands", body.get("thousands", ","), {"", ",", ".", " ", "'"}),
        moment_forms=tuple(body.get("moment_forms", MOMENT_FORMS)),
        day_forms=tuple(body.get("day_forms", DAY_FORMS)),
        currency_code=fixed.get("currency_code", ""),
        payment_method=_method(fixed.get("payment_method", "other")),
        payment_methods=[
            (word, _method(method)) for word, method in _table(body, "payment_methods").items()
        ],
        tax_inclusive=_among(
            "fixed.tax_inclusive",
            fixed.get("tax_inclusive", "yes"),
            {"yes", "no", "unless_tax"},
        ),
        is_total_computed=_among(
            "fixed.total", fixed.get("total", "column"), {"column", "computed"}
        )
        == "computed",
        is_paid=bool(fixed.get("is_paid", False)),
        order=_columns("order", _table(body, "order"), ORDER_FIELDS),
        note=tuple(body.get("note", ())),
        optional=frozenset(body.get("optional", ())),
        buyer=_columns("buyer", _table(body, "buyer"), PARTY_FIELDS),
        recipient=_columns("recipient", _table(body, "recipient"), PARTY_FIELDS),
        splits_region=bool(body.get("split_region", False)),
        lines=[_columns("line", line, LINE_FIELDS) for line in lines],
        fees=[_fee(one) for one in body.get("fee", [])],
        countries=dict(_table(body, "countries")),
        codes=_codes(_table(body, "codes")),
        cancellation=_cancellation(_table(body, "cancellation")),
        adjustment=_adjustment(body.get("adjustment")),
    )
    _whole(layout)
    return layout


def _whole(layout: Layout) -> None:
    if "ordered_at" not in layout.order:
        raise ValueError("order.ordered_at がありません / is missing")
    if not layout.lines or (layout.is_row_per_line and len(layout.lines) != 1):
        raise ValueError("line: 明細の列がありません / [[line]] is missing, or more than one")
    for line in layout.lines:
        for name in LINE_NEEDS:
            if name not in line:
                raise ValueError(f"line.{name} がありません / is missing")


def _known(where: str, body: Mapping[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(body) - known):
        raise ValueError(f"知らない項目 {where}.{unknown[0]} / unknown key {where}.{unknown[0]}")


def _table(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = body.get(name, {})
    if not isinstance(found, Mapping):
        raise TypeError(f"{name} が表ではありません / {name} is not a table")
    return cast("Mapping[str, Any]", found)


def _text(body: Mapping[str, Any], name: str) -> str:
    found = body.get(name)
    if not isinstance(found, str) or not found:
        raise TypeError(f"{name} がありません / {name} is missing")
    return found


def _among(name: str, value: object, allowed: Collection[T]) -> T:
    if value not in allowed:
        raise ValueError(
            f"{name} は {value!r} ではなく次のどれかです / {name} is {value!r}, not one of: "
            + ", ".join(sorted(repr(one) for one in allowed))
        )
    return cast("T", value)


def _method(value: object) -> PaymentMethod:
    return cast("PaymentMethod", _among("payment_method", value, PAYMENT_METHODS))


def _fee_kind(name: str, value: object) -> FeeKind:
    return cast("FeeKind", _among(name, value, FEE_KINDS))


def _zone(name: str) -> str:
    if name:
        try:
            ZoneInfo(name)
        except ZoneInfoNotFoundError as error:
            raise ValueError(f"time_zone {name!r}") from error
    return name


def _columns(where: str, body: Mapping[str, Any], known: Sequence[str]) -> Mapping[str, str]:
    _known(where, body, set(known))
    return {name: _text(body, name) for name in body}


def _fee(body: Mapping[str, Any]) -> FeeColumn:
    _known("fee", body, {"column", "fee_kind", "sign", "negative_kind"})
    negative = body.get("negative_kind")
    return FeeColumn(
        column=_text(body, "column"),
        fee_kind=_fee_kind("fee.fee_kind", body.get("fee_kind")),
        sign=_among("fee.sign", body.get("sign", 1), {1, -1}),
        negative_kind=None if negative is None else _fee_kind("fee.negative_kind", negative),
    )


def _codes(body: Mapping[str, Any]) -> Codes:
    _known("codes", body, {"goods", "fees", "books", "ignored"})
    goods = body.get("goods")
    return Codes(
        goods=None if goods is None else re.compile(goods),
        fees={code: _fee_kind("codes.fees", kind) for code, kind in _table(body, "fees").items()},
        books=frozenset(body.get("books", ())),
        ignored=frozenset(body.get("ignored", ())),
    )


def _cancellation(body: Mapping[str, Any]) -> Cancellation:
    _known("cancellation", body, {"prefix", "statuses"})
    return Cancellation(prefix=body.get("prefix", ""), statuses=frozenset(body.get("statuses", ())))


def _adjustment(body: Mapping[str, Any] | None) -> Adjustment:
    if body is None:
        return Adjustment()
    _known("adjustment", body, {"words", "reason_out", "reason_in"})
    return Adjustment(
        is_on=True,
        words=[
            (re.compile(pattern, re.IGNORECASE), reason)
            for pattern, reason in body.get("words", [])
        ],
        reason_out=body.get("reason_out", "write_off"),
        reason_in=body.get("reason_in", "found"),
    )
