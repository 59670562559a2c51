"""Minato as it runs here: one GraphQL address, a feed of events, a rotating token, a cost budget.

Quirks: an event may stand in the feed twice, or before an older one · access tokens end soon, and
each renewal changes the refresh token (the old one works a little longer) · too much cost answers
429 with Retry-After · errors of single levels come in `userErrors` with status 200 · amounts are
text, in yen with tax or abroad without.
"""

from __future__ import annotations

import math
import random
import secrets as tokens
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, cast
from urllib.parse import parse_qs

from sync.channels.minato.mapping import signature
from sync.simulated.floor import (
    SHORTAGE,
    FakeMall,
    MallListing,
    MallOrder,
    MallPerson,
    NotPossible,
    Record,
    utc_now,
)
from sync.simulated.wsgi import Answer, Environ, Request, StartResponse, serve

STOCK_MAX: Final = 25
READ_MAX: Final = 50
COST_PER_SECOND: Final = 1000.0
COST_BURST: Final = 2000.0
TOKEN_LIFE: Final = timedelta(minutes=10)
REFRESH_GRACE: Final = timedelta(minutes=2)
HELD_S: Final = 0.5
"""How long an event that comes out of order is held when no other follows."""

QUANTITY_MAX: Final = 1_000_000

METHOD: Final = {
    "card": "CREDIT_CARD",
    "convenience_store": "KONBINI",
    "bank_transfer": "BANK_TRANSFER",
    "cod": "CASH_ON_DELIVERY",
    "deferred": "PAY_LATER",
    "points": "POINTS",
}
FUNDED: Final = {"shop": "SHOP", "maker": "MAKER", "mall": "MARKET"}
REASON: Final = {"CUSTOMER": "buyer", "INVENTORY": SHORTAGE, "UNPAID": "not_paid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of the feed: an order as it was."""

    kind: str
    order: MallOrder


class Fake(FakeMall):
    """One shop on Minato, and the API over it (a WSGI program)."""

    prefix = "MN"

    def __init__(
        self,
        *,
        shop_name: str = "みなとマーケット 台帳商店",
        secret: str = "minato-client-secret",  # noqa: S107  # opens nothing but this fake
        refresh_token: str = "minato-refresh-0",  # noqa: S107  # as above
        webhook_secret: str = "minato-webhook-secret",  # noqa: S107  # as above
        clock: Callable[[], datetime] = utc_now,
        cost_per_second: float = COST_PER_SECOND,
        seed: int = 1,
    ) -> None:
        super().__init__(shop_name=shop_name, clock=clock)
        self.secret = secret
        self.webhook_secret = webhook_secret
        self.cost_per_second = cost_per_second
        self.duplicate_rate = 0.0
        self.reorder_rate = 0.0
        self.page_overlap = 0
        self.token_life = TOKEN_LIFE
        self.events: list[Event] = []
        self._held: list[Event] = []
        self._held_at = 0.0
        self._revisions: dict[tuple[str, int], MallOrder] = {}
        self.nudge: Callable[[Mapping[str, str], bytes], None] | None = None
        self._refresh: dict[str, datetime | None] = {refresh_token: None}
        self._access: dict[str, datetime] = {}
        self._random = random.Random(seed)  # noqa: S311  # faults, not secrets
        self._bucket = (COST_BURST, time.monotonic())

    def credentials(self) -> dict[str, str]:
        """Return the secrets that the shop form wants, as they are now."""
        current = next(token for token, ends_at in self._refresh.items() if ends_at is None)
        return {
            "client_secret": self.secret,
            "refresh_token": current,
            "webhook_secret": self.webhook_secret,
        }

    def stored(self, order: MallOrder, what: str) -> None:
        """Write the change into the feed, and tell the shop to look."""
        event = Event(kind=f"order.{what}", order=order)
        held, self._held = self._held, []
        if not held and self._random.random() < self.reorder_rate:
            self._held = [event]
            self._held_at = time.monotonic()
        else:
            self._append(event)
        if self._random.random() < self.duplicate_rate:
            held.append(event)
        for late in held:
            self._append(late)
        if self.nudge is not None:
            self.nudge(*self.webhook(order.order_no))

    def webhook(self, order_no: str) -> tuple[dict[str, str], bytes]:
        """Write the headers and body of a webhook."""
        body = f'{{"topic":"orders","orderId":"{order_no}"}}'.encode()
        stamp = str(int(self.clock().timestamp()))
        return {
            "X-Minato-Timestamp": stamp,
            "X-Minato-Delivery": tokens.token_hex(8),
            "X-Minato-Signature": "v1=" + signature(stamp, body, secret=self.webhook_secret),
            "Content-Type": "application/json",
        }, body

    def recall(self, kind: str, record: Mapping[str, Any]) -> None:
        """Take back one remembered record; the feed and the tokens are remembered too."""
        if kind == "event":
            order = self._revisions[record["order_no"], record["revision"]]
            self.events.append(Event(kind=record["kind"], order=order))
        elif kind == "refresh":
            ends_at = self.clock() + REFRESH_GRACE
            self._refresh = {token: ends or ends_at for token, ends in self._refresh.items()} | {
                record["token"]: None
            }
        elif kind == "access":
            self._access[record["token"]] = datetime.fromisoformat(record["ends_at"])
        else:
            super().recall(kind, record)
            if kind == "order":
                order = self.orders[record["order_no"]]
                self._revisions[order.order_no, order.revision] = order

    def recalled(self) -> None:
        """Feed what was remembered but had not reached the feed."""
        fed = {event.order.order_no: event.order.revision for event in self.events}
        for order in self.orders.values():
            if fed.get(order.order_no, 0) < order.revision:
                self._append(Event(kind="order.changed", order=order))
        self._revisions.clear()

    def records(self) -> Iterator[tuple[str, Record]]:
        """Yield listings, orders, the feed with each order as it is now, and live tokens."""
        yield from super().records()
        for event in self.events:
            yield "event", self._event_record(event, self.orders[event.order.order_no].revision)
        for token, ends_at in self._refresh.items():
            if ends_at is None:
                yield "refresh", {"token": token}
        for token, ends_at in self._access.items():
            yield "access", {"token": token, "ends_at": ends_at.isoformat()}

    def _append(self, event: Event) -> None:
        self.events.append(event)
        self.remember("event", self._event_record(event, event.order.revision))

    def _event_record(self, event: Event, revision: int) -> Record:
        return {"kind": event.kind, "order_no": event.order.order_no, "revision": revision}

    # --- HTTP ---

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one WSGI request."""
        return serve(environ, start_response, self.answer)

    def answer(self, request: Request) -> Answer:
        """Answer one request of the API."""
        if (request.method, request.path) == ("POST", "/oauth/token"):
            return self._token(request.body)
        if (request.method, request.path) != ("POST", "/graphql"):
            return Answer(status=404, body={"errors": [{"message": "not found"}]})
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        with self.lock:
            if scheme != "Bearer" or self._access.get(token, self.clock()) <= self.clock():
                return Answer(status=401, body={"errors": [{"message": "token has ended"}]})
        body = request.json() or {}
        operations: dict[str, Callable[[Mapping[str, Any]], dict[str, object]]] = {
            "Shop": self._shop,
            "OrderEvents": self._order_events,
            "SetStock": self._set_stock,
            "Stock": self._stock,
            "Listings": self._listings,
            "FulfilOrder": self._fulfil,
            "ConfirmOrder": self._confirm,
            "CancelOrder": self._cancel,
        }
        operation = operations.get(str(body.get("operationName")))
        variables = body.get("variables")
        if operation is None or not isinstance(variables, dict):
            return _problem("GRAPHQL_VALIDATION_FAILED", "unknown operation")
        variables = cast("dict[str, Any]", variables)
        wait_s = self._spend(_cost(str(body["operationName"]), variables))
        if wait_s > 0:
            return Answer(
                status=429,
                body={"errors": [{"message": "throttled", "extensions": {"code": "THROTTLED"}}]},
                headers={"Retry-After": str(math.ceil(wait_s))},
            )
        try:
            with self.lock:
                return Answer(body={"data": operation(variables)})
        except (KeyError, TypeError, ValueError) as error:
            return _problem("BAD_USER_INPUT", str(error))

    def _spend(self, cost: float) -> float:
        """Take the cost from the bucket, or say how many seconds it lacks."""
        with self.lock:
            now = time.monotonic()
            left, at = self._bucket
            left = min(COST_BURST, left + (now - at) * self.cost_per_second)
            wait_s = max(0.0, (cost - left) / self.cost_per_second)
            self._bucket = (left if wait_s else left - cost, now)
            return wait_s

    def _token(self, body: bytes) -> Answer:
        form = {
            name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()
        }
        with self.lock:
            now = self.clock()
            held = form.get("refresh_token", "")
            ends_at = self._refresh.get(held, now)
            is_live = ends_at is None or ends_at > now
            if form.get("client_secret") != self.secret or not is_live:
                return Answer(status=400, body={"error": "invalid_grant"})
            access, refresh = tokens.token_urlsafe(24), tokens.token_urlsafe(24)
            self._access[access] = now + self.token_life
            self._refresh = {
                token: ends or now + REFRESH_GRACE for token, ends in self._refresh.items()
            } | {refresh: None}
            self.remember("refresh", {"token": refresh})
            self.remember("access", {"token": access, "ends_at": self._access[access].isoformat()})
            return Answer(
                body={
                    "access_token": access,
                    "refresh_token": refresh,
                    "token_type": "Bearer",
                    "expires_in": int(self.token_life.total_seconds()),
                }
            )

    # --- Operations ---

    def _shop(self, variables: Mapping[str, Any]) -> dict[str, object]:
        del variables
        return {"shop": {"id": "minato-daicho", "name": self.shop_name, "currency": "JPY"}}

    def _order_events(self, variables: Mapping[str, Any]) -> dict[str, object]:
        if self._held and time.monotonic() - self._held_at > HELD_S:
            held, self._held = self._held, []
            for late in held:
                self._append(late)
        after = int(variables["after"] or 0)
        first = int(variables["first"])
        if not 1 <= first <= READ_MAX:
            message = "first is 1 to 50"
            raise ValueError(message)
        start = max(0, after - self.page_overlap)
        page = self.events[start : start + first + (after - start)]
        nodes = [
            {
                "position": f"{start + index:012d}",
                "type": event.kind,
                "order": order_document(event.order),
            }
            for index, event in enumerate(page, start=1)
        ]
        return {"orderEvents": {"nodes": nodes, "hasNext": start + len(page) < len(self.events)}}

    def _set_stock(self, variables: Mapping[str, Any]) -> dict[str, object]:
        levels = list(variables["levels"])
        if not 1 <= len(levels) <= STOCK_MAX:
            message = "levels is 1 to 25"
            raise ValueError(message)
        problems: list[dict[str, object]] = []
        for index, item in enumerate(levels):
            available = int(item["available"])
            if not 0 <= available <= QUANTITY_MAX:
                problems.append({"index": index, "code": "OUT_OF_RANGE"})
            elif str(item["sku"]) not in self.listings:
                problems.append({"index": index, "code": "SKU_NOT_FOUND"})
            else:
                self.set_level(str(item["sku"]), available)
        return {"setStock": {"userErrors": problems}}

    def _stock(self, variables: Mapping[str, Any]) -> dict[str, object]:
        found = [self.listings[sku] for sku in variables["skus"][:READ_MAX] if sku in self.listings]
        nodes = [{"sku": item.listing_no, "available": item.level} for item in found]
        return {"stock": {"nodes": nodes}}

    def _listings(self, variables: Mapping[str, Any]) -> dict[str, object]:
        after, first = variables["after"] or "", int(variables["first"])
        rest = sorted(no for no in self.listings if no > after)
        page = [self.listings[no] for no in rest[: min(first, READ_MAX)]]
        return {
            "listings": {
                "nodes": [_listing_document(item) for item in page],
                "cursor": page[-1].listing_no if page else None,
                "hasNext": len(rest) > len(page),
            }
        }

    def _fulfil(self, variables: Mapping[str, Any]) -> dict[str, object]:
        def act() -> object:
            order_no = str(variables["id"])
            self.confirm(order_no)
            return self.ship(
                order_no,
                carrier=str(variables["carrier"]),
                tracking_no=str(variables["trackingNumber"]),
            )

        return {"fulfilOrder": _tried(act)}

    def _confirm(self, variables: Mapping[str, Any]) -> dict[str, object]:
        return {"confirmOrder": _tried(lambda: self.confirm(str(variables["id"])))}

    def _cancel(self, variables: Mapping[str, Any]) -> dict[str, object]:
        reason = REASON.get(str(variables["reason"]), "other")
        return {"cancelOrder": _tried(lambda: self.cancel(str(variables["id"]), reason))}


def order_document(order: MallOrder) -> dict[str, object]:
    """Write an order as this mall does."""
    basket = order.basket
    is_yen = basket.currency_code == "JPY"
    tax = sum(
        (
            line.unit_price * line.quantity * line.tax_rate / (1 + line.tax_rate)
            for line in order.lines
        ),
        Decimal(0),
    )
    captures: list[dict[str, object]] = []
    if order.paid_at is not None:
        captures.append(
            {
                "id": order.payment_no,
                "capturedAt": _instant(order.paid_at),
                "amount": str(order.total),
            }
        )
    return {
        "id": order.order_no,
        "revision": order.revision,
        "state": order.state.upper(),
        "createdAt": _instant(order.ordered_at),
        "updatedAt": _instant(order.changed_at),
        "currency": basket.currency_code,
        "taxIncluded": is_yen,
        "subtotal": str(order.item_total),
        "tax": str(tax.quantize(Decimal(1))) if is_yen else "0.00",
        "total": str(order.total),
        "gift": basket.is_gift,
        "note": basket.note or None,
        "cancellation": None
        if order.cancelled_at is None
        else {
            "at": _instant(order.cancelled_at),
            "reason": next((w for w, r in REASON.items() if r == order.cancel_reason), "OTHER"),
        },
        "payment": {"method": METHOD.get(basket.payment_method, "OTHER"), "captures": captures},
        "charges": list(_charges(order)),
        "customer": {**_person(basket.buyer), "id": basket.customer_no or None},
        "delivery": {
            "date": basket.requested_on or None,
            "slot": _slot(basket.time_slot),
            "address": _person(basket.recipient),
        },
        "lines": [
            {
                "id": f"L{line.line_no}",
                "sku": line.listing_no,
                "title": line.name,
                "option": line.option or None,
                "quantity": line.quantity,
                "unitPrice": str(line.unit_price),
                "taxRate": str(line.tax_rate) if is_yen else "0",
            }
            for line in order.lines
        ],
        "fulfilment": {
            "carrier": order.carrier or None,
            "trackingNumbers": list(order.tracking_nos),
        },
    }


def _charges(order: MallOrder) -> list[dict[str, object]]:
    basket = order.basket
    rate = "0.1" if basket.currency_code == "JPY" else "0"
    charges: list[dict[str, object]] = []
    for kind, label, amount in (
        ("SHIPPING", "送料", basket.shipping_fee),
        ("COD", "代引手数料", basket.cod_fee),
        ("GIFT_WRAP", "ギフト包装", basket.gift_fee),
    ):
        added: dict[str, object] = {"kind": kind, "label": label, "taxRate": rate}
        charges.append({**added, "amount": str(amount or 0)})
    for coupon in basket.coupons:
        taken: dict[str, object] = {"kind": "COUPON", "label": coupon.name}
        charges.append({**taken, "amount": str(-coupon.amount), "fundedBy": FUNDED[coupon.bearer]})
    if basket.points_used:
        points: dict[str, object] = {"kind": "POINTS", "label": "ポイント", "fundedBy": "MARKET"}
        charges.append({**points, "amount": str(-basket.points_used)})
    return charges


def _cost(name: str, variables: Mapping[str, Any]) -> float:
    match name:
        case "Shop":
            return 1
        case "OrderEvents":
            return 10 + int(variables.get("first") or 0)
        case "SetStock":
            return 10 + len(variables.get("levels") or ())
        case "Stock":
            return len(variables.get("skus") or ())
        case "Listings":
            return int(variables.get("first") or 0)
        case _:
            return 10


def _tried(act: Callable[[], object]) -> dict[str, object]:
    try:
        act()
    except NotPossible as error:
        return {"userErrors": [{"code": error.code}]}
    return {"userErrors": []}


def _person(person: MallPerson) -> dict[str, object]:
    name = f"{person.family_name} {person.given_name}".strip()
    return {
        "name": name,
        "nameKana": f"{person.family_kana} {person.given_kana}".strip() or None,
        "company": person.company or None,
        "email": person.email or None,
        "phone": person.phone or None,
        "zip": person.postal_code,
        "countryCode": person.country_code,
        "province": person.region,
        "address1": person.city + person.street,
        "address2": None,
    }


def _listing_document(listing: MallListing) -> dict[str, object]:
    return {
        "sku": listing.listing_no,
        "productId": listing.item_no,
        "title": listing.name,
        "option": listing.option or None,
        "merchantCode": listing.sku_code,
        "barcode": listing.gtin or None,
        "price": str(listing.price),
        "currency": "JPY",
        "unpublished": listing.is_hidden,
        "available": listing.level,
    }


def _slot(text: str) -> str | None:
    if not text:
        return None
    start, _, end = text.partition("-")
    return {"am": "MORNING", "pm": "AFTERNOON"}.get(text) or f"T{start[:2]}_{end[:2]}"


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _problem(code: str, message: str) -> Answer:
    return Answer(body={"errors": [{"message": message, "extensions": {"code": code}}]})
