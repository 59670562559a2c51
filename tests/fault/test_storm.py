"""A short storm: every process dies once in a rush, and nothing is lost, double or wrong after it."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from config import Settings
from scripts.servers.keys import Keys
from scripts.servers.place import Place
from scripts.servers.ports import free_port
from scripts.servers.together import Servers, servers
from scripts.storm import storm
from scripts.storm.storm import Missed, Storm
from scripts.supervisor.parts import PARTS
from scripts.supervisor.supervise import Supervisor


def test_every_process_dies_in_a_rush_and_nothing_is_lost():
    folder = Path(tempfile.mkdtemp(prefix="daicho-storm-"))
    folder.chmod(0o711)
    given = replace(Settings.from_environment(environment={}), port=free_port())
    with servers(folder / "data", given=given) as up:
        report = Storm(up, minutes=0.6, per_minute=150, seed=7).run()
    assert report.findings == []
    assert len(report.blows) == 19
    assert report.figures["limited_answers_429"] > 0
    assert report.figures["malls_orders"] > 100
    shutil.rmtree(folder)


def test_a_blow_that_hits_nothing_is_no_blow(monkeypatch, tmp_path):
    monkeypatch.setattr(storm, "THERE_S", 0.2)
    settings = Settings.from_environment(environment={})
    with pytest.raises(Missed, match="worker-1 is not there"):
        storm._until("worker-1", lambda: None, lambda: None)
    up = Servers(
        place=Place(data=tmp_path, user=None), keys=Keys(admin="", schema="", web="", worker="", valkey="", session_key="", secret_keys=()),
        admin_url="", settings=settings, postgres=None, valkey=None,
    )  # fmt: skip
    one = Storm(up, minutes=0.1, per_minute=1, seed=1)
    idle = Supervisor(up.place, settings, PARTS)
    for child in idle.children:
        child.start_at = float("inf")
    with pytest.raises(Missed, match="dispatch is not there"):
        one._kill(idle, "dispatch")
    with pytest.raises(Missed, match="not ours"):
        one._kill_server(None)
