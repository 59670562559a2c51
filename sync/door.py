"""What the world calls: webhooks that say "look", never what. Plain Flask, no session, no page."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, cast

import redis
import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

import sql
import sql.errors
from config import Settings
from sync import leaving, queue, shops
from sync.contract import Nudge, OrderNudge
from sync.errors import NeedsStaff, NotAuthentic, SyncError
from sync.shops import Context, Shop
from sync.vault import Vault

MOUNT: Final = "/in"
"""Where the door stands in the web process; its own paths begin behind that."""

BODY_MAX: Final = 256 * 1024
SEEN_S: Final = 3600
"""How long a nudge's number is remembered: longer than any signature stays good."""

SEEN: Final = "daicho:nudge:"
NUDGE_NO_MAX: Final = 200

log = structlog.get_logger("sync.door")


class Doorkeeper:
    """One context for each thread of the web process: connections are not shared."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._vault = Vault(settings.secret_keys)
        self._redis = queue.connect(settings.redis_url)
        self._own = threading.local()
        self._all: list[Context] = []

    def close(self) -> None:
        """Give back all connections, at the end of the process."""
        for context in self._all:
            context.close()
        self._redis.close()

    @property
    def context(self) -> Context:
        """Return this thread's context."""
        found: Context | None = getattr(self._own, "context", None)
        if found is None:
            found = Context(settings=self._settings, vault=self._vault, redis=self._redis)
            self._own.context = found
            self._all.append(found)
        return found

    def is_new(self, shop: Shop, nudge: Nudge) -> bool:
        """Say whether a nudge comes for the first time. Without Redis each one does: it only says "look"."""
        key = f"{SEEN}{shop.shop_id}:{nudge.nudge_no[:NUDGE_NO_MAX]}"
        try:
            return bool(self._redis.set(key, b"1", nx=True, ex=SEEN_S))
        except redis.RedisError as error:
            log.warning("redis_lost", error=type(error).__name__)
            return True


def create_door(settings: Settings) -> Flask:
    """Make the WSGI program that is mounted beside the admin."""
    door = Flask("sync.door", static_folder=None)
    door.config["MAX_CONTENT_LENGTH"] = BODY_MAX
    keeper = Doorkeeper(settings)
    door.extensions["doorkeeper"] = keeper

    @door.get("/healthz")
    def healthz() -> Response:
        return _say(200, "ok")

    @door.route("/unsubscribe/<int:mail_id>-<mark>", methods=["GET", "POST"])
    def unsubscribe(mail_id: int, mark: str) -> Response:
        # The mark alone decides: a one-click from a mail provider has no session and no token
        if not leaving.is_real(keeper.context, mail_id, mark):
            return _say(404, "not found")
        act = leaving.left if request.method == "POST" else leaving.asked
        return act(keeper.context, mail_id) or _say(404, "not found")

    @door.post("/<shop_code>")
    def nudged(shop_code: str) -> Response:
        return _receive(keeper, shop_code, dict(request.headers), request.get_data(cache=False))

    @door.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        return _say(error.code or 400, (error.name or "refused").lower())

    @door.errorhandler(sql.errors.DatabaseError)
    def unavailable(error: sql.errors.DatabaseError) -> Response:
        log.error("door_failed", error=type(error).__name__)
        keeper.context.close()
        # The shop sends it again.
        return _say(503, "not now")

    return door


def _receive(
    keeper: Doorkeeper, shop_code: str, headers: Mapping[str, str], body: bytes
) -> Response:
    """Verify a nudge and ask for a pull. Unknown shop and bad signature look the same from outside."""
    context = keeper.context
    found = sql.rows(context.connection, "shop_by_code", shop_code=shop_code)
    if not found:
        return _say(401, "not authentic")
    shop = context.shop(found[0].shop_id)
    if not shops.can(shop, "nudge"):
        return _say(401, "not authentic")
    try:
        channel = cast("OrderNudge", context.channel(shop))
        nudge = channel.verify(headers, body, now=datetime.now(UTC))
    except NotAuthentic:
        log.warning("nudge_refused", shop=shop.shop_code)
        return _say(401, "not authentic")
    except NeedsStaff as error:
        log.warning("nudge_refused", shop=shop.shop_code, error=type(error).__name__)
        return _say(401, "not authentic")
    except SyncError as error:
        log.warning("nudge_refused", shop=shop.shop_code, error=type(error).__name__)
        return _say(400, "not understood")
    if not keeper.is_new(shop, nudge):
        return _say(409, "seen before")
    sql.rows(context.connection, "nudge_ask", shop_id=shop.shop_id)
    return _say(202, "thank you")


def _say(status: int, word: str) -> Response:
    answer = Response(word + "\n", status=status, mimetype="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
