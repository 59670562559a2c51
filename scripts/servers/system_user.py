"""Whose processes the servers are: never root's."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scripts.sentence import CannotGoOn

PREFERRED = ("daicho", "postgres", "nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemUser:
    name: str
    uid: int
    gid: int


def server_user() -> SystemUser | None:
    """Choose the user that servers run as when we are root; None keeps the present one."""
    if os.geteuid() != 0:
        return None
    for name in PREFERRED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return SystemUser(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise CannotGoOn(
        "root で起動しましたが、サーバー用の一般ユーザー（daicho、postgres、nobody）がありません。"
        "一つ作るか、一般ユーザーで実行してください。",
        "Started by root, but there is no ordinary user for the servers (daicho, postgres or "
        "nobody): make one, or run this as an ordinary user.",
    )


def may_reach(user: SystemUser | None, path: Path) -> bool:
    """Tell whether the user can enter (a folder) or run (a file) `path`; ask the kernel, not bits."""
    if user is None:
        return os.access(path, os.X_OK)
    asked = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$0"', str(path)],
        cwd="/",
        user=user.uid,
        group=user.gid,
        extra_groups=[],
        check=False,
    )
    return asked.returncode == 0


def give(path: Path, user: SystemUser | None, mode: int) -> None:
    """Make a path of ours the user's, with these rights."""
    if user is not None:
        os.chown(path, user.uid, user.gid)
    path.chmod(mode)
