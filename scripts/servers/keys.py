"""The passwords and keys of one data folder, made at its first start."""

import base64
import json
import os
import secrets
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from scripts.sentence import CannotGoOn
from scripts.servers.place import write_whole

PASSWORD_BYTES = 24
KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Passwords of the logins, the session key and the keys that encrypt (the first is current)."""

    admin: str = field(repr=False)
    schema: str = field(repr=False)
    web: str = field(repr=False)
    worker: str = field(repr=False)
    valkey: str = field(repr=False)
    session_key: str = field(repr=False)
    secret_keys: tuple[str, ...] = field(repr=False)


def keys_of(data: Path) -> Keys:
    """Read secrets.json of a data folder, or make it, readable by us alone."""
    path = data / "secrets.json"
    if not path.exists():
        _make(path)
    try:
        found = json.loads(path.read_text("utf-8"))
        found["secret_keys"] = tuple(found["secret_keys"])
        return Keys(**found)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotGoOn(
            f"{path} が読めません（{type(error).__name__}）。バックアップから戻してください。消すとデータベースに"
            "入れなくなります。",
            f"{path} cannot be read ({type(error).__name__}): bring it back from a backup. Without it "
            "nobody can enter the database.",
        ) from error


def write_key_file(path: Path, secret_keys: Sequence[str]) -> None:
    """Write the keys that encrypt, and nothing else, to a file that we alone may read."""
    write_whole(path, json.dumps({"secret_keys": list(secret_keys)}, indent=4) + "\n")


def read_key_file(path: Path) -> tuple[str, ...]:
    """Read the keys that encrypt from such a file, or from a secrets.json."""
    try:
        found = json.loads(path.read_text("utf-8"))["secret_keys"]
        keys = tuple(key for key in found if len(_decoded(key)) == KEY_BYTES)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_keys(path) from error
    if not keys or len(keys) != len(found):
        raise _no_keys(path)
    return keys


def _no_keys(path: Path) -> CannotGoOn:
    return CannotGoOn(
        f"{path} は鍵のファイルではありません。scripts/backup --with-keys が書いたファイルか、元のデータフォルダーの "
        "secrets.json を指定してください。",
        f"{path} is no file of keys: name one that scripts/backup --with-keys wrote, or secrets.json of "
        "the data folder that the backup comes from.",
    )


def joined(own: Sequence[str], brought: Sequence[str]) -> tuple[str, ...]:
    """Put keys brought with a backup behind our own: what is written anew is under our first.

    The last one is the backup's last: its known buyers are found by it.
    """
    last = brought[-1]
    return (*(key for key in dict.fromkeys((*own, *brought)) if key != last), last)


def change_secret_keys(data: Path, secret_keys: Sequence[str]) -> None:
    """Write other keys that encrypt into secrets.json of a data folder."""
    changed = replace(keys_of(data), secret_keys=tuple(secret_keys))
    write_whole(data / "secrets.json", json.dumps(asdict(changed), indent=4) + "\n")


def _decoded(key: str) -> bytes:
    return base64.b64decode(key, altchars=b"-_", validate=True)


def _make(path: Path) -> None:
    """Make the file once: of two starts at the same moment the first one's keys are everybody's."""
    own = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    write_whole(own, json.dumps(asdict(_fresh()), indent=4) + "\n")
    try:
        os.link(own, path)
    except FileExistsError:
        return
    finally:
        own.unlink()


def _fresh() -> Keys:
    def password() -> str:
        return secrets.token_urlsafe(PASSWORD_BYTES)

    return Keys(
        admin=password(),
        schema=password(),
        web=password(),
        worker=password(),
        valkey=password(),
        session_key=password(),
        secret_keys=(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode(),),
    )
