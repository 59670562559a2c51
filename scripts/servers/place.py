"""The data folder: where it is, and what lies in it."""

import errno
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from config import PROJECT
from scripts.sentence import CannotGoOn
from scripts.servers.system_user import SystemUser, give, may_reach, server_user

LEAST_FREE_MB = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A data folder and the system user of the servers that live in it."""

    data: Path
    user: SystemUser | None

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def valkey(self) -> Path:
        return self.data / "valkey"

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def files(self) -> Path:
        return self.data / "files"

    @property
    def binaries(self) -> Path:
        return self.data / "bin"


def default_data(project: Path = PROJECT) -> Path:
    """Name the data folder used when none is given.

    In the project; when the servers' user cannot get into the project (root's own closed folder),
    under /var/lib, named by the project's path.
    """
    user = server_user()
    if user is None or may_reach(user, project):
        return project / ".daicho"
    mark = hashlib.sha256(str(project).encode()).hexdigest()[:8]
    return Path("/var/lib") / f"daicho-{mark}"


def make_place(data: Path | None = None) -> Place:
    """Make the data folder with its rooms, or say why it cannot be.

    Nothing outside the folder is changed; parents that are missing are made.
    """
    folder = (data or default_data()).absolute()
    user = _owner_before(folder) or server_user()
    place = Place(data=folder, user=user)
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not folder.exists() and not may_reach(user, there):
        raise _closed(user, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711 if user else 0o700)
        for room in (place.log, place.run, place.files):
            room.mkdir(exist_ok=True)
            room.chmod(0o700)
        for room in (place.postgres, place.valkey):
            room.mkdir(exist_ok=True)
            give(room, user, 0o700)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(folder) from error
        raise CannotGoOn(
            f"データフォルダー {folder} を使えません（{error.strerror}: {error.filename}）。"
            "書き込めるフォルダーを --data で指定してください。",
            f"The data folder {folder} cannot be used ({error.strerror}: {error.filename}): name one "
            "that you may write to with --data.",
        ) from error
    if not may_reach(user, place.postgres):
        raise _closed(user, folder)
    if shutil.disk_usage(folder).free < LEAST_FREE_MB * 1_000_000:
        raise disk_full(folder)
    return place


def _closed(user: SystemUser | None, folder: Path) -> CannotGoOn:
    name = user.name if user else "?"
    return CannotGoOn(
        f"サーバーは {name} として動きますが、{folder} に入れません。--data で /var/lib/daicho の"
        "ような、途中のフォルダーが閉じていない場所を指定してください。",
        f"The servers run as {name}, who cannot enter {folder}: name a folder whose parents "
        "are open, such as /var/lib/daicho, with --data.",
    )


def _owner_before(folder: Path) -> SystemUser | None:
    """When we are root, keep the servers' user that an earlier start chose for this folder."""
    if os.geteuid() != 0:
        return None
    try:
        status = (folder / "postgres").stat()
    except OSError:
        return None
    if status.st_uid == 0:
        return None
    return SystemUser(name=f"uid {status.st_uid}", uid=status.st_uid, gid=status.st_gid)


def disk_full(folder: Path) -> CannotGoOn:
    """Say that there is no room left on the disk of `folder`."""
    return CannotGoOn(
        f"{folder} のディスクに空きがありません（{LEAST_FREE_MB} MB 以上必要）。空けてから実行してください。",
        f"The disk of {folder} is full ({LEAST_FREE_MB} MB are wanted): make room, then run this again.",
    )


def is_new(place: Place) -> bool:
    """Tell whether no database was ever made here."""
    return not (place.postgres / "PG_VERSION").exists()


def write_whole(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file so that after a crash it is the old one or the new one, never half of it."""
    temporary = path.with_name(path.name + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.chmod(mode)
    temporary.replace(path)
