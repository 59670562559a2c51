"""People who ask for long work in a house, and a worker of their own that may be killed."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import Any

import sql
from config import PROJECT, environment

SCRIPT = """
import time
from sync import bulk, exporting, requests, work, worker
plain = work._progress
def slowly(*arguments, **more):
    state = plain(*arguments, **more)
    time.sleep({pause})
    return state
work._progress = slowly
exporting.PAGE = bulk.BATCH = {page}
worker.main(["long"])
"""


def an_account(admin: Any, role: str, *, sees_all: bool = True) -> int:
    return admin.execute(
        "insert into staff.account (login_name, display_name, staff_role, sees_all_shops, sees_all_warehouses)"
        " values (%(name)s, %(name)s, %(role)s, %(all)s, %(all)s) returning account_id",
        {"name": f"{role}.{time.monotonic_ns()}", "role": role, "all": sees_all},
    ).fetchone()[0]


@contextmanager
def as_staff(house: Any, account_id: int):
    """The web's connection as a person, as a page has it."""
    role = house.one(
        "select staff_role::text as role from staff.account where account_id = %s", account_id
    ).role
    with sql.connect(house.settings.web_database_url, account_id=account_id) as web:
        web.execute(f"set role daicho_{role}")
        yield web


def asked(house: Any, account_id: int, job: str, **arguments: Any) -> int:
    with as_staff(house, account_id) as web:
        return sql.value(web, "transit.work_ask", job, "仕事 | Job", sql.Json(arguments))


def request(house: Any, number: int) -> Any:
    return house.one("select * from transit.job_request where job_request_id = %s", number)


def until(house: Any, number: int, holds: Any, seconds: float = 30) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        row = request(house, number)
        if holds(row):
            return row
        time.sleep(0.02)
    raise AssertionError(f"not reached: {request(house, number)}")


@contextmanager
def a_worker(house: Any, tmp_path: Any, *, pause: float = 0.0, page: int = 500):
    """A worker process of the lane `long`; what it left running is killed at the end."""
    script = tmp_path / f"worker-{time.monotonic_ns()}.py"
    script.write_text(SCRIPT.format(pause=pause, page=page))
    with a_process(house, str(script)) as process:
        yield process


@contextmanager
def a_process(house: Any, *arguments: str):
    """A Python process that knows the house as a worker does; killed at the end whatever happens."""
    settings = house.settings
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env={
            **environment(),
            "DAICHO_WORKER_DATABASE_URL": settings.worker_database_url,
            "REDIS_URL": settings.redis_url,
            "DAICHO_SECRET_KEYS": ",".join(settings.secret_keys),
            "DAICHO_DATA": str(settings.data),
            "PYTHONPATH": str(PROJECT),
            "PYTHONUTF8": "1",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def killed(process: Any) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def taken_over(house: Any, number: int) -> None:
    """The dead worker's lease ends, and its name on the queue: nobody waits half a minute in a test."""
    house.admin.execute(
        "update transit.job_request set lease_until = now() - interval '1 second' where job_request_id = %s",
        [number],
    )
    house.context.redis.flushall()
    house.dispatcher.sweep(house.connection)
