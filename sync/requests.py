"""Jobs that are asked for in the database: by a screen, the schedule or a webhook."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Final

import structlog

import sql
import sql.errors
from sync import (
    bulk,
    counting,
    documenting,
    exporting,
    file_job,
    issuing,
    packing,
    pulling,
    stating,
    vault,
)
from sync.errors import Retryable, SyncError
from sync.mail import trying
from sync.render.words import joined
from sync.shops import SYSTEM_ACCOUNT, Context
from sync.work import Answer, ArgumentWrong, Cancelled, Done, LeaseLost, Running

LIMIT_S: Final[Mapping[str, int]] = {
    "now": 30,
    "orders": 240,
    "push": 90,
    "slow": 900,
    "long": 900,
    "mail": 240,
}
"""How long a job may run in each lane, or be silent when it says how far it is; the watchdog ends
its process then."""

LEASE: Final = timedelta(seconds=30)
"""Short, and extended while the job runs: a worker that dies delays a job for no longer."""

EXTEND_EVERY_S: Final = 10.0
ATTEMPTS_MAX: Final = 5
ROUNDS_MAX: Final = 50
HOLDS_PAGE: Final = 500
RETENTION_PAGE: Final = 200
REWRAP_PAGE: Final = 500
AGAIN_AFTER: Final = timedelta(seconds=1)
FILES_KEPT: Final = timedelta(days=1)

log = structlog.get_logger("sync.requests")


class JobUnknown(SyncError):
    """その名前の仕事はありません。 | There is no job of that name."""


class TooManyAttempts(SyncError):
    """仕事が何度も途中で終わりました。 | The job ended halfway again and again."""


class RunsAlready(Retryable):
    """同じ仕事が動いています。 | The same job is running."""


def claim(context: Context, job_request_id: int) -> list[Running]:
    """Claim a request under a lease; none when another has it or it is done."""
    return [
        Running(
            job_request_id=job_request_id,
            job=row.job,
            arguments=row.arguments,
            lease=row.lease,
            attempt=row.attempt,
            requested_by=row.requested_by,
            mark=row.mark,
            done=row.done,
            is_cancel_wanted=row.is_cancel_wanted,
            asked_as=row.asked_as,
        )
        for row in sql.call(context.connection, "transit.job_claim", job_request_id, LEASE)
    ]


def run(context: Context, running: Running) -> None:
    """Run a claimed request and write its answer."""
    started = time.monotonic()
    if running.attempt > ATTEMPTS_MAX:
        raise TooManyAttempts
    act = JOBS.get(running.job)
    if act is None:
        raise JobUnknown(
            f"「{running.job[:60]}」という仕事はありません。 | There is no job {running.job[:60]!r}."
        )
    try:
        with extended(context, running):
            # The worker that was to hear of the wish may have died.
            found = _stopped(running) if running.is_cancel_wanted else act(context, running)
    except Cancelled as stopped:
        lease, answer = running.lease, sql.Json(stopped.answer)
        sql.call(context.connection, "transit.job_cancelled", running.job_request_id, lease, answer)
        log.info("request_cancelled", job=running.job)
        return
    except LeaseLost:
        log.warning("lease_lost", job=running.job)
        return
    _done(context, running, found)
    log.info(
        "request_done",
        job=running.job,
        duration_ms=round((time.monotonic() - started) * 1000),
    )


def _stopped(running: Running) -> Answer:
    raise Cancelled({"done": running.done})


def _done(context: Context, running: Running, found: Answer | Done) -> None:
    done = found if isinstance(found, Done) else Done(answer=found, file_name="", stored_as="")
    kept = sql.value(
        context.connection,
        "transit.job_done",
        running.job_request_id,
        running.lease,
        sql.Json(done.answer),
        done.file_name or None,
        done.stored_as or None,
    )
    if not kept and done.stored_as:
        exporting.remove(context.settings.data, done.stored_as)


@contextlib.contextmanager
def extended(context: Context, running: Running) -> Iterator[None]:
    """Extend the lease while the block runs, on a connection of its own.

    The thread dies with the process: nobody has to notice a death but the clock. A job that hangs
    is ended by the worker's watchdog.
    """
    ended = threading.Event()

    def extend() -> None:
        while not ended.wait(EXTEND_EVERY_S):
            try:
                with sql.connect(
                    context.settings.worker_database_url, account_id=SYSTEM_ACCOUNT
                ) as connection:
                    number, lease = running.job_request_id, running.lease
                    if not sql.value(connection, "transit.job_extend", number, lease, LEASE):
                        return
            except sql.errors.DatabaseError as error:
                log.warning("lease_not_extended", job=running.job, error=type(error).__name__)

    beat = threading.Thread(target=extend, name=f"lease-{running.job}", daemon=True)
    beat.start()
    try:
        yield
    finally:
        ended.set()
        beat.join()


def fail(context: Context, running: Running, error: Exception) -> None:
    """Write why a request failed; one that only has to wait its turn comes again."""
    again = AGAIN_AFTER if isinstance(error, (RunsAlready, sql.errors.Busy)) else None
    sql.call(
        context.connection,
        "transit.job_failed",
        running.job_request_id,
        running.lease,
        sentence(error),
        again,
    )


def sentence(error: Exception) -> str:
    """Say an error to staff, in both languages: its own words when it is ours, else only that there was one."""
    if isinstance(error, (SyncError, sql.errors.DaichoError)):
        return joined(error.message, error.hint or "")
    name = type(error).__name__
    return f"思わぬ失敗です（{name}）。要対応を見てください。 | Unforeseen ({name}): see the inbox."


def _shop_id(running: Running) -> int:
    shop_id = running.arguments.get("shop_id")
    if not isinstance(shop_id, int) or isinstance(shop_id, bool):
        raise ArgumentWrong(
            f"{running.job}: shop_id がありません。 | {running.job}: shop_id is missing."
        )
    return shop_id


def _echo(context: Context, running: Running) -> Answer:
    del context
    return running.arguments


def _pull_orders(context: Context, running: Running) -> Answer:
    shop_id = _shop_id(running)
    others = sql.rows(
        context.connection,
        "job_request_twin",
        job_request_id=running.job_request_id,
        job=running.job,
        shop_id=shop_id,
    )
    if others:
        raise RunsAlready
    return asdict(pulling.pull_orders(context, shop_id))


def _accept_messages(context: Context, running: Running) -> Answer:
    if running.arguments.get("again"):
        shop_id = _shop_id(running)
        found = sql.rows(context.connection, "messages_set_aside", shop_id=shop_id)
        ids = [row.message_id for row in found]
        sql.rows(context.connection, "message_again", ids=ids)
        return asdict(pulling.accept_messages(context, min_age_s=0))
    return asdict(pulling.accept_messages(context))


def _refresh_holds(context: Context, running: Running) -> Answer:
    del running
    return {"orders": _rounds(context, "sales.holds_refresh", HOLDS_PAGE)}


def _keep_retention(context: Context, running: Running) -> Answer:
    del running
    return {"orders": _rounds(context, "staff.retention_keep", RETENTION_PAGE)}


def _remove_files(context: Context, running: Running) -> Answer:
    del running
    data = context.settings.data
    return {
        "imports": file_job.remove_old(data),
        "forgotten": sql.value(context.connection, "transit.files_forget", FILES_KEPT),
        "exports": exporting.remove_old(data),
    }


def _run_checks(context: Context, running: Running) -> Answer:
    del running
    found = sql.call(context.connection, "staff.checks_run")
    return {row.check_name: row.findings for row in found if row.findings}


def _keep_counts(context: Context, running: Running) -> Answer:
    del running
    return {"scopes": counting.keep_counts(context)}


def _compare_stock(context: Context, running: Running) -> Answer:
    return pulling.compare_stock(context, _shop_id(running))


def _check_shop(context: Context, running: Running) -> Answer:
    return pulling.check_shop(context, _shop_id(running))


def _rewrap_keys(context: Context, running: Running) -> Answer:
    del running
    total = 0
    while count := vault.rewrap(context.connection, context.vault, REWRAP_PAGE):
        total += count
    return {"rewrapped": total}


def _import_orders(context: Context, running: Running) -> Answer:
    return file_job.import_orders(context, running)


def _rounds(context: Context, function: str, page: int) -> int:
    """Call a function of the schema page by page until it has less than a page to do."""
    total = 0
    for _ in range(ROUNDS_MAX):
        count = sql.value(context.connection, function, page)
        total += count
        if count < page:
            break
    return total


JOBS: Final[Mapping[str, Callable[[Context, Running], Answer | Done]]] = {
    "echo": _echo,
    "pull_orders": _pull_orders,
    "accept_messages": _accept_messages,
    "refresh_holds": _refresh_holds,
    "run_checks": _run_checks,
    "keep_counts": _keep_counts,
    "compare_stock": _compare_stock,
    "keep_retention": _keep_retention,
    "remove_files": _remove_files,
    "check_shop": _check_shop,
    "rewrap_keys": _rewrap_keys,
    "import_orders": _import_orders,
    "send_test_mail": trying.send_test_mail,
    "try_mail_account": trying.try_mail_account,
    "export_rows": exporting.export_rows,
    "make_documents": documenting.make_documents,
    "issue_documents": issuing.issue_documents,
    "issue_statements": stating.issue_statements,
    "print_issued": issuing.print_issued,
    "export_issued": packing.export_issued,
    "change_rows": bulk.change_rows,
    "act_on_rows": bulk.act_on_rows,
    "undo_change": bulk.undo_change,
}
