"""Debian packages that tests want: installed by root, named by who may not, missed where CI runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from config import PROJECT, environment
from scripts.packages import packages


@pytest.fixture
def bare(tmp_path) -> Path:
    """A folder of programs for a machine where nothing is installed and nothing can be."""
    for name, text in {
        "dpkg-query": "echo 'unknown ok not-installed'",
        "apt-get": "echo 'E: Unable to locate package'; exit 100",
    }.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
    return tmp_path


def ran(bare: Path, group: str, **told: str) -> subprocess.CompletedProcess[str]:
    kept = {name: text for name, text in environment().items() if name != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "scripts.commands.test", group],
        cwd=PROJECT,
        env={**kept, "PATH": f"{bare}:{kept['PATH']}", **told},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_list_names_a_marker_and_a_program():
    found = {package.name: (package.marker, package.program) for package in packages()}
    assert found["chromium"] == ("browser", "chromium")


def test_who_cannot_install_them_is_told_what_is_skipped(bare):
    done = ran(bare, "imports")
    assert done.returncode == 0, done.stdout + done.stderr
    names = " ".join(package.name for package in packages() if package.marker == "browser")
    assert f"Skipped: tests of browser. Get them with `sudo apt install {names}`." in done.stdout


def test_where_ci_runs_nothing_may_be_skipped(bare):
    done = ran(bare, "imports", CI="1")
    assert done.returncode == 1
    assert "Failed: browser (skipped)" in done.stdout


def test_a_group_that_cannot_run_is_no_unknown_group(bare):
    assert "There is no" in ran(bare, "tests/nonsense").stdout
    done = ran(bare, "tests/browser")
    assert "There is no" not in done.stdout
    assert "Skipped: tests of browser" in done.stdout
    assert done.returncode == 0
