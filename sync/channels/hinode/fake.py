"""Hinode as it runs here: a REST mall with a memory, its published limits and its quirks.

Quirks: times are whole seconds · searches page by offset over a list that moves · an amount of
-9999 is not fixed yet · stock of unknown items is accepted silently · 429 says nothing about when
to come back · a new order must be confirmed before it is shipped · manage numbers are folded to
lower case.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qs

from sync.simulated.floor import (
    JST,
    SHORTAGE,
    FakeMall,
    MallListing,
    MallOrder,
    MallPerson,
    NotPossible,
    utc_now,
)
from sync.simulated.wsgi import Answer, Environ, Request, StartResponse, serve

WINDOW_MAX: Final = timedelta(days=31)
HITS_MAX: Final = 100
GET_MAX: Final = 100
STOCK_SET_MAX: Final = 400
STOCK_GET_MAX: Final = 1000
SHIP_MAX: Final = 50
PER_SECOND: Final = 10.0
QUANTITY_MAX: Final = 99999
NOT_FIXED: Final = -9999

METHOD: Final = {
    "card": (1, "クレジットカード"),
    "cod": (2, "代金引換"),
    "points": (8, "全額ポイント"),
    "bank_transfer": (9, "銀行振込"),
    "convenience_store": (14, "コンビニ前払い"),
    "deferred": (21, "後払い"),
}
BEARER: Final = {"shop": 1, "maker": 2, "mall": 3}
REASON: Final = {
    1: "buyer",
    4: "not_paid",
    5: "refused_delivery",
    8: SHORTAGE,
    10: "other",
}


class Fake(FakeMall):
    """One shop on Hinode, and the API over it (a WSGI program)."""

    prefix = "HN"

    def __init__(
        self,
        *,
        shop_name: str = "日の出市場 台帳商店",
        secret: str = "hinode-service-secret",  # noqa: S107  # opens nothing but this fake
        license_key: str = "hinode-license-key",
        clock: Callable[[], datetime] = utc_now,
        per_second: float = PER_SECOND,
    ) -> None:
        super().__init__(shop_name=shop_name, clock=clock)
        self.secret = secret
        self.license_key = license_key
        self.per_second = per_second
        self.page_overlap = 0
        self.search_lag = timedelta(0)
        self._spent: dict[str, tuple[float, float]] = {}

    def credentials(self) -> dict[str, str]:
        """Return the secrets that the shop form wants."""
        return {"service_secret": self.secret, "license_key": self.license_key}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one WSGI request."""
        return serve(environ, start_response, self.answer)

    def answer(self, request: Request) -> Answer:
        """Answer one request of the API."""
        pair = base64.b64encode(f"{self.secret}:{self.license_key}".encode()).decode()
        if request.headers.get("authorization") != f"HND {pair}":
            return _error(401, "HE0401", "認証に失敗しました")
        routes: dict[tuple[str, str], Callable[[dict[str, Any]], Answer]] = {
            ("GET", "/v1/shop"): self._shop,
            ("POST", "/v1/orders/search"): self._search,
            ("POST", "/v1/orders/get"): self._get,
            ("POST", "/v1/orders/confirm"): self._confirm,
            ("POST", "/v1/orders/cancel"): self._cancel,
            ("POST", "/v1/orders/ship"): self._ship,
            ("POST", "/v1/stock/set"): self._set_stock,
            ("POST", "/v1/stock/get"): self._get_stock,
            ("GET", "/v1/items"): self._items,
        }
        route = routes.get((request.method, request.path))
        if route is None:
            return _error(404, "HE0404", "このAPIはありません")
        if not self._may(request.path):
            return _error(429, "HE0429", "アクセスが集中しています")
        body = request.json()
        if body is None:
            return _error(400, "HE0001", "JSONではありません")
        if request.method == "GET":
            body = {name: values[0] for name, values in parse_qs(request.query).items()}
        try:
            with self.lock:
                return route(body)
        except (KeyError, TypeError, ValueError) as error:
            return _error(400, "HE0002", f"項目が正しくありません: {error}")

    def _may(self, path: str) -> bool:
        """Take one from the bucket of this call: `per_second` a second, ten at once."""
        with self.lock:
            now = time.monotonic()
            tokens, at = self._spent.get(path, (self.per_second, now))
            tokens = min(self.per_second, tokens + (now - at) * self.per_second)
            may = tokens >= 1
            self._spent[path] = (tokens - 1 if may else tokens, now)
            return may

    def _shop(self, body: Mapping[str, Any]) -> Answer:
        del body
        return Answer(
            body={
                "shopId": "hinode-daicho",
                "shopName": self.shop_name,
                "openedAt": _second(self.opened_at),
                "licenseKeyExpiresAt": _second(self.clock() + timedelta(days=60)),
                "serverTime": _second(self.clock()),
            }
        )

    def _search(self, body: Mapping[str, Any]) -> Answer:
        since = datetime.fromisoformat(body["updatedFrom"])
        until = datetime.fromisoformat(body["updatedTo"])
        hits = int(body.get("hits", 30))
        offset = int(body.get("cursor", 0))
        if until - since > WINDOW_MAX or not 1 <= hits <= HITS_MAX:
            return _error(400, "HE0003", "期間は31日以内、hitsは100以内です")
        visible_until = self.clock() - self.search_lag
        refs = sorted(
            (_floor(order.changed_at), order.order_no)
            for order in self.orders.values()
            if since <= _floor(order.changed_at) <= until and order.changed_at <= visible_until
        )
        page = refs[offset : offset + hits]
        end = offset + len(page)
        is_more = end < len(refs)
        return Answer(
            body={
                "serverTime": _second(self.clock()),
                "total": len(refs),
                "orders": [{"orderNumber": no, "updatedAt": _second(at)} for at, no in page],
                "nextCursor": str(max(end - self.page_overlap, offset + 1)) if is_more else None,
            }
        )

    def _get(self, body: Mapping[str, Any]) -> Answer:
        numbers = list(body["orderNumbers"])
        if not 1 <= len(numbers) <= GET_MAX:
            return _error(400, "HE0003", "orderNumbersは1から100件です")
        found = [self.orders[no] for no in numbers if no in self.orders]
        return Answer(
            body={
                "serverTime": _second(self.clock()),
                "orders": [order_document(order) for order in found],
                "notFound": [no for no in numbers if no not in self.orders],
            }
        )

    def _confirm(self, body: Mapping[str, Any]) -> Answer:
        return self._each(list(body["orderNumbers"]), GET_MAX, self.confirm)

    def _cancel(self, body: Mapping[str, Any]) -> Answer:
        try:
            self.cancel(str(body["orderNumber"]), REASON.get(int(body["reasonCode"]), "other"))
        except NotPossible as error:
            return _error(422, error.code, "この受注はキャンセルできません")
        return Answer(body={"code": "OK"})

    def _ship(self, body: Mapping[str, Any]) -> Answer:
        def ship(item: Mapping[str, Any]) -> object:
            return self.ship(
                str(item["orderNumber"]),
                carrier=str(item["carrierCode"]),
                tracking_no=str(item["trackingNumber"]),
            )

        return self._each(list(body["shipments"]), SHIP_MAX, ship)

    def _each(self, items: list[Any], most: int, act: Callable[[Any], object]) -> Answer:
        if not 1 <= len(items) <= most:
            return _error(400, "HE0003", f"1から{most}件です")
        results: list[dict[str, object]] = []
        for index, item in enumerate(items):
            code = "OK"
            try:
                act(item)
            except NotPossible as error:
                code = error.code
            results.append({"index": index, "code": code})
        return Answer(body={"results": results})

    def _set_stock(self, body: Mapping[str, Any]) -> Answer:
        items = list(body["items"])
        if not 1 <= len(items) <= STOCK_SET_MAX:
            return _error(400, "HE1101", "itemsは1から400件です")
        keys = [_key(item) for item in items]
        if len(set(keys)) != len(keys):
            return _error(400, "HE1102", "同じ商品が二つあります")
        results: list[dict[str, object]] = []
        for index, (key, item) in enumerate(zip(keys, items, strict=True)):
            quantity = int(item["quantity"])
            if 0 <= quantity <= QUANTITY_MAX:
                self.set_level(key, quantity)
                results.append({"index": index, "code": "OK"})
            else:
                results.append({"index": index, "code": "OUT_OF_RANGE"})
        return Answer(body={"results": results})

    def _get_stock(self, body: Mapping[str, Any]) -> Answer:
        items = list(body["items"])
        if not 1 <= len(items) <= STOCK_GET_MAX:
            return _error(400, "HE1101", "itemsは1から1000件です")
        found = [self.listings[key] for key in map(_key, items) if key in self.listings]
        return Answer(body={"items": [_stock_document(listing) for listing in found]})

    def _items(self, body: Mapping[str, Any]) -> Answer:
        offset, hits = int(body.get("offset", 0)), int(body.get("hits", 30))
        listings = sorted(self.listings.values(), key=lambda listing: listing.listing_no)
        page = listings[offset : offset + min(hits, HITS_MAX)]
        return Answer(
            body={"total": len(listings), "items": [_item_document(item) for item in page]}
        )


def order_document(order: MallOrder) -> dict[str, object]:
    """Write an order as this mall does."""
    basket = order.basket
    code, name = METHOD.get(basket.payment_method, (99, "その他"))
    is_fixed = basket.shipping_fee is not None
    zone: dict[Decimal, Decimal] = {}
    for line in order.lines:
        rate = line.tax_rate
        zone[rate] = zone.get(rate, Decimal(0)) + line.unit_price * line.quantity
    return {
        "orderNumber": order.order_no,
        "status": order.state.upper(),
        "orderedAt": _second(order.ordered_at),
        "updatedAt": _second(order.changed_at),
        "memberNumber": basket.customer_no or None,
        "cancel": None
        if order.cancelled_at is None
        else {
            "reasonCode": next((n for n, r in REASON.items() if r == order.cancel_reason), 10),
            "cancelledAt": _second(order.cancelled_at),
        },
        "payment": {
            "methodCode": code,
            "methodName": name,
            "paidAt": None if order.paid_at is None else _second(order.paid_at),
            "transactionNo": order.payment_no or None,
        },
        "amounts": {
            "goods": int(order.item_total),
            "postage": int(basket.shipping_fee) if basket.shipping_fee is not None else NOT_FIXED,
            "codFee": int(basket.cod_fee),
            "wrapping": int(basket.gift_fee),
            "couponTotal": int(order.coupon_total),
            "points": int(basket.points_used),
            "request": int(order.total) if is_fixed else NOT_FIXED,
            "taxes": [
                {"rate": float(rate), "target": int(goods), "tax": int(goods * rate / (1 + rate))}
                for rate, goods in sorted(zone.items())
            ],
        },
        "coupons": [
            {
                "code": coupon.coupon_code,
                "name": coupon.name,
                "bearer": BEARER[coupon.bearer],
                "amount": int(coupon.amount),
            }
            for coupon in basket.coupons
        ],
        "buyer": {**_person(basket.buyer), "email": basket.buyer.email},
        "delivery": {
            "desiredDate": basket.requested_on or None,
            "desiredTime": _slot(basket.time_slot),
            "giftFlag": int(basket.is_gift),
            "recipient": _person(basket.recipient),
        },
        "remarks": basket.note,
        "items": [
            {
                "detailId": line.line_no,
                **_key_document(line.listing_no),
                "title": line.name,
                "choice": line.option,
                "price": int(line.unit_price),
                "units": line.quantity,
                "taxRate": float(line.tax_rate),
            }
            for line in order.lines
        ],
        "shipping": {
            "carrierCode": order.carrier or None,
            "trackingNumbers": list(order.tracking_nos),
            "shippedAt": None if order.shipped_at is None else _second(order.shipped_at),
        },
    }


def _person(person: MallPerson) -> dict[str, object]:
    zip1, _, zip2 = person.postal_code.partition("-")
    return {
        "lastName": person.family_name,
        "firstName": person.given_name,
        "lastNameKana": person.family_kana,
        "firstNameKana": person.given_kana,
        "company": person.company or None,
        "zip1": zip1,
        "zip2": zip2,
        "prefecture": person.region,
        "city": person.city,
        "street": person.street,
        "tel": person.phone,
    }


def _item_document(listing: MallListing) -> dict[str, object]:
    return {
        **_stock_document(listing),
        "title": listing.name,
        "choice": listing.option,
        "merchantSku": listing.sku_code,
        "gtin": listing.gtin,
        "price": int(listing.price),
        "hidden": listing.is_hidden,
    }


def _stock_document(listing: MallListing) -> dict[str, object]:
    return {**_key_document(listing.listing_no), "quantity": listing.level}


def _key_document(listing_no: str) -> dict[str, object]:
    manage_number, _, variant_id = listing_no.partition("/")
    return {"manageNumber": manage_number, "variantId": variant_id}


def _key(item: Mapping[str, Any]) -> str:
    return f"{str(item['manageNumber']).lower()}/{item['variantId']}"


def _slot(text: str) -> int:
    if text in {"am", "pm"}:
        return 1 if text == "am" else 2
    start, _, end = text.partition("-")
    return int(start[:2]) * 100 + int(end[:2]) if end else 0


def _floor(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _second(moment: datetime) -> str:
    return moment.astimezone(JST).strftime("%Y-%m-%dT%H:%M:%S%z")


def _error(status: int, code: str, message: str) -> Answer:
    return Answer(status=status, body={"errors": [{"code": code, "message": message}]})
