"""The queue holds names of our jobs and ids, runs nothing else, and may be emptied."""

import time

import pytest
from rq import Queue
from rq.serializers import JSONSerializer

import sql
from sync import queue
from sync.worker import _worker


def burst(house, *lanes):
    """Let a real worker of this process run what is queued."""
    worker = _worker(house.context.redis, lanes or queue.LANES)
    worker.work(burst=True, logging_level="CRITICAL")
    return worker


def test_a_name_is_taken_once_until_its_job_ends(house):
    client = house.context.redis
    assert queue.ask(client, "push", "push_stock", 1)
    assert not queue.ask(client, "push", "push_stock", 1)
    assert queue.ask(client, "push", "push_stock", 2)
    assert queue.ask(client, "push", "push_shipments", 1)
    queue.free(client, "push_stock", 1)
    assert queue.ask(client, "push", "push_stock", 1)


def test_a_name_ends_by_itself_when_nobody_gives_it_back(house):
    client = house.context.redis
    queue.ask(client, "push", "push_stock", 1)
    assert 0 < client.ttl(queue.name_key("push_stock", 1)) <= queue.NAME_S
    (job_id,) = queue.lane(client, "push").get_job_ids()
    assert 0 < client.ttl(f"rq:job:{job_id}") <= queue.NAME_S


@pytest.mark.parametrize("serializer", [JSONSerializer, None])
@pytest.mark.parametrize(
    "function",
    [
        "os.system",
        "sync.jobs.begin",
        "sync.jobs.sql.connect",
        "subprocess.check_output",
        "builtins.eval",
    ],
)
def test_nothing_but_our_jobs_is_run(house, tmp_path, function, serializer):
    mark = tmp_path / "mark"
    lane = Queue("push", connection=house.context.redis, serializer=serializer)
    lane.enqueue(function, f"touch {mark}")
    worker = burst(house, "push")
    assert not mark.exists()
    assert worker.successful_job_count == 0


@pytest.mark.parametrize("arguments", [("1; drop",), (None,), (1.5,), (True,), ([1],)])
def test_only_ids_are_arguments(house, arguments):
    lane = Queue("push", connection=house.context.redis, serializer=JSONSerializer)
    lane.enqueue("sync.jobs.push_stock", *arguments)
    worker = burst(house, "push")
    assert worker.successful_job_count == 0


def test_our_jobs_are_run_and_leave_nothing_behind(house):
    number = sql.value(house.connection, "transit.job_ask", "now", "echo", sql.Json({"word": "x"}))
    house.dispatcher.sweep(house.connection)
    burst(house)
    assert house.one(
        "select answer from transit.job_request where job_request_id = %s", number
    ).answer == {"word": "x"}
    left = {key.decode() for key in house.context.redis.scan_iter()}
    assert not [key for key in left if key.startswith(("rq:job:", "daicho:at:"))]


def test_after_flushall_the_next_sweep_finds_the_same(house):
    numbers = {
        sql.value(house.connection, "transit.job_ask", "now", "echo", sql.Json({"n": n}))
        for n in range(5)
    }
    asked = house.dispatcher.sweep(house.connection)
    house.context.redis.flushall()
    assert house.dispatcher.sweep(house.connection) == asked
    assert house.dispatcher.sweep(house.connection) == 0
    burst(house)
    done = house.all("select job_request_id from transit.job_request where done_at is not null")
    assert {row.job_request_id for row in done} == numbers


def test_redis_holds_no_person_and_no_credential(house):
    house.settle()
    house.world.place_order("hinode-1", [("sen/100", 1)], note="門の前で")
    house.pull("hinode-1")
    house.dispatcher.sweep(house.connection)
    held = b"".join(
        (house.context.redis.dump(key) or b"") + key for key in house.context.redis.scan_iter()
    )
    person = next(iter(house.world.malls["hinode-1"].fake.orders.values())).basket.buyer
    for text in (person.email, person.phone, person.family_name, "門の前", "hinode-license-key"):
        assert text.encode() not in held


def test_the_watchdog_ends_a_worker_whose_job_passes_its_time(house, tmp_path):
    import subprocess
    import sys

    script = tmp_path / "hangs.py"
    script.write_text(
        """
import sys, time
from sync import requests, worker, jobs, queue
from config import Settings
requests.LIMIT_S = {name: 1 for name in queue.LANES}
def hang(context, running):
    while True:
        pass
requests.JOBS = {**requests.JOBS, "echo": hang}
worker.main(["now"])
"""
    )
    sql.value(house.connection, "transit.job_ask", "now", "echo", sql.Json({}))
    house.dispatcher.sweep(house.connection)
    started = time.monotonic()
    process = subprocess.run(
        [sys.executable, str(script)],
        env=_environment(house),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert process.returncode == 1
    assert time.monotonic() - started < 15
    assert b"hang" in process.stderr


def test_a_worker_ends_within_ten_seconds_of_sigterm_and_finishes_its_job(house, tmp_path):
    import signal
    import subprocess
    import sys

    script = tmp_path / "slow.py"
    script.write_text(
        """
import time
from sync import requests, worker
def slow(context, running):
    time.sleep(2)
    return {"slept": True}
requests.JOBS = {**requests.JOBS, "echo": slow}
worker.main(["now"])
"""
    )
    number = sql.value(house.connection, "transit.job_ask", "now", "echo", sql.Json({}))
    house.dispatcher.sweep(house.connection)
    process = subprocess.Popen(
        [sys.executable, str(script)], env=_environment(house), stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 15
        while (
            time.monotonic() < deadline
            and not house.one(
                "select lease from transit.job_request where job_request_id = %s", number
            ).lease
        ):
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
    row = house.one("select answer from transit.job_request where job_request_id = %s", number)
    assert row.answer == {"slept": True}


def _environment(house):
    from config import PROJECT, environment

    settings = house.settings
    return {
        **environment(),
        "DAICHO_WORKER_DATABASE_URL": settings.worker_database_url,
        "REDIS_URL": settings.redis_url,
        "DAICHO_SECRET_KEYS": ",".join(settings.secret_keys),
        "PYTHONPATH": str(PROJECT),
        "PYTHONUTF8": "1",
    }


def test_what_a_failed_job_knew_does_not_reach_redis(house, monkeypatch):
    """The database refuses even the note of the failure: nothing of it is kept by the queue."""
    from sync import jobs, pushing

    def explode(*_):
        raise RuntimeError("山田太郎")

    def refuse(*_):
        raise sql.errors.Refused("山田太郎") from RuntimeError("山田太郎")

    monkeypatch.setattr(pushing, "push_stock", explode)
    monkeypatch.setattr(jobs, "note_failure", refuse)
    queue.ask(house.context.redis, "push", "push_stock", 1)
    burst(house, "push")
    held = b"".join(
        (house.context.redis.dump(key) or b"") for key in house.context.redis.scan_iter()
    )
    assert "山田".encode() not in held


def test_a_job_outlives_a_lost_database_connection(house):
    house.settle()
    house.admin.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    number = house.one(
        "insert into transit.job_request (job, arguments) values ('echo', '{}') returning job_request_id"
    ).job_request_id
    from sync import jobs

    jobs.run_request(number)
    jobs.run_request(number)
    assert house.one(
        "select done_at from transit.job_request where job_request_id = %s", number
    ).done_at
