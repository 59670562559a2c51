"""The only functions that the queue may call. Each is safe to run twice, at once, or half."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import Final

import redis
import structlog

import sql
import sql.errors
from config import Settings
from sync import pushing, queue, requests
from sync.errors import SyncError
from sync.mail import deliver, fetch
from sync.requests import Running
from sync.shops import Context
from sync.vault import Vault

BACK_AFTER_S: Final = 0.5

log = structlog.get_logger("sync.jobs")


_contexts: list[Context] = []


def begin(settings: Settings) -> Context:
    """Set up what the jobs of this process share."""
    _contexts[:] = [
        Context(
            settings=settings,
            vault=Vault(settings.secret_keys),
            redis=queue.connect(settings.redis_url),
        )
    ]
    return _contexts[0]


def push_stock(shop_id: int) -> None:
    """Tell a shop one batch of levels that are due."""
    _guarded("push_stock", shop_id, lambda context: _push(context, pushing.push_stock, shop_id))


def push_shipments(shop_id: int) -> None:
    """Tell a shop what has been shipped."""
    _guarded(
        "push_shipments", shop_id, lambda context: _push(context, pushing.push_shipments, shop_id)
    )


def send_mails(shop_id: int) -> None:
    """Hand a shop's due mails to its server."""
    _guarded("send_mails", shop_id, lambda context: deliver.send_mails(context, shop_id).is_more)


def fetch_mail(shop_id: int) -> None:
    """Read what is new in a shop's mailbox."""

    def act(context: Context) -> bool:
        fetch.fetch_mail(context, shop_id)
        return False

    _guarded("fetch_mail", shop_id, act)


def run_request(job_request_id: int) -> None:
    """Run one row of `transit.job_request` and write its answer."""
    running: list[Running] = []

    def act(context: Context) -> bool:
        running[:] = requests.claim(context, job_request_id)
        for claimed in running:
            requests.run(context, claimed)
        return False

    def failed(context: Context, error: Exception) -> None:
        for claimed in running:
            requests.fail(context, claimed, error)

    _guarded("run_request", job_request_id, act, failed)


def _push(context: Context, push: Callable[[Context, int], pushing.Pushed], shop_id: int) -> bool:
    """Push once; true when the shop may have more to hear."""
    return push(context, shop_id).is_full


def _nothing(_context: Context, _error: Exception) -> None:
    """Do nothing more: `shops.talk` has written what an error leads to."""


def _guarded(
    job: str,
    one_id: int,
    act: Callable[[Context], bool],
    failed: Callable[[Context, Exception], None] = _nothing,
) -> None:
    """Run a job; whatever it raises is dealt with here, so that the queue never sees it.

    The name is given back at the end; when there is more to do the bell is rung after that.
    """
    context = _contexts[0]
    started = time.monotonic()
    try:
        is_more = _outcome(context, job, one_id, act, failed)
        queue.free(context.redis, job, one_id)
        if is_more:
            sql.rows(context.connection, "bell_ring")
    except (sql.errors.DatabaseError, redis.RedisError) as error:
        # Even the failure could not be noted. The rows are there when the servers are back, and the
        # sweep finds them; an error that reached the queue would be kept there with its values.
        log.warning("servers_lost", job=job, error=type(error).__name__)
        context.lose()
        time.sleep(BACK_AFTER_S)
    log.debug("job_ended", job=job, duration_ms=round((time.monotonic() - started) * 1000))


def _outcome(
    context: Context,
    job: str,
    one_id: int,
    act: Callable[[Context], bool],
    failed: Callable[[Context, Exception], None],
) -> bool:
    """Run a job and note what it raised; true when there is more to do."""
    try:
        return act(context)
    except sql.errors.DatabaseUnavailable:
        raise
    except (SyncError, sql.errors.Busy) as error:
        log.info("job_stopped", job=job, error=type(error).__name__)
        failed(context, error)
    except Exception as error:  # noqa: BLE001 - the one place: a job never takes its worker along
        where = place(error)
        log.error("job_failed", job=job, error=type(error).__name__, where=where)
        note_failure(context, job, one_id, error, where)
        failed(context, error)
    return False


def note_failure(context: Context, job: str, one_id: int, error: Exception, where: str) -> None:
    """Tell staff of an error that nobody foresaw: its class and place, never its words."""
    sql.call(
        context.connection,
        "transit.inbox_note",
        "job_failed",
        None,
        None,
        None,
        None,
        f"{job} {one_id}" if job != "run_request" else job,
        f"{type(error).__name__}: {where}",
    )


def place(error: Exception) -> str:
    """Name the innermost line of ours that an error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or list(frames)
    name = ours[-1].filename.rsplit("/", 2)
    return f"{'/'.join(name[-2:])}:{ours[-1].lineno}"
