"""The passwords and keys of one data folder, made at its first start."""

import base64
import json
import os
import secrets
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path

from scripts.sentence import CannotGoOn
from scripts.servers.place import write_whole

PASSWORD_BYTES = 24


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
        secret_keys=(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),),
    )
