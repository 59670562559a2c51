"""Runs jobs of some lanes, one after another, in one process that the supervisor brings back."""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import Any, Final

import redis
import structlog
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer

from config import Settings
from sync import jobs, queue, requests
from sync import log as logs

JOBS_MAX: Final = 2000
"""Then the process ends and is started anew: what libraries leak ends with it."""

STOP_S: Final = 8
"""What a running job is given after SIGTERM; the supervisor waits for 10 s."""

WORKER_TTL_S: Final = 60
MAINTENANCE_S: Final = 30
BACKOFF_FIRST_S: Final = 0.5
BACKOFF_MAX_S: Final = 10.0

log = structlog.get_logger("sync.worker")


class Worker(SimpleWorker):
    """Runs a job in this process; a thread in C ends the process when the job passes its time."""

    is_busy = False
    is_stopping = False
    limit_s = 0

    def watch(self) -> None:
        """Give the job that runs its time, from now on."""
        if self.is_busy and not self.is_stopping:
            faulthandler.dump_traceback_later(self.limit_s, exit=True)

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run one job under the watchdog."""
        self.is_busy = True
        self.limit_s = requests.LIMIT_S[queue.name]
        self.watch()
        try:
            super().execute_job(job, queue)
        finally:
            self.is_busy = False
            if not self.is_stopping:
                faulthandler.cancel_dump_traceback_later()

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """End now when idle, else after the job that runs, at the latest after `STOP_S`."""
        del signum, frame
        self.is_stopping = True
        faulthandler.dump_traceback_later(STOP_S, exit=True)
        if self.is_busy:
            self._stop_requested = True
        else:
            raise StopRequested


def run(settings: Settings, lanes: Sequence[str], *, jobs_max: int = JOBS_MAX) -> None:
    """Work until a stop is asked for or `jobs_max` jobs are done; wait for a Redis that is away."""
    context = jobs.begin(settings)
    ended = threading.Event()
    left = jobs_max
    failures = 0
    while not ended.is_set() and left > 0:
        signal.signal(signal.SIGTERM, _stop_waiting)
        signal.signal(signal.SIGINT, _stop_waiting)
        try:
            worker = _worker(context.redis, lanes)
            context.alive = worker.watch
            if failures:
                log.info("redis_back", count=failures)
                failures = 0
            worker.work(logging_level="CRITICAL", max_jobs=left)
        except redis.RedisError as error:
            failures += 1
            if failures == 1:
                log.warning("redis_lost", error=type(error).__name__)
            ended.wait(min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2 ** min(failures - 1, 10)))
            continue
        except StopRequested:
            break
        if worker.is_stopping:
            break
        done = worker.successful_job_count + worker.failed_job_count
        left -= max(done, 1)
    context.close()


def _worker(client: redis.Redis, lanes: Sequence[str]) -> Worker:
    return Worker(
        [queue.lane(client, name) for name in lanes],
        connection=client,
        job_class=queue.OurJob,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL_S,
        maintenance_interval=MAINTENANCE_S,
        log_job_description=False,
    )


def _stop_waiting(_number: int, _frame: FrameType | None) -> None:
    raise StopRequested


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a process until SIGTERM or for `JOBS_MAX` jobs."""
    parser = argparse.ArgumentParser(
        prog="python -m sync.worker", description="列の仕事を行います。 | Run jobs of lanes."
    )
    parser.add_argument("lanes", nargs="+", choices=queue.LANES, metavar="LANE")
    parser.add_argument("--jobs", type=int, default=JOBS_MAX)
    options: Any = parser.parse_args(arguments)
    settings = Settings.from_environment("worker_database_url", "redis_url", "secret_keys")
    logs.configure(settings.log_level)
    log.info("worker_started", lane=" ".join(options.lanes))
    with contextlib.suppress(StopRequested):
        run(settings, options.lanes, jobs_max=options.jobs)
    log.info("worker_ended", lane=" ".join(options.lanes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
