"""From one kept document to a draft: pure. What a cell does not hold is named by line and column."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from sync.channels.file import cells
from sync.channels.file.content import EXTRA, class_of
from sync.channels.file.layout import Layout
from sync.contract import (
    AdjustmentDraft,
    CancellationDraft,
    FeeKind,
    FileProblem,
    OrderDraft,
    OrderFeeDraft,
    OrderLineDraft,
    PartyDraft,
    PaymentMethod,
    Raw,
)
from sync.errors import ContractBroken, Refused

T = TypeVar("T")
NOTHING: Final = Decimal(0)
PROBLEMS_MAX: Final = 20
DIFFERENT: Final = "同じ受注の行で値が違います | rows of the same order say different things here"
TOO_MANY: Final = (
    "見出しより列が多い行です。区切り文字が値に入っていないか見てください"
    " | the row has more cells than the heading; a value may hold the delimiter"
)
TOO_FEW: Final = (
    "見出しより列が少ない行です。ファイルが途中で切れていないか見てください"
    " | the row has fewer cells than the heading; the file may be cut off"
)
# Columns of codes and numbers, which a spreadsheet damages
DIGITS: Final = ("phone", "postal_code")
REGION: Final = re.compile("^(東京都|北海道|(?:京都|大阪)府|.{2,3}県)")


@dataclass(slots=True, kw_only=True)
class Reader:
    """The rows of one document, and what was found wrong with them while reading."""

    layout: Layout
    zone: str
    currency_code: str
    rows: Sequence[Mapping[str, str]]
    line_nos: Sequence[int]
    problems: list[FileProblem] = field(default_factory=list[FileProblem])

    def text(self, place: int, column: str | None) -> str:
        """Return a cell as it stands, without spaces around; empty for no column."""
        return self.rows[place].get(column, "").strip() if column else ""

    def one(self, column: str | None) -> tuple[int, str]:
        """Return what the rows say in a column of the whole order, and the first place that does.

        Empty cells say nothing. Rows that say different things are a problem: whose address, which
        total would be right?
        """
        found, place = "", 0
        for at in range(len(self.rows)) if column else ():
            text = self.text(at, column)
            if text and not found:
                found, place = text, at
            elif text and text != found and column:
                self.wrong(at, column, DIFFERENT)
                break
        return place, found

    def read(self, place: int, column: str, how: Callable[[str], T], otherwise: T) -> T:
        """Read a cell; one that is wrong becomes a problem, and `otherwise` stands for it."""
        text = self.text(place, column)
        try:
            return how(text)
        except cells.CellWrong as error:
            self.wrong(place, column, error.reason, error.hint)
            return otherwise

    def wrong(self, place: int, column: str, reason: str, hint: str = "") -> None:
        """Note a problem; a value of a person is not repeated."""
        value = cells.shown(self.text(place, column))
        personal = column in self.layout.personal()
        if personal and value:
            reason = reason.replace(f"「{value}」", "この値").replace(repr(value), "the value")
        self.problems.append(
            FileProblem(
                line_no=self.line_nos[place] if place < len(self.line_nos) else place + 1,
                column_name=column,
                reason=reason,
                hint=hint,
                value="" if personal else value,
            )
        )

    def amount(self, text: str) -> Decimal:
        """Read an amount in the forms of the map."""
        return cells.amount(text, self.layout.decimal, self.layout.thousands)

    def quantity(self, text: str) -> int:
        """Read a number of pieces in the forms of the map."""
        return cells.quantity(text, self.layout.decimal, self.layout.thousands)

    def moment(self, text: str) -> datetime:
        """Read a time in the forms of the map."""
        return cells.moment(text, self.layout.moment_forms, self.layout.time_zone or self.zone)


def reader_of(
    raw: Raw, layout: Layout, *, zone: str, currency_code: str, line_nos: Sequence[int] = ()
) -> Reader:
    """Open a kept document. One that is none of ours raises `ContractBroken`."""
    try:
        body: dict[str, Any] = json.loads(raw.body)
        rows = [body["shared"] | row for row in body["rows"]]
    except (ValueError, KeyError, TypeError) as error:
        raise ContractBroken("document") from error
    reader = Reader(
        layout=layout, zone=zone, currency_code=currency_code, rows=rows, line_nos=line_nos
    )
    for place, row in enumerate(rows):
        if EXTRA in row:
            reader.wrong(place, layout.key, TOO_MANY if row[EXTRA] else TOO_FEW)
        if not reader.text(place, layout.key):
            reader.wrong(place, layout.key, "番号が空です | the number is empty")
        reader.read(place, layout.key, cells.code, "")
    return reader


def said(problem: FileProblem) -> str:
    """Say a problem in one bilingual sentence that names line and column."""
    ja, _, en = problem.reason.partition(" | ")
    name = problem.column_name
    return f"{problem.line_no} 行目「{name}」: {ja} | Line {problem.line_no}, column “{name}”: {en or ja}"


def refused(key: str, problems: Sequence[FileProblem]) -> Refused:
    """Make the error of a document: its first problem, and how many more there are."""
    ja, _, en = said(problems[0]).partition(" | ")
    more = len(problems) - 1
    if more:
        ja, en = f"{ja}（ほか {more} 件）", f"{en} (and {more} more)"
    return Refused(key, f"{ja} | {en}", hint=problems[0].hint or None)


def order(raw: Raw, reader: Reader) -> OrderDraft:
    """Read an order. What cannot be read raises `Refused` with line and column."""
    layout = reader.layout
    ordered_at = _earliest(reader, layout.order["ordered_at"])
    lines, fees = _lines(reader)
    fees += _fee_columns(reader)
    tax_total = _first_amount(reader, "tax_total")
    total = _first_amount(reader, "total")
    goods = sum((line.unit_price * line.quantity for line in lines), NOTHING)
    extra = sum((fee.amount or NOTHING for fee in fees), NOTHING)
    inclusive = layout.tax_inclusive == "yes" or (
        layout.tax_inclusive == "unless_tax" and not tax_total
    )
    if layout.is_total_computed:
        total = goods + extra + (NOTHING if inclusive else tax_total or NOTHING)
    paid_at = _first_moment(reader, "paid_at")
    if layout.is_paid:
        paid_at = paid_at or ordered_at
    _, status = reader.one(layout.order.get("status"))
    customer = _customer(reader)
    _, slot = reader.one(layout.order.get("delivery_time_slot"))
    gift_place, gift = reader.one(layout.order.get("is_gift"))
    is_gift = bool(gift) and reader.read(gift_place, layout.order["is_gift"], cells.yes, False)
    requested = None
    day_place, day = reader.one(layout.order.get("requested_delivery_on"))
    if day:
        column = layout.order["requested_delivery_on"]
        requested = reader.read(
            day_place, column, lambda text: cells.day(text, layout.day_forms), None
        )
    currency = _currency(reader)
    buyer, recipient = _party(reader, layout.buyer), _party(reader, layout.recipient)
    payment_method = _payment_method(reader)
    buyer_note = "\n".join(_notes(reader))
    is_cancelled = bool(layout.cancellation.statuses) and status in layout.cancellation.statuses
    if reader.problems:
        raise refused(raw.external_no, reader.problems)
    if ordered_at is None:
        raise ContractBroken("ordered_at")
    return OrderDraft(
        external_order_no=raw.external_no,
        changed_at=raw.changed_at or ordered_at,
        ordered_at=ordered_at,
        paid_at=paid_at,
        is_cancelled=is_cancelled,
        currency_code=currency,
        payment_method=payment_method,
        tax_total=tax_total,
        total=total,
        tax_inclusive=inclusive,
        requested_delivery_on=requested,
        delivery_time_slot=slot,
        is_gift=is_gift,
        buyer=buyer,
        recipient=recipient,
        external_customer_no=customer or None,
        buyer_note=buyer_note,
        lines=lines,
        fees=fees,
    )


def cancellations(raw: Raw, reader: Reader) -> tuple[str, list[CancellationDraft]]:
    """Read a document that takes pieces back: the customer's number, and one draft per row."""
    layout = reader.layout
    line = layout.lines[0]
    seen: dict[str, int] = {}
    drafts: list[CancellationDraft] = []
    for place in range(len(reader.rows)):
        code = reader.read(place, line["external_listing_no"], cells.code, "")
        quantity = reader.read(place, line["quantity"], reader.quantity, 0)
        price = reader.read(place, line["unit_price"], reader.amount, NOTHING)
        at = reader.read(place, layout.order["ordered_at"], reader.moment, None)
        seen[code] = seen.get(code, 0) + 1
        if at is not None:
            drafts.append(
                CancellationDraft(
                    external_cancellation_no=raw.external_no,
                    external_order_no=None,
                    external_line_no=f"{code}#{seen[code]}",
                    external_listing_no=code,
                    quantity=abs(quantity),
                    unit_price=price,
                    cancelled_at=at,
                )
            )
    customer = _customer(reader)
    if reader.problems:
        raise refused(raw.external_no, reader.problems)
    return customer, drafts


def adjustment(raw: Raw, reader: Reader) -> AdjustmentDraft:
    """Read a row that moves stock alone."""
    layout = reader.layout
    line = layout.lines[0]
    code = reader.read(0, line["external_listing_no"], cells.code, "")
    quantity = reader.read(0, line["quantity"], reader.quantity, 0)
    at = reader.read(0, layout.order["ordered_at"], reader.moment, None)
    name = reader.text(0, line.get("line_name"))
    if reader.problems:
        raise refused(raw.external_no, reader.problems)
    if at is None:
        raise ContractBroken("ordered_at")
    rule = layout.adjustment
    worded = next((reason for pattern, reason in rule.words if pattern.search(name)), "")
    return AdjustmentDraft(
        external_adjustment_no=raw.external_no,
        external_listing_no=code,
        quantity=quantity,
        adjusted_at=at,
        adjustment_reason=worded or (rule.reason_in if quantity > 0 else rule.reason_out),
        note=name,
    )


def _lines(reader: Reader) -> tuple[list[OrderLineDraft], list[OrderFeeDraft]]:
    lines: list[OrderLineDraft] = []
    fees: list[OrderFeeDraft] = []
    for place in range(len(reader.rows)):
        for columns in reader.layout.lines:
            if not any(reader.text(place, column) for column in columns.values()):
                continue
            _line(reader, place, columns, lines, fees)
    return lines, fees


def _line(
    reader: Reader,
    place: int,
    columns: Mapping[str, str],
    lines: list[OrderLineDraft],
    fees: list[OrderFeeDraft],
) -> None:
    code = reader.read(place, columns["external_listing_no"], cells.code, "")
    quantity = reader.read(place, columns["quantity"], reader.quantity, 1)
    price = reader.read(place, columns["unit_price"], reader.amount, NOTHING)
    name = reader.text(place, columns.get("line_name"))
    rate = None
    if reader.text(place, columns.get("tax_rate")):
        rate = reader.read(place, columns["tax_rate"], cells.percent, None)
    if class_of(reader.layout, code) == "fee":
        kind: FeeKind = reader.layout.codes.fees[code]
        fees.append(
            OrderFeeDraft(
                fee_kind=kind, amount=price * quantity, tax_rate=rate, fee_name=name or code
            )
        )
        return
    if not code:
        reader.wrong(
            place, columns["external_listing_no"], "商品コードが空です | the code is empty"
        )
    if quantity < 0:
        reader.wrong(place, columns["quantity"], "受注数が負の数です | the quantity is below zero")
    number = reader.text(place, columns.get("external_line_no"))
    lines.append(
        OrderLineDraft(
            external_line_no=number or None,
            external_listing_no=code,
            line_name=name,
            quantity=max(quantity, 0),
            unit_price=price,
            tax_rate=rate,
            line_option=reader.text(place, columns.get("line_option")),
        )
    )


def _fee_columns(reader: Reader) -> list[OrderFeeDraft]:
    fees: list[OrderFeeDraft] = []
    for fee in reader.layout.fees:
        place, text = reader.one(fee.column)
        if not text:
            continue
        amount = reader.read(place, fee.column, reader.amount, NOTHING) * fee.sign
        if amount:
            kind = fee.negative_kind if fee.negative_kind and amount < 0 else fee.fee_kind
            fees.append(OrderFeeDraft(fee_kind=kind, amount=amount, fee_name=fee.column))
    return fees


def _first_amount(reader: Reader, name: str) -> Decimal | None:
    column = reader.layout.order.get(name)
    place, text = reader.one(column)
    return reader.read(place, column, reader.amount, NOTHING) if column and text else None


def _first_moment(reader: Reader, name: str) -> datetime | None:
    column = reader.layout.order.get(name)
    place, text = reader.one(column)
    return reader.read(place, column, reader.moment, None) if column and text else None


def _earliest(reader: Reader, column: str) -> datetime | None:
    """Read the earliest time of the rows: some systems stamp each row of an order."""
    times = [reader.read(place, column, reader.moment, None) for place in range(len(reader.rows))]
    return min((one for one in times if one is not None), default=None)


def _customer(reader: Reader) -> str:
    column = reader.layout.order.get("external_customer_no")
    place, text = reader.one(column)
    return reader.read(place, column, cells.code, "") if column and text else ""


def _notes(reader: Reader) -> list[str]:
    """Read what people wrote, each text once: the rows of an order may bear notes of their own."""
    found = [
        text if number == 0 else f"{column}: {text}"
        for number, column in enumerate(reader.layout.note)
        for place in range(len(reader.rows))
        if (text := reader.text(place, column))
    ]
    return list(dict.fromkeys(found))


def _currency(reader: Reader) -> str:
    column = reader.layout.order.get("currency_code")
    place, text = reader.one(column)
    found = text.upper() or reader.layout.currency_code or reader.currency_code
    if column and not re.fullmatch("[A-Z]{3}", found):
        reader.wrong(place, column, "通貨コードではありません | it is not a currency code")
    return found


def _payment_method(reader: Reader) -> PaymentMethod:
    _, text = reader.one(reader.layout.order.get("payment_method"))
    for word, method in reader.layout.payment_methods:
        if word in text:
            return method
    return reader.layout.payment_method


def _party(reader: Reader, columns: Mapping[str, str]) -> PartyDraft:
    values: dict[str, str] = {}
    for name, column in columns.items():
        place, values[name] = reader.one(column)
        if name in DIGITS and values[name]:
            values[name] = reader.read(place, column, cells.code, "")
    country = values.get("country_code", "")
    if country:
        values["country_code"] = reader.layout.countries.get(country, country)
    if reader.layout.splits_region and not values.get("region"):
        found = REGION.match(values.get("address_line1", ""))
        if found:
            values["region"] = found[1]
            values["address_line1"] = values["address_line1"][found.end() :].strip()
    return PartyDraft(**values)
