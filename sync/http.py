"""The one way out to the network: bounded, typed in its failures, silent about persons.

Which failure is which: 401 `CredentialsRefused` · 403 `PermissionMissing` · 429 `RateLimited` · 408
and no answer in time `TimedOut` · 5xx, no connection, cut-off answer, HTML instead of JSON
`RemoteUnavailable` · other 4xx `Refused` for the item they are about, or `ContractBroken` when the
call is about none · any other shape `ContractBroken`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import httpx
import structlog

from sync import doc
from sync.contract import RateBudget
from sync.doc import Doc
from sync.errors import (
    ContractBroken,
    CredentialsRefused,
    PermissionMissing,
    RateLimited,
    Refused,
    RemoteUnavailable,
    TimedOut,
)

CONNECT_TIMEOUT_S: Final = 5.0
ANSWER_TIMEOUT_S: Final = 20.0
BODY_MAX: Final = 16 * 1024 * 1024
RETRY_AFTER_DEFAULT_S: Final = 2.0
RETRY_AFTER_MAX_S: Final = 3600.0
BUDGET_WAIT_MAX_S: Final = 5.0
CONNECTIONS_MAX: Final = 4

# Both write whole addresses and headers to the log at levels below this one.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

log = structlog.get_logger("sync.http")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    where: str

    def json(self) -> Doc:
        """Read the body as a JSON object; see `sync.doc.load` for what it raises."""
        return doc.load(self.body, self.where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A published limit: so many per second on average, so many at once."""

    per_second: float
    burst: float


class LocalBudget:
    """The rate budget of one shop within one process: a bucket per operation."""

    def __init__(
        self,
        limits: Mapping[str, Limit],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, operation: str, cost: float = 1.0) -> None:
        """Wait for at most `BUDGET_WAIT_MAX_S` until the cost is free, or raise `RateLimited`.

        An operation without a limit of its own uses that of `*`, and none when there is no such
        limit.
        """
        limit = self._limits.get(operation) or self._limits.get("*")
        if limit is None:
            return
        with self._lock:
            now = self._clock()
            tokens, seen_at = self._buckets.get(operation, (limit.burst, now))
            tokens = min(limit.burst, tokens + (now - seen_at) * limit.per_second)
            wait_s = max(0.0, (min(cost, limit.burst) - tokens) / limit.per_second)
            if wait_s > BUDGET_WAIT_MAX_S:
                raise RateLimited(retry_after_s=wait_s)
            self._buckets[operation] = (tokens - cost, now)
        if wait_s > 0:
            self._sleep(wait_s)

    def pause(self, operation: str, seconds: float) -> None:
        """Give nothing out for so long."""
        limit = self._limits.get(operation) or self._limits.get("*")
        if limit is None:
            return
        with self._lock:
            now = self._clock()
            self._buckets[operation] = (-seconds * limit.per_second, now)


class Http:
    """A client for one remote. Safe for several threads."""

    def __init__(
        self,
        base_url: str,
        *,
        shop_code: str,
        budget: RateBudget,
        transport: httpx.BaseTransport | None = None,
        timeout_s: float = ANSWER_TIMEOUT_S,
        body_max: int = BODY_MAX,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._shop_code = shop_code
        self._budget = budget
        self._timeout_s = timeout_s
        self._body_max = body_max
        self._now = now
        self._client = httpx.Client(
            base_url=base_url,
            transport=transport,
            timeout=httpx.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
            limits=httpx.Limits(max_connections=CONNECTIONS_MAX),
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": "daicho", "Accept": "application/json"},
        )

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        operation: str,
        key: str = "",
        cost: float = 1.0,
        headers: Mapping[str, str] | None = None,
        json: Mapping[str, object] | None = None,
        form: Mapping[str, str] | None = None,
        accept: frozenset[int] = frozenset(),
    ) -> Reply:
        """Send one request and return its 2xx answer, or raise the error that says what to do.

        `key` is the one item that the call is about (a 404 or 422 then refuses that item); `accept`
        lists further status codes whose body the caller understands.
        """
        self._budget.take(operation, cost)
        started = time.monotonic()
        where = f"{method} {path}"
        request_headers = dict(headers or {})
        content: bytes | None = None
        if json is not None:
            content = doc.dump(json)
            request_headers["Content-Type"] = "application/json; charset=utf-8"
        try:
            with self._client.stream(
                method, path, content=content, data=form, headers=request_headers
            ) as response:
                body = self._read(response, where, started + self._timeout_s)
        except httpx.TimeoutException as error:
            self._say(operation, started, error="TimedOut")
            raise TimedOut(f"{where} did not answer within {self._timeout_s:g} s") from error
        except httpx.TransportError as error:
            self._say(operation, started, error=type(error).__name__)
            raise RemoteUnavailable(f"{where}: {type(error).__name__}") from error
        except (httpx.InvalidURL, httpx.DecodingError) as error:
            self._say(operation, started, error=type(error).__name__)
            raise ContractBroken(f"{where}: {type(error).__name__}") from error
        self._say(operation, started, status=response.status_code)
        reply = Reply(status=response.status_code, headers=response.headers, body=body, where=where)
        if reply.status not in accept:
            self._judge(reply, operation, key)
        return reply

    def _read(self, response: httpx.Response, where: str, deadline: float) -> bytes:
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > self._body_max:
                raise ContractBroken(f"{where} answered more than {self._body_max} bytes")
            # The client's own time-out is per read: a remote that drips would hold us for ever.
            if time.monotonic() > deadline:
                raise TimedOut(f"{where} was still answering after {self._timeout_s:g} s")
            chunks.append(chunk)
        return b"".join(chunks)

    def _judge(self, reply: Reply, operation: str, key: str) -> None:
        status = reply.status
        if httpx.codes.is_success(status):
            return
        where = f"{reply.where} answered {status}"
        if status == HTTPStatus.UNAUTHORIZED:
            raise CredentialsRefused
        if status == HTTPStatus.FORBIDDEN:
            raise PermissionMissing
        if status == HTTPStatus.REQUEST_TIMEOUT:
            raise TimedOut(where)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            seconds = retry_after_s(reply.headers, self._now())
            seconds = RETRY_AFTER_DEFAULT_S if seconds is None else seconds
            self._budget.pause(operation, seconds)
            raise RateLimited(retry_after_s=seconds)
        if httpx.codes.is_server_error(status):
            raise RemoteUnavailable(where, retry_after_s=retry_after_s(reply.headers, self._now()))
        if httpx.codes.is_client_error(status) and key:
            raise Refused(key, f"HTTP {status}")
        raise ContractBroken(where)

    def _say(self, operation: str, started: float, **facts: object) -> None:
        log.debug(
            "remote_called",
            shop=self._shop_code,
            operation=operation,
            duration_ms=round((time.monotonic() - started) * 1000),
            **facts,
        )


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Read Retry-After (RFC 9110 10.2.3: seconds or a date), at most an hour.

    None when it is absent or unreadable. A date is measured against the answer's own Date, so that a remote whose clock is wrong is
    understood.
    """
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), RETRY_AFTER_MAX_S)
    until = _http_date(value)
    if until is None:
        return None
    seconds = (until - (_http_date(headers.get("Date", "")) or now)).total_seconds()
    return min(max(seconds, 0.0), RETRY_AFTER_MAX_S)


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
