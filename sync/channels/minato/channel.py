"""Minato: who calls what, in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Self

from sync import contract, doc
from sync.batches import send_in_batches, split
from sync.channels.minato import client as remote
from sync.channels.minato import mapping
from sync.channels.minato.client import Client
from sync.contract import (
    Cursor,
    ListingDraft,
    Nudge,
    OrderDraft,
    Outcome,
    Page,
    Raw,
    ShipmentDraft,
    ShopAccess,
    ShopIdentity,
    StockLevel,
)
from sync.errors import ContractBroken, Refused
from sync.http import Http, LocalBudget


class Channel(
    contract.Channel,
    contract.OrderSource,
    contract.OrderNudge,
    contract.OrderSink,
    contract.StockSink,
    contract.StockSource,
    contract.ShipmentSink,
    contract.ListingSource,
):
    """One shop on Minato."""

    code: ClassVar[str] = "minato"
    stock_batch_max: ClassVar[int] = remote.STOCK_BATCH

    def __init__(self, client: Client) -> None:
        self._client = client

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
            external_shop_no=shop.code("id"),
            shop_name=shop.text("name"),
            currency_code=shop.code("currency"),
        )

    # --- Orders ---

    def fetch_orders(self, cursor: Cursor | None) -> Iterator[Page]:
        """Follow the feed. Its positions only grow, so the last one read is the whole cursor.

        Events come twice and out of order; each carries the whole order and when it changed, so
        that the newest one wins wherever it stands.
        """
        position: str | None = cursor
        while True:
            answer = self._client.order_events(position)
            events = list(answer.each("nodes"))
            if not events:
                return
            items = [
                Raw(
                    external_no=event.child("order").code("id"),
                    changed_at=event.child("order").moment("updatedAt"),
                    body=event.dump(),
                )
                for event in events
            ]
            # A page may repeat events: the furthest position counts, not the last one.
            reached = max(event.code("position") for event in events)
            if position is not None and reached <= position:
                if answer.boolean("hasNext"):
                    raise ContractBroken(f"{answer.path} does not move on from {position}")
                return
            position = reached
            yield Page(items=items, cursor=Cursor(position))
            if not answer.boolean("hasNext"):
                return

    def parse_order(self, raw: Raw) -> OrderDraft:
        return mapping.order(doc.load(raw.body, f"order {raw.external_no}"))

    def verify(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Nudge:
        return mapping.nudge(headers, body, secret=self._client.webhook_secret(), now=now)

    def confirm_order(self, external_order_no: str) -> None:
        self._client.confirm(external_order_no)

    def cancel_order(self, external_order_no: str, cancel_reason: str) -> None:
        self._client.cancel(external_order_no, mapping.cancel_word(cancel_reason))

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
            answer = self._client.stock(batch)
            levels += [mapping.stock_level(item) for item in answer.each("nodes")]
        return levels

    # --- Shipments ---

    def post_shipments(self, shipments: Sequence[ShipmentDraft]) -> Sequence[Outcome]:
        return send_in_batches(
            shipments, 1, key=lambda shipment: shipment.external_order_no, send=self._fulfil
        )

    # --- Listings ---

    def fetch_listings(self, cursor: Cursor | None) -> Iterator[Page]:
        position: str | None = cursor
        while True:
            answer = self._client.listings(position)
            items = [
                Raw(external_no=item.code("sku"), changed_at=None, body=item.dump())
                for item in answer.each("nodes")
            ]
            if not items:
                return
            position = answer.code("cursor")
            yield Page(items=items, cursor=Cursor(position))
            if not answer.boolean("hasNext"):
                return

    def parse_listing(self, raw: Raw) -> ListingDraft:
        return mapping.listing(doc.load(raw.body, f"listing {raw.external_no}"))

    # --- Steps ---

    def _set(self, levels: Sequence[StockLevel]) -> Sequence[Outcome]:
        answer = self._client.set_stock([mapping.level(level) for level in levels])
        problems = {item.integer("index"): item.text("code") for item in answer.each("userErrors")}
        if not problems.keys() <= set(range(len(levels))):
            raise ContractBroken(f"{answer.path}.userErrors names an item that was not sent")
        return [
            _outcome(level.external_listing_no, problems.get(index))
            for index, level in enumerate(levels)
        ]

    def _fulfil(self, shipments: Sequence[ShipmentDraft]) -> Sequence[Outcome]:
        outcomes: list[Outcome] = []
        for shipment in shipments:
            code: str | None = None
            try:
                self._client.fulfil(
                    shipment.external_order_no,
                    carrier=mapping.carrier(shipment.carrier_code),
                    tracking_no=shipment.tracking_no,
                )
            except Refused as error:
                code = error.reason
            outcomes.append(_outcome(shipment.external_order_no, code))
        return outcomes


def _outcome(key: str, code: str | None) -> Outcome:
    if code is None:
        return Outcome(key=key, status="done")
    return Outcome(key=key, status="unknown" if code == "BUSY" else "refused", reason=code)
