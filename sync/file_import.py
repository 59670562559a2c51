"""Order files, whole: keep every document, take orders in, match cancellations, note the rest."""

from __future__ import annotations

import time
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

import sql
from sync.channels.file.channel import Channel
from sync.channels.file.content import Content, Document
from sync.channels.file.mapping import said
from sync.contract import Raw, SecretStore, ShopAccess
from sync.errors import Refused, SyncError
from sync.intake import PAGE_MAX, IntakeResult, IntakeShop, accept, documents, keep
from sync.vault import Vault

MAPS: Final = Path(__file__).parent / "channels" / "file" / "maps"
FILE_CHANNEL: Final = "file"
# Rows of a call of SQL that takes cancellations or adjustments
ROWS_MAX: Final = 20_000
PROBLEMS_MAX: Final = 20

Progress = Callable[[str, int, int], None]
Json = dict[str, Any]


class ImportWrong(SyncError):
    """取り込めません。 | It cannot be imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportShop:
    """The shop that a file belongs to, as the import must know it."""

    shop_id: int
    shop_code: str
    currency_code: str
    time_zone: str
    channel_code: str = FILE_CHANNEL


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """What became of a file. Rows are those of the file, orders and documents what they make.

    `set_aside` counts what waits in the inbox by reason: rows for cancellations, adjustments and
    what is no order, documents for orders. `problems` are its first errors by line and column.
    """

    rows_read: int = 0
    orders_accepted: int = 0
    lines_accepted: int = 0
    orders_changed: int = 0
    orders_cancelled: int = 0
    unchanged: int = 0
    cancellations_matched: int = 0
    adjustments: int = 0
    skus_made: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict[str, int])
    problems: Sequence[str] = ()
    seconds: float = 0.0
    is_dry_run: bool = False

    def __add__(self, other: ImportSummary) -> ImportSummary:
        """Add what became of another part of the file."""
        counts = {
            one.name: getattr(self, one.name) + getattr(other, one.name)
            for one in fields(self)
            if isinstance(one.default, (int, float)) and not isinstance(one.default, bool)
        }
        return replace(
            self,
            **counts,
            set_aside=dict(sorted((Counter(self.set_aside) + Counter(other.set_aside)).items())),
            problems=[*self.problems, *other.problems][:PROBLEMS_MAX],
        )

    @property
    def is_all_set_aside(self) -> bool:
        """Tell whether nothing was taken in, nor had been before, and something waits in the inbox."""
        good = (
            self.orders_accepted
            + self.orders_changed
            + self.orders_cancelled
            + self.unchanged
            + self.cancellations_matched
            + self.adjustments
        )
        return not good and bool(self.set_aside)

    def json(self) -> Json:
        """Write it as an object for machines."""
        return asdict(self) | {"set_aside_total": sum(self.set_aside.values())}


class NoSecrets(SecretStore):
    """A file needs none."""

    def read(self) -> Mapping[str, str]:
        return {}

    def keep(self, changed: Mapping[str, str]) -> None:
        raise ImportWrong(f"{sorted(changed)}")


def write_maps(connection: sql.Connection) -> None:
    """Write the column maps that come with Daicho. May run at every start."""
    items = [{"map_code": one["code"], "map_name": one["name"], "layout": one} for one in _maps()]
    sql.rows(connection, "import_map_write", maps=sql.Json(items))


def _maps() -> list[Json]:
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted(MAPS.glob("*.toml"))]


def find_shop(connection: sql.Connection, shop_code: str) -> ImportShop | None:
    """Find a shop by its code."""
    found = sql.rows(connection, "import_shop", shop_code=shop_code)
    if not found:
        return None
    row = found[0]
    return ImportShop(
        shop_id=row.shop_id,
        shop_code=row.shop_code,
        currency_code=row.currency_code,
        time_zone=row.time_zone,
        channel_code=row.channel_code,
    )


def refuse_foreign(shop: ImportShop, map_code: str, layout: Mapping[str, Any]) -> None:
    """Refuse a shop whose orders come another way, and a map of another currency."""
    if shop.channel_code != FILE_CHANNEL:
        raise ImportWrong(
            f"店舗 {shop.shop_code} はファイルの店ではありません（{shop.channel_code}）。 | Shop"
            f" {shop.shop_code} is no shop of files ({shop.channel_code}).",
            hint="ほかの店舗コードを指定します。ない店舗は新しく作られます。 | Name another shop code; a shop that is not"
            " there is made.",
        )
    currency_code = layout.get("fixed", {}).get("currency_code") or shop.currency_code
    if currency_code != shop.currency_code:
        raise ImportWrong(
            f"対応表 {map_code} は通貨 {currency_code}、店舗 {shop.shop_code} は {shop.currency_code} です。 | Column"
            f" map {map_code} is in {currency_code}, shop {shop.shop_code} in {shop.currency_code}.",
            hint="通貨の合う店舗か対応表を選びます。 | Choose a shop or a column map of the same currency.",
        )


def shop_to_be(connection: sql.Connection, shop_code: str, map_code: str) -> ImportShop:
    """Say what a shop of the file channel would be, with the currency and zone of the map."""
    layout = map_layout(connection, map_code)
    return ImportShop(
        shop_id=0,
        shop_code=shop_code,
        currency_code=layout.get("fixed", {}).get("currency_code") or "JPY",
        time_zone=layout.get("time_zone") or "Asia/Tokyo",
    )


def make_shop(connection: sql.Connection, shop_code: str, map_code: str) -> ImportShop:
    """Make a shop of the file channel, with a warehouse when there is none."""
    wanted = shop_to_be(connection, shop_code, map_code)
    sql.rows(
        connection,
        "import_shop_make",
        shop_code=shop_code,
        currency_code=wanted.currency_code,
        time_zone=wanted.time_zone,
    )
    made = find_shop(connection, shop_code)
    if made is None:
        raise ImportWrong(f"店舗 {shop_code} を作れません。 | The shop {shop_code} cannot be made.")
    return made


def map_layout(connection: sql.Connection, map_code: str) -> Mapping[str, Any]:
    """Read the layout of a saved map, or raise `ImportWrong` naming those there are."""
    found = sql.rows(connection, "import_map", map_code=map_code)
    if found:
        return found[0].layout
    # One that comes with Daicho is there before the first start has written it
    coming = {one["code"]: one for one in _maps()}
    if map_code in coming:
        return coming[map_code]
    saved = [row.map_code for row in sql.rows(connection, "import_map", map_code=None)]
    there = ", ".join(sorted({*saved, *coming}))
    raise ImportWrong(
        f"対応表 {map_code} がありません。 | There is no column map {map_code}.",
        hint=f"あるもの | There are: {there}",
    )


def open_channel(connection: sql.Connection, shop: ImportShop, map_code: str) -> Channel:
    """Open the file channel of a shop with a saved map."""
    return Channel.open(
        ShopAccess(
            shop_code=shop.shop_code,
            settings={"layout": map_layout(connection, map_code), "map_code": map_code},
            secrets=NoSecrets(),
            currency_code=shop.currency_code,
            time_zone=shop.time_zone,
        )
    )


def preview(
    channel: Channel, content: Content, standing: Mapping[str, str] | None = None
) -> ImportSummary:
    """Say what a file would give, and its first problems by line and column; nothing is written.

    `standing` says of orders that were kept before whether they are `unchanged` or `changed`.
    """
    began = time.monotonic()
    problems: list[str] = []
    bad: Counter[str] = Counter()
    lines = 0
    before: Counter[str] = Counter()
    for document in content.documents:
        found = channel.problems_of(document)
        if found:
            bad[document.kind] += 1
            problems += [said(one) for one in found]
        elif document.kind == "order":
            known = (standing or {}).get(document.raw.external_no)
            if known:
                before[known] += 1
            else:
                lines += len(document.line_nos)
    kinds = Counter(document.kind for document in content.documents)
    return ImportSummary(
        rows_read=content.row_count,
        orders_accepted=kinds["order"] - bad["order"] - before.total(),
        lines_accepted=lines,
        orders_changed=before["changed"],
        unchanged=before["unchanged"],
        cancellations_matched=0,
        adjustments=kinds["adjustment"] - bad["adjustment"],
        set_aside={f"unreadable_{kind}": count for kind, count in sorted(bad.items())},
        problems=problems[:50],
        seconds=time.monotonic() - began,
        is_dry_run=True,
    )


@dataclass(slots=True, kw_only=True)
class Import:
    """One run over one file; every step may be repeated after a death anywhere."""

    connection: sql.Connection
    vault: Vault
    shop: ImportShop
    map_code: str
    is_history: bool
    channel: Channel
    progress: Progress = field(default=lambda _step, _done, _all: None)
    set_aside: Counter[str] = field(default_factory=Counter[str])
    unchanged: int = 0

    def run(self, content: Content) -> ImportSummary:
        """Take what a file holds in and say what became of it."""
        began = time.monotonic()
        made = self._skus(content) if self.is_history else 0
        orders = self._orders(content)
        matched = self._cancellations(content.of("cancellation"))
        adjusted = self._adjustments(content.of("adjustment"))
        self._notes(content.of("note"))
        counts = orders.counts
        for detail, count in orders.set_aside.items():
            self.set_aside["refused_draft" if detail else "unreadable"] += count
        return ImportSummary(
            rows_read=content.row_count,
            orders_accepted=counts.get("accepted", 0),
            lines_accepted=orders.line_count,
            orders_changed=counts.get("changed", 0),
            orders_cancelled=counts.get("cancelled", 0),
            unchanged=self.unchanged + counts.get("repeated", 0),
            cancellations_matched=matched,
            adjustments=adjusted,
            skus_made=made,
            set_aside=dict(sorted(self.set_aside.items())),
            problems=list(orders.set_aside)[:PROBLEMS_MAX],
            seconds=time.monotonic() - began,
        )

    def _skus(self, content: Content) -> int:
        items = [
            {"external_listing_no": code, "name": name}
            for code, name in sorted(content.names().items())
        ]
        made = 0
        for start in range(0, len(items), ROWS_MAX):
            page = sql.Json(items[start : start + ROWS_MAX])
            made += sql.value(self.connection, "catalog.skus_import", self.shop.shop_id, page)
        return made

    def _orders(self, content: Content) -> IntakeResult:
        documents = content.of("order")
        lines = {one.raw.external_no: one.line_nos for one in documents}
        shop = IntakeShop(
            shop_id=self.shop.shop_id,
            shop_code=self.shop.shop_code,
            is_history=self.is_history,
        )
        result = IntakeResult()
        for start in range(0, len(documents), PAGE_MAX):
            page = documents[start : start + PAGE_MAX]
            ids = self._keep(page)
            result += accept(
                self.connection,
                self.vault,
                shop,
                ids,
                lambda raw: self.channel.parse_order(raw, lines.get(raw.external_no, ())),
            )
            self.progress("orders", start + len(page), len(documents))
        return result

    def _keep(self, page: Sequence[Document]) -> list[int]:
        raws = [one.raw for one in page]
        ids = keep(self.connection, self.vault, self.shop.shop_id, raws, map_code=self.map_code)
        self.unchanged += len(page) - len(ids)
        return ids

    def _kept(self, page: Sequence[Document]) -> list[tuple[int, Raw]]:
        """Keep documents of one kind and return those that have no good outcome yet."""
        ids = self._keep(page)
        kind = page[0].kind
        found = documents(self.connection, self.vault, self.shop.shop_id, ids, kind=kind)
        return [(message_id, raw) for message_id, raw in found if raw is not None]

    def _end(self, outcomes: Mapping[int, str], aside: Sequence[Json]) -> None:
        sql.rows(
            self.connection,
            "import_message_end",
            message_ids=list(outcomes),
            outcomes=list(outcomes.values()),
        )
        sql.call(
            self.connection, "transit.rows_set_aside", self.shop.shop_id, sql.Json(list(aside))
        )
        self.set_aside.update(row["inbox_reason"] for row in aside)

    def _cancellations(self, found: Sequence[Document]) -> int:
        if not found:
            return 0
        wanted: list[Json] = []
        aside: list[Json] = []
        outcomes: dict[int, str] = {}
        for start in range(0, len(found), PAGE_MAX):
            for message_id, raw in self._kept(found[start : start + PAGE_MAX]):
                outcomes[message_id] = "matched"
                try:
                    customer, drafts = self.channel.parse_cancellations(raw)
                except Refused as error:
                    outcomes[message_id] = "set_aside"
                    aside.append(
                        _aside("refused_draft", message_id, raw.external_no, error.message)
                    )
                    continue
                key = f"{self.shop.shop_id}:{customer}"
                identity = str(self.vault.digest("identity.shop_account", key))
                wanted += [
                    {
                        "message_id": message_id,
                        "external_cancel_no": raw.external_no,
                        "line_key": draft.external_line_no,
                        "external_listing_no": draft.external_listing_no,
                        "quantity": draft.quantity,
                        "unit_price": str(draft.unit_price),
                        "cancelled_at": draft.cancelled_at.isoformat(),
                        "identity_key": identity if customer else None,
                    }
                    for draft in drafts
                ]
        matched = 0
        with sql.transaction(self.connection):
            rows = sql.call(
                self.connection, "sales.cancellations_match", self.shop.shop_id, sql.Json(wanted)
            )
            for row in rows:
                if row.is_matched:
                    matched += row.is_new
                    continue
                outcomes[row.message_id] = "set_aside"
                subject = f"{row.external_cancel_no} {row.line_key}"
                detail = (
                    "取り消した売上がこれまでの受注にありません。 | No order so far holds the sale."
                )
                aside.append(_aside("unmatched_cancellation", row.message_id, subject, detail))
            self._end(outcomes, aside)
        self.progress("cancellations", len(found), len(found))
        return matched

    def _adjustments(self, found: Sequence[Document]) -> int:
        done = 0
        for start in range(0, len(found), PAGE_MAX):
            wanted: list[Json] = []
            aside: list[Json] = []
            outcomes: dict[int, str] = {}
            for message_id, raw in self._kept(found[start : start + PAGE_MAX]):
                try:
                    draft = self.channel.parse_adjustment(raw)
                except Refused as error:
                    outcomes[message_id] = "set_aside"
                    aside.append(
                        _aside("refused_draft", message_id, raw.external_no, error.message)
                    )
                    continue
                wanted.append(
                    {
                        "message_id": message_id,
                        "external_adjustment_no": f"{self.shop.shop_code}:{raw.external_no}",
                        "external_listing_no": draft.external_listing_no,
                        "quantity": draft.quantity,
                        "adjustment_reason": draft.adjustment_reason,
                        "adjusted_at": draft.adjusted_at.isoformat(),
                        "note": draft.note,
                    }
                )
            with sql.transaction(self.connection):
                for row in sql.call(
                    self.connection,
                    "stock.adjustments_import",
                    self.shop.shop_id,
                    sql.Json(wanted),
                    self.is_history,
                ):
                    is_in = row.outcome in {"accepted", "repeated"}
                    done += row.outcome == "accepted"
                    outcomes[row.message_id] = "accepted" if is_in else "set_aside"
                    if not is_in:
                        aside.append(
                            _aside(
                                "refused_draft",
                                row.message_id,
                                row.external_adjustment_no,
                                ADJUSTMENT_WORDS[row.outcome],
                            )
                        )
                self._end(outcomes, aside)
        return done

    def _notes(self, found: Sequence[Document]) -> None:
        for start in range(0, len(found), PAGE_MAX):
            kept = self._kept(found[start : start + PAGE_MAX])
            detail = "受注でも在庫でもない行です。 | The row is neither an order nor stock."
            with sql.transaction(self.connection):
                self._end(
                    {message_id: "set_aside" for message_id, _ in kept},
                    [
                        _aside("not_an_order", message_id, raw.external_no, detail)
                        for message_id, raw in kept
                    ],
                )


ADJUSTMENT_WORDS: Final = {
    "unknown_sku": "商品コードが SKU に対応していません。 | The code is not linked to a SKU.",
    "bundle": "セット商品の在庫は動かせません。 | A bundle has no stock of its own.",
    "short": "在庫が足りず、減らせません。 | There is not enough stock to take away.",
}


def _aside(reason: str, message_id: int, subject: str, detail: str) -> Json:
    return {
        "inbox_reason": reason,
        "message_id": message_id,
        "subject": subject,
        "detail": detail,
    }
