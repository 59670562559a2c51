"""Shops as jobs meet them: opened from their settings and secrets, and what their errors lead to."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog
from redis import Redis

import sql
from config import Settings
from sync import contract, registry
from sync.contract import Channel, ShopAccess
from sync.errors import (
    ContractBroken,
    CredentialsRefused,
    RateLimited,
    Refused,
    RemoteUnavailable,
    Retryable,
    SyncError,
)
from sync.http import LocalBudget
from sync.vault import KeyMissing, Vault

BACKOFF_FIRST_S: Final = 1.0
BACKOFF_MAX_S: Final = 300.0
JITTER: Final = 0.25
# A shop that does not come back for so long is told to staff; we go on trying.
LOST_TELL: Final = timedelta(minutes=30)
SYSTEM_ACCOUNT: Final = 1

log = structlog.get_logger("sync.shops")
T = TypeVar("T")


class ShopNotThere(SyncError):
    """その店舗はありません。 | There is no such shop."""


class ShopIsPaused(SyncError):
    """店舗は一時停止中です。 | The shop is paused."""


class ShopIsWaiting(SyncError):
    """店舗を休ませています。 | The shop is being left alone for a while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One row of `channel.shop`, with how its connection is."""

    shop_id: int
    shop_code: str
    channel_code: str
    currency_code: str
    time_zone: str
    settings: Mapping[str, object]
    is_paused: bool
    is_waiting: bool
    failures: int
    failing_since: datetime | None
    fingerprint: str


class DatabaseSecrets(contract.SecretStore):
    """The secrets of one shop, in `channel.shop_secret`. What is kept is committed at once."""

    def __init__(self, connect: Callable[[], sql.Connection], vault: Vault, shop_id: int) -> None:
        self._connect = connect
        self._vault = vault
        self._shop_id = shop_id

    def read(self) -> Mapping[str, str]:
        """Return all secrets as they are now. One that no key opens counts as missing."""
        found: dict[str, str] = {}
        for row in sql.rows(self._connect(), "shop_secret_read", shop_id=self._shop_id):
            try:
                found[row.secret_name] = self._vault.open_secret(
                    self._shop_id, row.secret_name, row.ciphertext
                )
            except KeyMissing:
                continue
        return found

    def keep(self, changed: Mapping[str, str]) -> None:
        """Store changed secrets together."""
        connection = self._connect()
        with sql.transaction(connection):
            for name in sorted(changed):
                sql.rows(
                    connection,
                    "shop_secret_write",
                    shop_id=self._shop_id,
                    name=name,
                    ciphertext=self._vault.seal_secret(self._shop_id, name, changed[name]),
                )


@dataclass(slots=True)
class Opened:
    """A connector that is kept between jobs of one process."""

    fingerprint: str
    channel: Channel


@dataclass(slots=True)
class Context:
    """What jobs of one process share: settings, keys, one connection, opened connectors."""

    settings: Settings
    vault: Vault
    redis: Redis
    chance: random.Random = field(default_factory=random.SystemRandom)
    # Called by a long job that gets on: the worker's watchdog begins to count anew
    alive: Callable[[], None] = field(default=lambda: None)
    _connection: sql.Connection | None = None
    _opened: dict[int, Opened] = field(default_factory=dict)
    _budgets: dict[int, LocalBudget] = field(default_factory=dict)

    @property
    def connection(self) -> sql.Connection:
        """Return the connection, opened anew when it was lost."""
        if self._connection is None or self._connection.closed or self._connection.broken:
            self._connection = sql.connect(
                self.settings.worker_database_url, account_id=SYSTEM_ACCOUNT, autocommit=True
            )
        return self._connection

    def lose(self) -> None:
        """Give the database connection up; the next use opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Give back the connections and all connectors."""
        self.lose()
        for shop_id in list(self._opened):
            self.forget(shop_id)
        self.redis.close()

    def forget(self, shop_id: int) -> None:
        """Close a shop's connector; the next job opens it anew."""
        opened = self._opened.pop(shop_id, None)
        if opened is not None:
            opened.channel.close()

    def rest(self, shop_id: int) -> None:
        """Forget a shop's rate budget too: its gate in the database is closed for all processes."""
        self.forget(shop_id)
        self._budgets.pop(shop_id, None)

    def shop(self, shop_id: int) -> Shop:
        """Read a shop, or raise `ShopNotThere`."""
        found = sql.rows(self.connection, "shop_read", shop_id=shop_id)
        if not found:
            raise ShopNotThere
        return Shop(**found[0]._asdict())

    def channel(self, shop: Shop) -> Channel:
        """Open the connector of a shop, or take the one that is open while nothing changed."""
        opened = self._opened.get(shop.shop_id)
        if opened is not None and opened.fingerprint == shop.fingerprint:
            return opened.channel
        self.forget(shop.shop_id)
        budget = self._budgets.setdefault(
            shop.shop_id, LocalBudget(registry.manifest(shop.channel_code).limits)
        )
        access = ShopAccess(
            shop_code=shop.shop_code,
            settings=shop.settings,
            secrets=DatabaseSecrets(lambda: self.connection, self.vault, shop.shop_id),
            currency_code=shop.currency_code,
            time_zone=shop.time_zone,
            budget=budget,
        )
        channel = registry.open_channel(shop.channel_code, access)
        self._opened[shop.shop_id] = Opened(fingerprint=shop.fingerprint, channel=channel)
        return channel


def ready(context: Context, shop_id: int) -> Shop:
    """Read a shop that may be asked now; raises `ShopIsPaused` or `ShopIsWaiting`."""
    shop = context.shop(shop_id)
    if shop.is_paused:
        raise ShopIsPaused
    if shop.is_waiting:
        raise ShopIsWaiting
    return shop


def talk(context: Context, shop: Shop, act: Callable[[Channel], T]) -> T:
    """Do something with a shop's connector, and note in the database how it went.

    Errors are raised again after what they lead to is written: the gate is closed for a while, or
    the shop is paused and staff are told. No transaction is open meanwhile.
    """
    try:
        result = act(context.channel(shop))
    except Refused:
        # An answer about one item: the shop is well.
        answered(context, shop)
        raise
    except CredentialsRefused as error:
        if context.shop(shop.shop_id).fingerprint != shop.fingerprint:
            # Another worker renewed the credentials meanwhile: ours were merely old.
            unavailable = RemoteUnavailable("the credentials were renewed meanwhile")
            lost(context, shop, unavailable)
            raise unavailable from error
        stop(context, shop, error)
        raise
    except SyncError as error:
        if isinstance(error, Retryable):
            lost(context, shop, error)
        else:
            stop(context, shop, error)
        raise
    answered(context, shop)
    return result


def answered(context: Context, shop: Shop) -> None:
    """Note that a shop is well; say so when it was not."""
    if shop.failures == 0:
        return
    ended = sql.value(context.connection, "transit.shop_gate_open", shop.shop_id)
    if ended:
        log.info("shop_back", shop=shop.shop_code, count=ended)
        note = "応答が戻りました。 | It answers again."
        for row in sql.rows(context.connection, "inbox_of_lost_shop", shop_id=shop.shop_id):
            sql.call(context.connection, "transit.inbox_close", row.inbox_id, note)


def lost(context: Context, shop: Shop, error: Retryable) -> float:
    """Leave a shop alone for a while, longer each time; return the seconds."""
    wait_s = backoff_s(shop.failures, error.retry_after_s, context.chance)
    failures = sql.value(
        context.connection,
        "transit.shop_gate_close",
        shop.shop_id,
        timedelta(seconds=wait_s),
        error.message,
    )
    if isinstance(error, RateLimited):
        context.rest(shop.shop_id)
    if failures == 1:
        log.warning(
            "shop_lost", shop=shop.shop_code, error=type(error).__name__, wait_s=round(wait_s, 1)
        )
    since = shop.failing_since
    is_slow_only = isinstance(error, RateLimited)
    if since is not None and not is_slow_only and datetime.now(since.tzinfo) - since > LOST_TELL:
        _tell(context, shop, "shop_needs_staff", "unreachable", error.message)
    return wait_s


def stop(context: Context, shop: Shop, error: SyncError) -> None:
    """Pause a shop and tell staff: a person must act, or its connector be mended."""
    is_broken = isinstance(error, ContractBroken)
    reason = "shop_changed" if is_broken else "shop_needs_staff"
    detail = error.message if not error.hint else f"{error.message} / {error.hint}"
    with sql.transaction(context.connection):
        sql.call(context.connection, "channel.shop_pause", shop.shop_id, error.message)
        _tell(context, shop, reason, type(error).__name__, detail)
    context.forget(shop.shop_id)
    log.error("shop_paused", shop=shop.shop_code, error=type(error).__name__)


def backoff_s(failures: int, retry_after_s: float | None, chance: random.Random) -> float:
    """How long to wait after one more failure: what the shop asked for, else twice as long each time."""
    wait_s = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2 ** min(failures, 16))
    if retry_after_s is not None:
        wait_s = max(retry_after_s, BACKOFF_FIRST_S)
    return wait_s * (1 + chance.random() * JITTER)


def _tell(context: Context, shop: Shop, reason: str, subject: str, detail: str) -> None:
    sql.call(
        context.connection,
        "transit.inbox_note",
        reason,
        shop.shop_id,
        None,
        None,
        None,
        subject,
        detail,
    )


def can(shop: Shop, capability: str) -> bool:
    """Say whether a shop's channel can do something."""
    return capability in registry.manifest(shop.channel_code).capabilities
