"""The calls of Minato's GraphQL API that we use, and its rotating token."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Final

from sync.contract import ShopAccess
from sync.doc import Doc
from sync.errors import (
    ContractBroken,
    CredentialsRefused,
    PermissionMissing,
    Refused,
    RemoteUnavailable,
)
from sync.http import Http

STOCK_BATCH: Final = 25
STOCK_READ: Final = 50
EVENT_PAGE: Final = 50
LISTING_PAGE: Final = 50

SHOP: Final = "query Shop { shop { id name currency } }"
EVENTS: Final = (
    "query OrderEvents($after: String, $first: Int!)"
    " { orderEvents(after: $after, first: $first) { nodes { position type order } hasNext } }"
)
SET_STOCK: Final = (
    "mutation SetStock($levels: [StockLevelInput!]!)"
    " { setStock(levels: $levels) { userErrors { index code } } }"
)
STOCK: Final = "query Stock($skus: [ID!]!) { stock(skus: $skus) { nodes { sku available } } }"
LISTINGS: Final = (
    "query Listings($after: String, $first: Int!)"
    " { listings(after: $after, first: $first) { nodes cursor hasNext } }"
)
FULFIL: Final = (
    "mutation FulfilOrder($id: ID!, $carrier: String!, $trackingNumber: String!)"
    " { fulfilOrder(id: $id, carrier: $carrier, trackingNumber: $trackingNumber)"
    " { userErrors { code } } }"
)
CONFIRM: Final = "mutation ConfirmOrder($id: ID!) { confirmOrder(id: $id) { userErrors { code } } }"
CANCEL: Final = (
    "mutation CancelOrder($id: ID!, $reason: String!)"
    " { cancelOrder(id: $id, reason: $reason) { userErrors { code } } }"
)


class Client:
    """One shop's connection to Minato."""

    def __init__(self, http: Http, access: ShopAccess) -> None:
        self._http = http
        self._access = access
        self._lock = threading.Lock()

    def close(self) -> None:
        """Give back the connections."""
        self._http.close()

    def webhook_secret(self) -> str:
        """Return the key that webhooks are signed with; empty when there is none."""
        return self._access.secrets.read().get("webhook_secret", "")

    def shop(self) -> Doc:
        """Read the shop itself."""
        return self._ask("Shop", SHOP, {}, cost=1).child("shop")

    def order_events(self, after: str | None) -> Doc:
        """Read the next events of the feed: full snapshots, sometimes twice or out of order."""
        variables: dict[str, object] = {"after": after, "first": EVENT_PAGE}
        return self._ask("OrderEvents", EVENTS, variables, cost=10 + EVENT_PAGE).child(
            "orderEvents"
        )

    def set_stock(self, levels: Sequence[Mapping[str, object]]) -> Doc:
        """Set up to `STOCK_BATCH` levels; those that failed are listed by position."""
        variables = {"levels": list(levels)}
        return self._ask("SetStock", SET_STOCK, variables, cost=10 + len(levels)).child("setStock")

    def stock(self, skus: Sequence[str]) -> Doc:
        """Read up to `STOCK_READ` levels; unknown ones are left out."""
        return self._ask("Stock", STOCK, {"skus": list(skus)}, cost=len(skus)).child("stock")

    def listings(self, after: str | None) -> Doc:
        """Read one page of listings."""
        variables: dict[str, object] = {"after": after, "first": LISTING_PAGE}
        return self._ask("Listings", LISTINGS, variables, cost=LISTING_PAGE).child("listings")

    def fulfil(self, order_id: str, *, carrier: str, tracking_no: str) -> None:
        """Report one shipment. Raises `Refused` with the mall's code."""
        variables = {"id": order_id, "carrier": carrier, "trackingNumber": tracking_no}
        self._do("FulfilOrder", FULFIL, "fulfilOrder", order_id, variables)

    def confirm(self, order_id: str) -> None:
        """Take an order on. Raises `Refused` with the mall's code."""
        self._do("ConfirmOrder", CONFIRM, "confirmOrder", order_id, {"id": order_id})

    def cancel(self, order_id: str, reason: str) -> None:
        """Cancel an order. Raises `Refused` with the mall's code."""
        variables = {"id": order_id, "reason": reason}
        self._do("CancelOrder", CANCEL, "cancelOrder", order_id, variables)

    def _do(
        self, name: str, query: str, field: str, order_id: str, variables: Mapping[str, object]
    ) -> None:
        answer = self._ask(name, query, variables, cost=10).child(field)
        for problem in answer.each("userErrors"):
            raise Refused(order_id, problem.text("code"))

    def _ask(self, name: str, query: str, variables: Mapping[str, object], *, cost: float) -> Doc:
        """Run one operation and return its `data`; a refused token is renewed once."""
        body = {"operationName": name, "query": query, "variables": variables}
        token = self._access.secrets.read().get("access_token", "")
        for is_last in (False, True):
            if not token:
                token = self._renew(spent="")
            try:
                reply = self._http.request(
                    "POST",
                    "/graphql",
                    operation="graphql",
                    cost=cost,
                    json=body,
                    headers={"Authorization": f"Bearer {token}"},
                )
            except CredentialsRefused:
                if is_last:
                    raise
                token = self._renew(spent=token)
                continue
            return _data(reply.json(), name)
        raise CredentialsRefused

    def _renew(self, *, spent: str) -> str:
        """Get a new access token, unless another worker did so since we read ours.

        The refresh token changes with each use. The new pair is kept before it is used: were it
        lost, a person would have to grant access again.
        """
        with self._lock:
            secrets = self._access.secrets.read()
            held = secrets.get("access_token", "")
            if held and held != spent:
                return held
            reply = self._http.request(
                "POST",
                "/oauth/token",
                operation="token",
                form={
                    "grant_type": "refresh_token",
                    "client_id": str(self._access.settings.get("client_id", "")),
                    "client_secret": secrets.get("client_secret", ""),
                    "refresh_token": secrets.get("refresh_token", ""),
                },
                accept=frozenset({400}),
            )
            if reply.status == 400:
                raise CredentialsRefused
            answer = reply.json()
            token = answer.code("access_token")
            self._access.secrets.keep(
                {"access_token": token, "refresh_token": answer.code("refresh_token")}
            )
            return token


def _data(answer: Doc, name: str) -> Doc:
    for problem in answer.each("errors") if answer.has("errors") else ():
        extensions = problem.child_or_none("extensions")
        code = "" if extensions is None else extensions.text_or("code")
        if code == "ACCESS_DENIED":
            raise PermissionMissing
        if code == "INTERNAL":
            raise RemoteUnavailable(f"{name} answered an internal error")
        raise ContractBroken(f"{name} answered error {code or 'without a code'}")
    return answer.child("data")
