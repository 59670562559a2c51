"""Debian packages that tests want (apt.txt): which are missing, and getting them when we may."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config import PROJECT, environment

APT_TXT = PROJECT / "apt.txt"
INSTALL_MAX_S = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package, the marker of the tests that need it, and the program that it brings."""

    name: str
    marker: str
    program: str


def packages(path: Path = APT_TXT) -> list[Package]:
    """Read apt.txt."""
    lines = [line.split() for line in path.read_text("utf-8").splitlines()]
    return [
        Package(name=words[0], marker=words[1], program=words[2])
        for words in lines
        if words and not words[0].startswith("#")
    ]


def is_there(package: Package) -> bool:
    """Tell whether a package is installed; without dpkg its program decides."""
    if shutil.which("dpkg-query") is None:
        return shutil.which(package.program) is not None
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f=${Status}", package.name],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.endswith("ok installed")


def install(missing: list[Package]) -> None:
    """Install packages when we are root on Debian; what could not be is still missing after."""
    if not missing or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    told = {**environment(), "DEBIAN_FRONTEND": "noninteractive"}
    names = [package.name for package in missing]
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", *names],
    ):
        done = subprocess.run(
            command,
            env=told,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=INSTALL_MAX_S,
            check=False,
        )
        if done.returncode != 0:
            for line in done.stdout.splitlines()[-3:]:
                print(f"    {line}", flush=True)
