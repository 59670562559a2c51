"""Hinode: who calls what, in which order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final, Self

from sync import contract, doc
from sync.batches import send_in_batches, split
from sync.channels.hinode import client as remote
from sync.channels.hinode import mapping
from sync.channels.hinode.client import Client
from sync.contract import (
    Cursor,
    ListingDraft,
    OrderDraft,
    Outcome,
    Page,
    Raw,
    ShipmentDraft,
    ShopAccess,
    ShopIdentity,
    StockLevel,
)
from sync.doc import Doc
from sync.errors import ContractBroken, Refused
from sync.http import Http, LocalBudget

WINDOW: Final = timedelta(days=30)
"""One search covers at most 31 days."""

OVERLAP: Final = timedelta(seconds=3)
"""How far back each search begins: the mall's index lags, and its times are whole seconds."""

NOT_CONFIRMED: Final = "NOT_CONFIRMED"
UNKNOWN_LISTING: Final = "UNKNOWN_LISTING"
RETRY_CODES: Final = frozenset({"BUSY", "CONFLICT"})

SECOND: Final = timedelta(seconds=1)

SEEN_MAX: Final = 2000
"""Orders a cursor may remember; beyond it they are read again, which changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """An order as a search names it."""

    order_no: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a reading stands: the second searched from, and what was read there for good."""

    since: datetime
    seen: Mapping[str, datetime]

    def after(self, last: datetime, settled: Mapping[str, datetime]) -> Position:
        """Move on to the last second read, less the overlap, never back."""
        since = max(self.since, last - OVERLAP)
        seen = {**self.seen, **settled}
        return Position(since=since, seen={no: at for no, at in seen.items() if at >= since})

    def cursor(self) -> Cursor:
        """Write the position as a cursor."""
        newest_first = sorted(self.seen.items(), key=lambda item: item[1], reverse=True)
        seen = {no: at.isoformat() for no, at in newest_first[:SEEN_MAX]}
        return Cursor(json.dumps({"since": self.since.isoformat(), "seen": seen}))


class Channel(
    contract.Channel,
    contract.OrderSource,
    contract.OrderSink,
    contract.StockSink,
    contract.StockSource,
    contract.ShipmentSink,
    contract.ListingSource,
):
    """One shop on Hinode."""

    code: ClassVar[str] = "hinode"
    stock_batch_max: ClassVar[int] = remote.STOCK_BATCH

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: set[str] = set()

    @classmethod
    def open(cls, access: ShopAccess) -> Self:
        http = Http(
            str(access.settings["base_url"]),
            shop_code=access.shop_code,
            budget=access.budget or LocalBudget({}),
        )
        return cls(Client(http, access))

    def close(self) -> None:
        self._client.close()

    def check(self) -> ShopIdentity:
        shop = self._client.shop()
        return ShopIdentity(
            external_shop_no=shop.code("shopId"),
            shop_name=shop.text("shopName"),
            currency_code="JPY",
            expires_at=shop.moment_or_none("licenseKeyExpiresAt"),
        )

    # --- Orders ---

    def fetch_orders(self, cursor: Cursor | None) -> Iterator[Page]:
        """Walk by time, not by the mall's page tokens.

        An order that changes while we read moves to the end of the mall's list and shifts the rest:
        by tokens, which are offsets, one order would be skipped. So each search begins at the last
        second seen. Tokens are used only within one second that fills a page, and that second is
        passed over again until a pass finds nothing new.
        """
        position = self._begin(cursor)
        base, token, is_pass_fresh = position.since, "", False
        read = dict(position.seen)
        while True:
            until = base + WINDOW
            found = self._client.search_orders(
                updated_from=base, updated_to=until, page_token=token
            )
            refs = [_ref(item) for item in found.each("orders")]
            is_more = found.has("nextCursor")
            last = refs[-1].updated_at if refs else base
            fresh = [ref for ref in refs if read.get(ref.order_no) != ref.updated_at]
            if fresh:
                items, server_time = self._read(fresh)
                taken = {ref.order_no: ref.updated_at for ref in fresh}
                read |= taken
                settled = {no: at for no, at in taken.items() if at + SECOND <= server_time}
                position = position.after(last, settled)
                yield Page(items=items, cursor=position.cursor())
            is_in_second = is_more and last <= base
            if token or is_in_second:
                is_pass_fresh = is_pass_fresh or bool(fresh)
                token = found.text("nextCursor") if is_in_second else ""
                if is_in_second:
                    continue
                if is_pass_fresh:
                    is_pass_fresh = False
                    continue
            if is_more:
                base = last
            elif until < found.moment("serverTime"):
                base = until
                position = position.after(until, {})
                yield Page(items=(), cursor=position.cursor())
            else:
                return

    def parse_order(self, raw: Raw) -> OrderDraft:
        where = f"order {raw.external_no}"
        return mapping.order(doc.load(raw.body, where))

    def confirm_order(self, external_order_no: str) -> None:
        (result,) = self._client.confirm_orders([external_order_no]).each("results")
        if result.text("code") != "OK":
            raise Refused(external_order_no, result.text("code"))

    def cancel_order(self, external_order_no: str, cancel_reason: str) -> None:
        self._client.cancel_order(external_order_no, mapping.cancel_code(cancel_reason))

    # --- Stock ---

    def set_stock(self, levels: Sequence[StockLevel]) -> Sequence[Outcome]:
        return send_in_batches(
            levels,
            self.stock_batch_max,
            key=lambda level: level.external_listing_no,
            send=self._set,
        )

    def fetch_stock(self, external_listing_nos: Sequence[str]) -> Sequence[StockLevel]:
        levels: list[StockLevel] = []
        for batch in split(external_listing_nos, remote.STOCK_READ):
            answer = self._client.get_stock([mapping.stock_key(no) for no in batch])
            levels += [mapping.stock_level(item) for item in answer.each("items")]
        return levels

    # --- Shipments ---

    def post_shipments(self, shipments: Sequence[ShipmentDraft]) -> Sequence[Outcome]:
        return send_in_batches(
            shipments,
            remote.SHIPMENT_BATCH,
            key=lambda shipment: shipment.external_order_no,
            send=self._ship,
        )

    # --- Listings ---

    def fetch_listings(self, cursor: Cursor | None) -> Iterator[Page]:
        offset = 0 if cursor is None else int(cursor)
        while True:
            answer = self._client.listings(offset)
            items = [
                Raw(
                    external_no=mapping.listing(item).external_listing_no,
                    changed_at=None,
                    body=item.dump(),
                )
                for item in answer.each("items")
            ]
            offset += len(items)
            yield Page(items=items, cursor=Cursor(str(offset)))
            if not items or offset >= answer.integer("total"):
                return

    def parse_listing(self, raw: Raw) -> ListingDraft:
        return mapping.listing(doc.load(raw.body, f"listing {raw.external_no}"))

    # --- Steps ---

    def _begin(self, cursor: Cursor | None) -> Position:
        if cursor is None:
            opened_at = self._client.shop().moment("openedAt")
            return Position(since=opened_at.replace(microsecond=0), seen={})
        kept = doc.load(cursor.encode(), "cursor")
        seen = kept.child("seen")
        return Position(since=kept.moment("since"), seen={no: seen.moment(no) for no in seen.body})

    def _read(self, refs: Sequence[Ref]) -> tuple[list[Raw], datetime]:
        """Read orders in full. What cannot be read is kept as such: its parsing says so."""
        raws: list[Raw] = []
        server_times: list[datetime] = []
        for batch in split(refs, remote.DETAIL_BATCH):
            answer = self._client.get_orders([ref.order_no for ref in batch])
            server_times.append(answer.moment("serverTime"))
            found = {item.code("orderNumber"): item for item in answer.each("orders")}
            for ref in batch:
                item = found.get(ref.order_no)
                body = mapping.unreadable(ref.order_no) if item is None else item.dump()
                changed_at = ref.updated_at if item is None else item.moment("updatedAt")
                raws.append(Raw(external_no=ref.order_no, changed_at=changed_at, body=body))
        return raws, min(server_times)

    def _set(self, levels: Sequence[StockLevel]) -> Sequence[Outcome]:
        """Set levels; the mall accepts unknown items silently, so new ones are read back once."""
        keys = [level.external_listing_no for level in levels]
        answer = self._client.set_stock([mapping.level(level) for level in levels])
        codes = [result.text("code") for result in answer.each("results")]
        if len(codes) != len(levels):
            raise ContractBroken(f"{answer.path}.results has {len(codes)} items for {len(levels)}")
        unproven = [key for key in keys if key not in self._known]
        if unproven:
            self._known |= {level.external_listing_no for level in self.fetch_stock(unproven)}
        return [self._outcome(key, code) for key, code in zip(keys, codes, strict=True)]

    def _outcome(self, key: str, code: str) -> Outcome:
        if code in RETRY_CODES:
            return Outcome(key=key, status="unknown", reason=code)
        if code != "OK":
            return Outcome(key=key, status="refused", reason=code)
        if key not in self._known:
            return Outcome(key=key, status="refused", reason=UNKNOWN_LISTING)
        return Outcome(key=key, status="done")

    def _ship(self, shipments: Sequence[ShipmentDraft]) -> Sequence[Outcome]:
        """Tell shipments; an order the mall still holds as new is confirmed and told again."""
        outcomes = self._told(shipments)
        new = [
            shipment
            for shipment, outcome in zip(shipments, outcomes, strict=True)
            if outcome.reason == NOT_CONFIRMED
        ]
        if not new:
            return outcomes
        list(self._client.confirm_orders([item.external_order_no for item in new]).each("results"))
        again = iter(self._told(new))
        return [next(again) if outcome.reason == NOT_CONFIRMED else outcome for outcome in outcomes]

    def _told(self, shipments: Sequence[ShipmentDraft]) -> Sequence[Outcome]:
        answer = self._client.ship_orders([mapping.shipment(item) for item in shipments])
        codes = [result.text("code") for result in answer.each("results")]
        if len(codes) != len(shipments):
            raise ContractBroken(
                f"{answer.path}.results has {len(codes)} items for {len(shipments)}"
            )
        return [
            Outcome(key=item.external_order_no, status="done")
            if code == "OK"
            else Outcome(
                key=item.external_order_no,
                status="unknown" if code in RETRY_CODES else "refused",
                reason=code,
            )
            for item, code in zip(shipments, codes, strict=True)
        ]


def _ref(item: Doc) -> Ref:
    return Ref(order_no=item.code("orderNumber"), updated_at=item.moment("updatedAt"))
