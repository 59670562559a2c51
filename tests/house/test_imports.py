"""Which way things depend, as import-linter reads it from pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import PROJECT

PACKAGES = ("app", "sync", "sql", "scripts")


def broken(folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copied(tmp_path) -> Path:
    """A copy of the packages, without what is not Python."""
    for name in PACKAGES:
        for path in (PROJECT / name).rglob("*.py"):
            target = tmp_path / path.relative_to(PROJECT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    for name in ("pyproject.toml", "config.py", "vault.py"):
        shutil.copy(PROJECT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("sync/channels/hinode/client.py", "import sql", "connectors never see the database"),
        (
            "sync/channels/hinode/client.py",
            "from sync.channels.minato import mapping",
            "connectors never import each other",
        ),
        ("sync/channels/hinode/mapping.py", "import httpx", "mapping is pure"),
        ("app/words.py", "import psycopg", "only sql speaks psycopg"),
        ("app/words.py", "from sync import registry", "scripts over app and sync"),
        ("sql/errors.py", "from app import words", "scripts over app and sync"),
        ("sync/registry.py", "from sync.channels.hinode import fake", "fakes are for scripts"),
    ],
)
def test_a_forbidden_import_is_found(copied, module, line, contract):
    path = copied / module
    text = path.read_text(encoding="utf-8")
    first, _, rest = text.partition("\n")
    future = "from __future__ import annotations"
    text = (
        text.replace(future, f"{future}\n{line}", 1)
        if future in text
        else f"{first}\n{line}\n{rest}"
    )
    path.write_text(text, encoding="utf-8")
    code, output = broken(copied)
    assert code != 0
    lines = [one for one in output.splitlines() if "BROKEN" in one]
    assert any(contract in one for one in lines), output[-2000:]


def test_the_contracts_hold(copied):
    code, output = broken(copied)
    assert code == 0, output[-3000:]
