"""The calls of Hinode's REST API that we use. Sizes are those of the manifest."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sync.contract import ShopAccess
from sync.doc import Doc
from sync.errors import ContractBroken
from sync.http import Http

STOCK_BATCH: Final = 400
STOCK_READ: Final = 1000
DETAIL_BATCH: Final = 100
SEARCH_PAGE: Final = 100
SHIPMENT_BATCH: Final = 50
LISTING_PAGE: Final = 100


class Client:
    """One shop's connection to Hinode."""

    def __init__(self, http: Http, access: ShopAccess) -> None:
        self._http = http
        self._access = access

    def close(self) -> None:
        """Give back the connections."""
        self._http.close()

    def shop(self) -> Doc:
        """Read the shop itself."""
        return self._call("GET", "/v1/shop", "shop")

    def search_orders(
        self, *, updated_from: datetime, updated_to: datetime, page_token: str
    ) -> Doc:
        """Find orders changed within a window, both ends included, to the whole second."""
        body: dict[str, object] = {
            "updatedFrom": _second(updated_from),
            "updatedTo": _second(updated_to),
            "hits": SEARCH_PAGE,
        }
        if page_token:
            body["cursor"] = page_token
        return self._call("POST", "/v1/orders/search", "orders.search", body)

    def get_orders(self, order_numbers: Sequence[str]) -> Doc:
        """Read up to `DETAIL_BATCH` orders in full."""
        body = {"orderNumbers": list(order_numbers)}
        return self._call("POST", "/v1/orders/get", "orders.get", body)

    def confirm_orders(self, order_numbers: Sequence[str]) -> Doc:
        """Take orders on."""
        body = {"orderNumbers": list(order_numbers)}
        return self._call("POST", "/v1/orders/confirm", "orders.confirm", body)

    def cancel_order(self, order_number: str, reason_code: int) -> Doc:
        """Cancel one order. Raises `Refused` when it is unknown or shipped."""
        body: dict[str, object] = {"orderNumber": order_number, "reasonCode": reason_code}
        return self._call("POST", "/v1/orders/cancel", "orders.cancel", body, key=order_number)

    def ship_orders(self, shipments: Sequence[Mapping[str, object]]) -> Doc:
        """Report up to `SHIPMENT_BATCH` shipments; one result each."""
        body = {"shipments": list(shipments)}
        return self._call("POST", "/v1/orders/ship", "orders.ship", body)

    def set_stock(self, items: Sequence[Mapping[str, object]]) -> Doc:
        """Set up to `STOCK_BATCH` levels; one result each. Unknown items are accepted silently."""
        return self._call("POST", "/v1/stock/set", "stock.set", {"items": list(items)})

    def get_stock(self, items: Sequence[Mapping[str, object]]) -> Doc:
        """Read up to `STOCK_READ` levels; unknown items are left out."""
        return self._call("POST", "/v1/stock/get", "stock.get", {"items": list(items)})

    def listings(self, offset: int) -> Doc:
        """Read one page of items."""
        path = f"/v1/items?offset={offset}&hits={LISTING_PAGE}"
        return self._call("GET", path, "items.list")

    def _call(
        self,
        method: str,
        path: str,
        operation: str,
        body: Mapping[str, object] | None = None,
        *,
        key: str = "",
    ) -> Doc:
        secrets = self._access.secrets.read()
        try:
            pair = f"{secrets['service_secret']}:{secrets['license_key']}"
        except KeyError as error:
            raise ContractBroken(f"shop form has no {error}") from error
        headers = {"Authorization": "HND " + base64.b64encode(pair.encode()).decode()}
        return self._http.request(
            method, path, operation=operation, key=key, json=body, headers=headers
        ).json()


def _second(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S%z")
