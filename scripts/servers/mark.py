"""The mark of the very folder that a database was made in: a copy of the folder does not bear it."""

import fcntl
import hashlib
import json
import os
import struct
from pathlib import Path

from scripts.servers.place import Place, write_whole

# `FS_IOC_GETVERSION` of Linux: a number drawn anew each time that an inode is used again
GET_GENERATION = 0x80087601
MACHINE_ID_FILES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))

Mark = dict[str, str]


def bears_mark(place: Place) -> bool:
    """Tell whether the database of a folder still lies where it was made; a move within a disk is none.

    False for one that was copied, brought back from a copy of files or taken to another machine. A
    clone of a whole machine is not noticed: disk, file and machine then have the same numbers.
    """
    try:
        noted = json.loads(_path(place).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return noted == _mark_of(place)


def write_mark(place: Place) -> None:
    """Let the database of a folder count as lying where it was made."""
    write_whole(_path(place), json.dumps(_mark_of(place)) + "\n")


def tells_apart(place: Place) -> bool:
    """Tell whether the disk knows files that had the same number one after the other."""
    return _generation(place.postgres / "global" / "pg_control") != 0


def _path(place: Place) -> Path:
    return place.data / "mark.json"


def _mark_of(place: Place) -> Mark:
    # PostgreSQL writes this file in place for ever; whatever copies a folder makes another one
    control = place.postgres / "global" / "pg_control"
    return {
        "machine": _machine(MACHINE_ID_FILES),
        # Not the device's number, which may be another one after the machine was started again
        "filesystem": str(os.statvfs(control).f_fsid),
        "file": f"{control.stat().st_ino}.{_generation(control)}",
    }


def _machine(files: tuple[Path, ...]) -> str:
    """Name the machine, in a form that says nothing to others; empty where it has no number."""
    for file in files:
        try:
            number = file.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
        if number:
            return hashlib.sha256(f"daicho.mark:{number}".encode()).hexdigest()[:16]
    return ""


def _generation(file: Path) -> int:
    """Tell apart two files that had the same inode one after the other; 0 where the disk cannot."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        answer = fcntl.ioctl(descriptor, GET_GENERATION, bytes(8))
        return struct.unpack("I", answer[:4])[0]
    except OSError:
        return 0
    finally:
        os.close(descriptor)
