"""Commands share the servers of a data folder; the last one out stops them."""

import subprocess
import sys
import threading
import time

import redis

import sql
from config import PROJECT, Settings
from scripts.servers.postgres import Postgres
from scripts.servers.together import servers

HOLDER = """
import fcntl, sys, time
lock = open(sys.argv[1], "w")
lock.write("http://127.0.0.1:8765/")
lock.flush()
fcntl.flock(lock, fcntl.LOCK_EX)
print("locked", flush=True)
time.sleep(600)
"""
GIVEN = Settings.from_environment(environment={})


def answers(url: str) -> bool:
    with sql.connect(url) as connection:
        return connection.execute("select 1").fetchone() == (1,)


def test_the_last_one_out_stops_the_servers(open_folder):
    data = open_folder / "data"
    with servers(data, given=GIVEN, fsync=False) as first:
        with servers(data, given=GIVEN, fsync=False) as second:
            assert second.admin_url == first.admin_url
        assert answers(first.admin_url)
        with redis.Redis.from_url(first.settings.redis_url) as client:
            assert client.ping()
    assert not Postgres(data).running()


def test_the_first_one_out_leaves_the_servers_to_the_other(open_folder):
    data = open_folder / "data"
    first = servers(data, given=GIVEN, fsync=False)
    up = first.__enter__()
    with servers(data, given=GIVEN, fsync=False) as second:
        first.__exit__(None, None, None)
        assert answers(second.admin_url)
    assert not Postgres(data).running()
    up.postgres.stop()
    up.valkey.stop()


def test_two_starts_at_once_end_in_one_server(open_folder):
    data = open_folder / "data"
    ports: list[int] = []
    both = threading.Barrier(2)
    failures: list[BaseException] = []

    def use() -> None:
        try:
            with servers(data, given=GIVEN, fsync=False) as up:
                ports.append(up.postgres.port)
                both.wait(60)
        except BaseException as failure:  # noqa: BLE001 - told by the assertion below
            failures.append(failure)
            both.abort()

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(set(ports)) == 1
    assert not Postgres(data).running()


def test_a_server_that_died_is_mended_at_its_port(open_folder):
    with servers(open_folder / "data", given=GIVEN, fsync=False) as up:
        assert up.mend() == []
        port = up.valkey.port
        with redis.Redis.from_url(up.settings.redis_url) as client:
            client.shutdown(nosave=True, force=True)
        while not up.mend():
            time.sleep(0.02)
        assert up.valkey.running()
        assert up.valkey.port == port


def test_a_given_database_is_used_and_none_of_our_own_is_started(server, open_folder):
    given = Settings.from_environment(
        environment={"DATABASE_URL": server.admin_url, "REDIS_URL": server.settings.redis_url}
    )
    with servers(open_folder / "data", given=given) as up:
        assert up.postgres is None
        assert up.valkey is None
        assert answers(up.admin_url)
        assert up.settings.redis_url == server.settings.redis_url
        assert f"daicho_worker:{up.keys.worker}@" in up.settings.worker_database_url
    assert answers(server.admin_url)


def test_a_second_run_on_the_same_data_is_told_where_the_first_one_is(open_folder):
    data = open_folder / "data"
    lock = data / "run" / "run.lock"
    lock.parent.mkdir(parents=True)
    data.chmod(0o711)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLDER,
            str(lock),
        ],
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout.readline() == b"locked\n"
        done = subprocess.run(
            [sys.executable, "-m", "scripts.commands.run", "--data", str(data), "--check"],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        holder.kill()
        holder.communicate()
    assert done.returncode == 1
    assert "http://127.0.0.1:8765/" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_run_on_a_port_in_use_is_a_sentence(open_folder, server):
    done = subprocess.run(
        [
            sys.executable, "-m", "scripts.commands.run",
            "--data", str(open_folder / "data"), "--port", str(server.postgres.port),
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"Port {server.postgres.port} is used by another program" in done.stderr
    assert "Traceback" not in done.stderr
