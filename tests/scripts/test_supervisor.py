"""The supervisor brings back what dies, gives up on what cannot live, and stops everything."""

import json
import signal
import time
from dataclasses import replace

import psutil
import pytest

from config import Settings
from scripts.sentence import CannotGoOn
from scripts.servers.place import make_place
from scripts.servers.processes import know
from scripts.supervisor import supervise
from scripts.supervisor.logs import rotate
from scripts.supervisor.parts import PARTS, Part
from scripts.supervisor.supervise import Supervisor, record, stop_orphans

WAIT_S = 15.0


@pytest.fixture
def place(open_folder):
    return make_place(open_folder / "data")


@pytest.fixture
def start(place):
    """Start processes by the names of their modules; whatever a test leaves is ended."""
    started = []

    def begin(*names: str, secrets: tuple[str, ...] = ()) -> Supervisor:
        settings = replace(
            Settings.from_environment(environment={}),
            data=place.data,
            web_database_url="postgresql://web:secret-web@127.0.0.1/x",
            worker_database_url="postgresql://worker:secret-worker@127.0.0.1/x",
            database_url="postgresql://super:secret-super@127.0.0.1/x",
        )
        parts = tuple(
            Part(name=name, module=f"tests.scripts.children.{name}", secrets=secrets)
            for name in names
        )
        supervisor = Supervisor(place, settings, parts)
        started.append(supervisor)
        supervisor.start()
        return supervisor

    yield begin
    for supervisor in started:
        supervisor.stop()


def wait_for(what, *, seconds: float = WAIT_S):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def says(supervisor: Supervisor, number: int, word: str) -> bool:
    return word in supervisor.log_of(supervisor.children[number].part).read_text("utf-8")


def test_a_process_that_is_killed_comes_back(start):
    supervisor = start("steady")
    (child,) = supervisor.children
    first = child.process.pid
    child.process.kill()
    child.process.wait()

    def back() -> bool:
        supervisor.tend()
        return child.process is not None and child.process.pid != first

    wait_for(back)
    assert child.process.poll() is None


def test_a_process_that_dies_again_and_again_stops_the_whole_with_its_reason(start):
    supervisor = start("failing", "steady")

    def tend_for_ever() -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            supervisor.tend()
            time.sleep(0.02)

    with pytest.raises(CannotGoOn, match="died 5 times within a minute") as told:
        tend_for_ever()
    assert "no such shop" in told.value.lines


def test_a_process_that_does_not_end_is_ended(start, monkeypatch):
    monkeypatch.setattr(supervise, "STOP_S", 0.3)
    supervisor = start("stubborn")
    wait_for(lambda: says(supervisor, 0, "deaf"))
    pid = supervisor.children[0].process.pid
    supervisor.stop()
    assert not psutil.pid_exists(pid)


def test_what_a_killed_supervisor_left_is_found_and_stopped(start, place):
    supervisor = start("steady")
    pid = supervisor.children[0].process.pid
    wait_for(lambda: says(supervisor, 0, "steady"))
    assert stop_orphans(place) == ["steady"]
    assert supervisor.children[0].process.wait(WAIT_S) == -signal.SIGTERM
    assert not psutil.pid_exists(pid)
    assert stop_orphans(place) == []


def test_a_process_that_has_the_number_of_an_orphan_is_left_alone(start, place):
    supervisor = start("steady")
    known = know("steady", supervisor.children[0].process.pid)
    earlier = {"name": "steady", "pid": known.pid, "started": known.started - 3600}
    record(place).write_text(json.dumps([earlier]))
    assert stop_orphans(place) == []
    assert supervisor.children[0].process.poll() is None


@pytest.mark.parametrize("torn", ["", "[{", '[{"pid": 1}]', "7", "\x00"])
def test_a_torn_record_of_orphans_is_no_obstacle(place, torn):
    record(place).write_text(torn)
    assert stop_orphans(place) == []


def test_a_process_learns_no_more_than_it_needs(start):
    supervisor = start("telling", secrets=("worker_database_url",))
    wait_for(lambda: says(supervisor, 0, "told"))
    assert says(supervisor, 0, "secret-worker")
    assert not says(supervisor, 0, "secret-web")
    assert not says(supervisor, 0, "secret-super")


def test_no_process_is_told_the_administrators_address():
    assert all("database_url" not in part.secrets for part in PARTS)


def test_a_full_log_makes_room_and_its_writer_goes_on(tmp_path):
    log = tmp_path / "web.log"
    with log.open("a") as writer:
        for round_no in range(6):
            writer.write(f"round {round_no} " + "x" * 100)
            writer.flush()
            rotate(tmp_path, full_bytes=50, kept=3)
        writer.write("after")
        writer.flush()
    assert log.read_text() == "after"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "web.log",
        "web.log.1",
        "web.log.2",
        "web.log.3",
    ]
    assert (tmp_path / "web.log.1").read_text().startswith("round 5")
