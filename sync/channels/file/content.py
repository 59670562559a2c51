"""From rows to documents: what belongs together, what kind of document it is. Pure.

A document is the same to the byte wherever its rows stand in a file: so the same order in another
export is known again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, Literal

from sync.channels.file import cells
from sync.channels.file.layout import Layout
from sync.channels.file.table import Row, Table
from sync.contract import Raw, RawKind

EXTRA: Final = ""
"""Under this name stand the cells of a row beyond its heading; none when it has too few."""

LATEST: Final = datetime.max.replace(tzinfo=UTC)
NAMELESS: Final = frozenset({"", "?", "??"})

CodeClass = Literal["goods", "fee", "books", "ignored", "unknown"]
DocumentKind = RawKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document of a file, when it was, and the lines its rows stand on."""

    kind: DocumentKind
    at: datetime
    raw: Raw
    line_nos: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that a file holds, oldest first. `goods` counts the names of each listing number."""

    row_count: int = 0
    documents: Sequence[Document] = ()
    goods: Mapping[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])

    def of(self, kind: DocumentKind) -> list[Document]:
        """Return the documents of one kind."""
        return [one for one in self.documents if one.kind == kind]

    def names(self) -> Mapping[str, str]:
        """Give each listing number the name that it has most often."""
        return {
            code: min(found, key=lambda name: (name in NAMELESS, -found[name], name), default="")
            for code, found in self.goods.items()
        }


def read_content(table: Table, layout: Layout, zone: str) -> Content:
    """Read all rows of a table into documents."""
    groups: dict[str, list[Row]] = {}
    key_place = table.columns.index(layout.key)
    count = 0
    for row in table.rows():
        count += 1
        groups.setdefault(_key(row, key_place), []).append(row)
    maker = _Maker(table.columns, layout, zone)
    documents = [
        document for key, rows in groups.items() for document in maker.documents(key, rows)
    ]
    documents.sort(key=lambda one: (one.at, one.raw.external_no))
    return Content(row_count=count, documents=documents, goods=maker.goods)


def _key(row: Row, place: int) -> str:
    """Say what a row belongs to; one without a good key stands alone, for its reading to refuse it."""
    text = row.cells[place] if place < len(row.cells) else ""
    try:
        return cells.code(text) or f"#{row.line_no}"
    except cells.CellWrong:
        return f"#{row.line_no}"


def class_of(layout: Layout, code: str) -> CodeClass:
    """Say what a code in the listing column means."""
    codes = layout.codes
    if code in codes.fees:
        return "fee"
    if code in codes.books:
        return "books"
    if code in codes.ignored:
        return "ignored"
    return "goods" if codes.goods is None or codes.goods.match(code) else "unknown"


class _Maker:
    """Makes documents of the rows of one key."""

    def __init__(self, columns: Sequence[str], layout: Layout, zone: str) -> None:
        self.goods: dict[str, Counter[str]] = {}
        self._columns = columns
        self._layout = layout
        self._zone = layout.time_zone or zone
        self._place = {name: place for place, name in enumerate(columns)}
        self._classes: dict[str, CodeClass] = {}
        line = layout.lines[0]
        self._code = line["external_listing_no"]
        self._name = line.get("line_name", "")
        self._price = line["unit_price"]
        self._customer = layout.order.get("external_customer_no", "")

    def documents(self, key: str, rows: Sequence[Row]) -> Iterator[Document]:
        if not self._layout.is_row_per_line:
            self._learn(rows)
            yield self._document("order", key, rows)
            return
        known = [row for row in rows if self._class(row) != "ignored"]
        prefix = self._layout.cancellation.prefix
        if prefix and key.startswith(prefix):
            goods = [row for row in known if self._class(row) in {"goods", "unknown"}]
            if goods:
                yield self._document("cancellation", key, goods)
            others = [row for row in known if self._class(row) in {"fee", "books"}]
            yield from self._one_by_one(key, others)
        elif self._layout.adjustment.is_on and self._moves_stock_alone(known):
            yield from self._one_by_one(key, known)
        else:
            books = [row for row in known if self._class(row) == "books"]
            yield from self._one_by_one(key, books)
            ordered = [row for row in known if self._class(row) != "books"] if books else known
            if ordered:
                self._learn(ordered)
                yield self._document("order", key, ordered)

    def _one_by_one(self, key: str, rows: Sequence[Row]) -> Iterator[Document]:
        """Give each row a document of its own: adjustments, and what is neither order nor stock."""
        seen: Counter[str] = Counter()
        for row in sorted(rows, key=lambda one: tuple(one.cells)):
            code = self._text(row, self._code)
            seen[code] += 1
            kind = "adjustment" if self._class(row) == "goods" else "note"
            if kind == "adjustment":
                self.goods.setdefault(code, Counter()).update(())
            yield self._document(kind, f"{key}:{code}#{seen[code]}", [row])

    def _moves_stock_alone(self, rows: Sequence[Row]) -> bool:
        if self._customer and any(self._text(row, self._customer) for row in rows):
            return False
        return not any(self._has_price(row) for row in rows)

    def _has_price(self, row: Row) -> bool:
        text = self._text(row, self._price)
        try:
            return cells.amount(text, self._layout.decimal, self._layout.thousands) != Decimal(0)
        except cells.CellWrong:
            return True

    def _class(self, row: Row) -> CodeClass:
        return self._class_of(self._text(row, self._code))

    def _class_of(self, code: str) -> CodeClass:
        found = self._classes.get(code)
        if found is None:
            found = self._classes[code] = class_of(self._layout, code)
        return found

    def _text(self, row: Row, column: str) -> str:
        place = self._place[column]
        return row.cells[place].strip() if place < len(row.cells) else ""

    def _learn(self, rows: Sequence[Row]) -> None:
        for line in self._layout.lines:
            for row in rows:
                code = self._text(row, line["external_listing_no"])
                if code and self._class_of(code) == "goods":
                    name = self._text(row, line["line_name"]) if "line_name" in line else ""
                    self.goods.setdefault(code, Counter())[name] += 1

    def _document(self, kind: DocumentKind, external_no: str, rows: Sequence[Row]) -> Document:
        whole = [(self._record(row), row.line_no) for row in rows]
        whole.sort(key=lambda one: (_dump(one[0]), one[1]))
        return Document(
            kind=kind,
            at=min(self._at(row) for row in rows),
            raw=Raw(
                external_no=external_no,
                changed_at=self._changed_at(rows),
                body=_body([record for record, _ in whole]),
                kind=kind,
            ),
            line_nos=[line_no for _, line_no in whole],
        )

    def _record(self, row: Row) -> dict[str, object]:
        record: dict[str, object] = dict(zip(self._columns, row.cells, strict=False))
        extra = [cell for cell in row.cells[len(self._columns) :] if cell.strip()]
        if extra or len(row.cells) < len(self._columns):
            record[EXTRA] = extra
        return record

    def _at(self, row: Row) -> datetime:
        text = self._text(row, self._layout.order["ordered_at"])
        try:
            return cells.moment(text, self._layout.moment_forms, self._zone)
        except cells.CellWrong:
            return LATEST

    def _changed_at(self, rows: Sequence[Row]) -> datetime | None:
        column = self._layout.order.get("changed_at")
        if column is None:
            return None
        try:
            return max(
                cells.moment(self._text(row, column), self._layout.moment_forms, self._zone)
                for row in rows
            )
        except cells.CellWrong:
            return None


def _dump(record: Mapping[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True)


def _body(records: Sequence[Mapping[str, object]]) -> bytes:
    """Write the rows of a document; what all of them say alike is said once."""
    first = records[0]
    shared = {
        name: value
        for name, value in first.items()
        if all(name in record and record[name] == value for record in records)
    }
    rows = [
        {name: value for name, value in record.items() if name not in shared} for record in records
    ]
    return json.dumps({"shared": shared, "rows": rows}, ensure_ascii=False).encode()
