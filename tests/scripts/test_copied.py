"""Folders that are really copied: what was allowed to send in the original sends nothing in the copy."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import sql
from config import PROJECT, Settings
from scripts.servers.keys import keys_of
from scripts.servers.mark import bears_mark, tells_apart, write_mark
from scripts.servers.place import make_place
from scripts.servers.postgres import Postgres
from scripts.servers.together import DATABASE, loaded, servers

GIVEN = Settings.from_environment(environment={})
KINDS = ("shipment", "stock")
WAIT_S = 30.0


def copied(data: Path, to: Path) -> Path:
    subprocess.run(["cp", "-a", data, to], check=True)
    return to


def started(data: Path) -> str:
    """What `scripts/run` says when it starts, proves itself and stops."""
    done = subprocess.run(
        [
            sys.executable, "-m", "scripts.commands.run",
            "--data", data, "--port", "1", "--check", "--empty",
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def on(url: str) -> set[str]:
    with sql.connect(url, account_id=1) as worker:
        return {kind for kind in KINDS if sql.value(worker, "transit.outgoing_is_on", kind)}


def on_in(data: Path) -> set[str]:
    with servers(data, given=GIVEN) as up:
        return on(up.settings.worker_database_url)


def turn_on(url: str, *kinds: str) -> None:
    with sql.connect(url, account_id=1) as worker:
        for kind in kinds:
            sql.call(worker, "transit.outgoing_set", kind, True)


@pytest.fixture(scope="module")
def data(module_folder) -> Path:
    """A folder that may send, stopped."""
    with loaded(module_folder / "data") as up:
        turn_on(up.settings.worker_database_url, *KINDS)
    return module_folder / "data"


def test_a_copied_folder_sends_nothing_until_told(data, open_folder):
    assert "is a copy" not in started(data)
    assert on_in(data) == set(KINDS)
    copy = copied(data, open_folder / "copy")
    said = started(copy)
    assert "This data folder is a copy" in said
    assert "写し" in said
    assert on_in(copy) == set()
    assert on_in(data) == set(KINDS)
    # told once, and what a person turns on there stays on
    with servers(copy, given=GIVEN) as up:
        turn_on(up.settings.worker_database_url, "stock")
    assert "is a copy" not in started(copy)
    assert on_in(copy) == {"stock"}


def test_a_folder_bears_its_mark_where_it_was_made_alone(cluster, open_folder):
    assert bears_mark(make_place(cluster))
    copy = copied(cluster, open_folder / "copy")
    assert not bears_mark(make_place(copy))
    moved = cluster.rename(cluster.with_name("moved"))
    try:
        assert bears_mark(make_place(moved))
        (moved / "mark.json").rename(moved / "mark.away")
        assert not bears_mark(make_place(moved))
        (moved / "mark.json").write_text("{torn")
        assert not bears_mark(make_place(moved))
        (moved / "mark.away").rename(moved / "mark.json")
    finally:
        moved.rename(cluster)


def test_files_brought_back_into_the_same_folder_are_a_copy(cluster, open_folder):
    """Where the disk tells two uses of an inode apart: tar makes each file anew, with the old number."""
    copy = copied(cluster, open_folder / "data")
    if not tells_apart(make_place(copy)):
        pytest.skip("the disk of the temporary folder does not tell two uses of an inode apart")
    subprocess.run(["tar", "-C", copy, "-cf", open_folder / "kept.tar", "."], check=True)
    write_mark(make_place(copy))
    assert bears_mark(make_place(copy))
    subprocess.run(["tar", "-C", copy, "-xf", open_folder / "kept.tar"], check=True)
    assert not bears_mark(make_place(copy))


@pytest.fixture
def twin(data, open_folder) -> Iterator[Postgres]:
    """A copy of the cluster of `data`, not started."""
    server = Postgres(copied(data, open_folder / "twin"), fsync=False)
    yield server
    server.stop()


def recovered(admin) -> None:
    """Wait until it may be written to; it could be read before that."""
    until = time.monotonic() + WAIT_S
    while admin.execute("select pg_is_in_recovery()").fetchone()[0]:
        assert time.monotonic() < until
        time.sleep(0.01)


def worker_of(server: Postgres, data: Path) -> str:
    return server.url("daicho_worker", keys_of(data).worker, DATABASE)


def test_a_copy_that_is_recovered_to_a_moment_sends_nothing(twin, data):
    (twin.folder / "recovery.signal").touch()
    with (twin.folder / "postgresql.conf").open("a") as conf:
        conf.write("restore_command = 'false'\n")
    twin.start()
    with sql.connect(twin.admin_url) as admin:
        recovered(admin)
    worker = worker_of(twin, data)
    assert on(worker) == set()
    turn_on(worker, "shipment")
    assert on(worker) == {"shipment"}


def test_a_standby_that_is_promoted_sends_nothing(twin, data):
    (twin.folder / "standby.signal").touch()
    starting = threading.Thread(target=twin.start)
    starting.start()
    try:
        worker = _answers(twin, data)
        # it may be read, and what reads it is not told a thing about sending
        assert on(worker) == set()
        with sql.connect(twin.admin_url) as admin:
            assert admin.execute("select pg_is_in_recovery()").fetchone() == (True,)
            admin.execute("select pg_promote(false)")
            recovered(admin)
        # at once, not only when the next checkpoint has written it down
        assert on(worker) == set()
    finally:
        starting.join()


def _answers(server: Postgres, data: Path) -> str:
    until = time.monotonic() + WAIT_S
    while True:
        worker = worker_of(server, data)
        try:
            sql.connect(worker).close()
        except sql.errors.DatabaseUnavailable:
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return worker
