"""Turns due rows of `transit` into names on the queue: on the bell, and by a sweep whatever happens."""

from __future__ import annotations

import signal
import sys
import threading
import time
from types import FrameType
from typing import Final

import redis
import structlog

import sql
import sql.errors
from config import Settings
from sync import log as logs
from sync import queue
from sync.shops import SYSTEM_ACCOUNT

SWEEP_S: Final = 0.25
REST_S: Final = 0.05
"""Between two sweeps at least: without it a rush was measured to be slower, not faster."""

TICK_S: Final = 1.0
SKU_PAGE: Final = 1000
PAGES_MAX: Final = 10
JOBS_MAX: Final = 500
BACKOFF_FIRST_S: Final = 0.5
BACKOFF_MAX_S: Final = 10.0
BELL: Final = "daicho_bell"
PUSHES: Final = (("stock", "push_stock"), ("shipment", "push_shipments"))

log = structlog.get_logger("sync.dispatch")


class Dispatcher:
    """Sweeps until told to end; survives the restarts of PostgreSQL and Redis."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._redis = queue.connect(settings.redis_url)
        self._ended = threading.Event()
        self._tick_at = 0.0

    def end(self) -> None:
        """End after the sweep that runs."""
        self._ended.set()

    def close(self) -> None:
        """Give back the connection to Redis."""
        self._redis.close()

    def run(self) -> None:
        """Sweep until the end."""
        failures = 0
        while not self._ended.is_set():
            try:
                with (
                    sql.connect(
                        self._settings.worker_database_url,
                        account_id=SYSTEM_ACCOUNT,
                        autocommit=True,
                    ) as connection,
                    sql.listen(self._settings.worker_database_url, BELL) as bell,
                ):
                    self.sweep(connection)
                    if failures:
                        log.info("servers_back", count=failures)
                        failures = 0
                    self._sweep_on(connection, bell)
            except (sql.errors.DatabaseUnavailable, redis.RedisError) as error:
                failures += 1
                if failures == 1:
                    log.warning("servers_lost", error=type(error).__name__)
                wait_s = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2 ** min(failures - 1, 10))
                self._ended.wait(wait_s)

    def _sweep_on(self, connection: sql.Connection, bell: sql.Connection) -> None:
        while not self._ended.is_set():
            sql.waited(bell, SWEEP_S)
            self.sweep(connection)
            self._ended.wait(REST_S)

    def sweep(self, connection: sql.Connection) -> int:
        """Look once at all that is due; return how many names were put on the queue."""
        for _ in range(PAGES_MAX):
            # Who waits for stock is served in a transaction of its own before the shops are told.
            try:
                sql.call(connection, "transit.waiting_dispatch", SKU_PAGE)
                if sql.value(connection, "transit.changes_dispatch", SKU_PAGE) < SKU_PAGE:
                    break
            except sql.errors.Busy:
                # A deadlock or a lock that took too long: the rows are still there.
                break
        count = 0
        for kind, job in PUSHES:
            for (shop_id,) in sql.call(connection, "transit.shops_due", kind):
                count += queue.ask(self._redis, "push", job, shop_id)
        sql.call(connection, "mail.leases_end")
        for (shop_id,) in sql.call(connection, "mail.shops_due"):
            count += queue.ask(self._redis, "mail", "send_mails", shop_id)
        if time.monotonic() >= self._tick_at:
            self._tick_at = time.monotonic() + TICK_S
            sql.call(connection, "transit.schedule_tick")
            for (shop_id,) in sql.call(connection, "mail.mailboxes_due"):
                count += queue.ask(self._redis, "mail", "fetch_mail", shop_id)
        for row in sql.rows(connection, "jobs_due", limit=JOBS_MAX):
            count += queue.ask(self._redis, row.lane, "run_request", row.job_request_id)
        return count


def main() -> int:
    """Run as a process until SIGTERM."""
    settings = Settings.from_environment("worker_database_url", "redis_url")
    logs.configure(settings.log_level)
    dispatcher = Dispatcher(settings)

    def end(_number: int, _frame: FrameType | None) -> None:
        dispatcher.end()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    log.info("dispatch_started")
    dispatcher.run()
    log.info("dispatch_ended")
    return 0


if __name__ == "__main__":
    sys.exit(main())
