"""A short storm: every process dies once in a rush, and nothing is lost, double or wrong after it."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from config import Settings
from scripts.servers.ports import free_port
from scripts.servers.together import servers
from scripts.storm.storm import Storm


def test_every_process_dies_in_a_rush_and_nothing_is_lost():
    folder = Path(tempfile.mkdtemp(prefix="daicho-storm-"))
    folder.chmod(0o711)
    given = replace(Settings.from_environment(environment={}), port=free_port())
    with servers(folder / "data", given=given) as up:
        report = Storm(up, minutes=0.6, per_minute=150, seed=7).run()
    assert report.findings == []
    assert len(report.blows) == 17
    assert report.figures["limited_answers_429"] > 0
    assert report.figures["malls_orders"] > 100
    shutil.rmtree(folder)
