"""Checks and tests in groups: run each, print how long it took, name what failed."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from config import PROJECT, environment
from scripts.sentence import say

BIN = Path(sys.executable).parent
TESTS = PROJECT / "tests"
STATIC_BUDGET_S = 60
# Groups that run side by side: each keeps a Python and a PostgreSQL busy by turns
LANES = 2
TESTS_BUDGET_S = 240
# Days told in order, processes killed, a real browser: not what is run before every push
LONG = frozenset({"browser", "fault", "story"})
# They begin first, so that none of them is left to run alone at the end
LONGEST = ("app", "browser", "sql", "sync", "ledger")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One command that must end well, and how many seconds it should take at most."""

    name: str
    command: tuple[str, ...]
    budget_s: int


def static() -> list[Group]:
    """List the checks that run nothing of ours."""
    return [
        Group(name="format", command=(f"{BIN}/ruff", "format", "--check", "-q", "."), budget_s=10),
        Group(name="lint", command=(f"{BIN}/ruff", "check", "-q", "."), budget_s=10),
        Group(name="imports", command=(f"{BIN}/lint-imports",), budget_s=20),
        Group(name="types", command=(f"{BIN}/basedpyright",), budget_s=STATIC_BUDGET_S),
    ]


def dynamic(*, without: Sequence[str], arguments: Sequence[str] = ()) -> list[Group]:
    """List the folders of tests, without those of the given markers."""
    markers = " and ".join(f"not {marker}" for marker in without)
    chosen = ("-m", markers) if markers else ()
    found = sorted(
        {path.relative_to(TESTS).parts[0] for path in TESTS.rglob("test_*.py")},
        key=lambda name: (name not in LONGEST, name),
    )
    return [
        Group(
            name=f"tests/{name}",
            command=(
                sys.executable, "-m", "pytest", "-q", f"tests/{name}", *chosen, *arguments,
            ),
            budget_s=TESTS_BUDGET_S,
        )
        for name in found
        if name not in without
    ]  # fmt: skip


def run_groups(groups: Sequence[Group], lanes: int | None = None) -> list[str]:
    """Run every group, also after one that failed; return the names of those that failed.

    So many run side by side as there are lanes, else two where there are processors for it; what
    each printed comes in one piece when it ends.
    """
    print(f"{len(groups)}: {', '.join(group.name for group in groups)}", flush=True)
    with ThreadPoolExecutor(lanes or min(LANES, os.cpu_count() or 1)) as side_by_side:
        ended = list(side_by_side.map(_run_group, groups))
    print()
    failed: list[str] = []
    for group, (code, seconds) in zip(groups, ended, strict=True):
        if code != 0:
            failed.append(group.name)
        outcome = "ok" if code == 0 else "NG"
        over = " (over)" if seconds > group.budget_s else ""
        print(f"{outcome}  {seconds:6.1f} s / {group.budget_s} s  {group.name}{over}")
    return failed


def _run_group(group: Group) -> tuple[int, float]:
    """Run one group; return its exit code and how many seconds it took."""
    began = time.monotonic()
    done = subprocess.run(
        group.command,
        cwd=PROJECT,
        env=_told(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    print(f"== {group.name}\n{done.stdout}", end="", flush=True)
    return done.returncode, time.monotonic() - began


def close(failed: Sequence[str]) -> int:
    """Say how it went; the exit code."""
    if failed:
        say(f"失敗: {', '.join(failed)}", f"Failed: {', '.join(failed)}")
        return 1
    say("すべて成功しました。", "All is well.")
    return 0


def _told() -> dict[str, str]:
    """Keep settings of a running shop away from its tests."""
    told = environment()
    for name in list(told):
        if name.startswith("DAICHO_") or name in ("DATABASE_URL", "REDIS_URL"):
            del told[name]
    return told
