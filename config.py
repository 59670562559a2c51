"""Every setting of Daicho, typed, read from the environment once."""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

PROJECT = Path(__file__).resolve().parent
SECRET_KEY_BYTES = 32
LOG_LEVELS = ("debug", "info", "warning", "error", "critical")


class SettingWrong(ValueError):
    """設定が読めません。 | A setting cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a process was told from outside.

    A database or Redis address that was not given is the empty text; name it in
    `from_environment` when the process cannot do without.
    """

    database_url: str = field(repr=False)
    web_database_url: str = field(repr=False)
    worker_database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_keys: tuple[str, ...] = field(repr=False)
    session_key: str = field(repr=False)
    data: Path
    port: int
    role_prefix: str
    log_level: str
    # Names under which the web may be addressed, beside those of this machine
    hosts: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls, *needed: str, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings; `needed` names fields that must not be empty.

        Raises SettingWrong, whose text names the variable and never its value.
        """
        given = os.environ if environment is None else environment
        settings = cls(
            database_url=given.get("DATABASE_URL", ""),
            web_database_url=given.get("DAICHO_WEB_DATABASE_URL", ""),
            worker_database_url=given.get("DAICHO_WORKER_DATABASE_URL", ""),
            redis_url=given.get("REDIS_URL", ""),
            secret_keys=_secret_keys(given.get("DAICHO_SECRET_KEYS", "")),
            session_key=given.get("DAICHO_SESSION_KEY", ""),
            data=Path(given.get("DAICHO_DATA", "") or PROJECT / ".daicho").absolute(),
            port=_port(given.get("DAICHO_PORT", "") or "8000"),
            role_prefix=_role_prefix(given.get("DAICHO_ROLE_PREFIX", "") or "daicho_"),
            log_level=_log_level(given.get("DAICHO_LOG_LEVEL", "") or "info"),
            hosts=tuple(
                name.strip() for name in given.get("DAICHO_HOSTS", "").split(",") if name.strip()
            ),
        )
        for name in needed:
            if not getattr(settings, name):
                variable = VARIABLES[name]
                raise SettingWrong(
                    f"環境変数 {variable} がありません。scripts/run から起動するか、設定して"
                    f"ください。 | {variable} is not set: start through scripts/run, or set it."
                )
        return settings


VARIABLES = {
    "database_url": "DATABASE_URL",
    "web_database_url": "DAICHO_WEB_DATABASE_URL",
    "worker_database_url": "DAICHO_WORKER_DATABASE_URL",
    "redis_url": "REDIS_URL",
    "secret_keys": "DAICHO_SECRET_KEYS",
    "session_key": "DAICHO_SESSION_KEY",
    "data": "DAICHO_DATA",
    "port": "DAICHO_PORT",
    "role_prefix": "DAICHO_ROLE_PREFIX",
    "log_level": "DAICHO_LOG_LEVEL",
    "hosts": "DAICHO_HOSTS",
}


def environment() -> dict[str, str]:
    """Copy the whole environment, for a process that is started from this one."""
    return dict(os.environ)


def _secret_keys(text: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    for place, key in enumerate(keys, start=1):
        try:
            length = len(base64.b64decode(key, altchars=b"-_", validate=True))
        except (binascii.Error, ValueError):
            length = 0
        if length != SECRET_KEY_BYTES:
            raise SettingWrong(
                f"DAICHO_SECRET_KEYS の {place} 番目は、{SECRET_KEY_BYTES} バイトを URL 用 base64 で"
                f"表したものではありません。 | DAICHO_SECRET_KEYS: key {place} is not "
                f"{SECRET_KEY_BYTES} bytes in urlsafe base64."
            )
    return keys


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise SettingWrong(
        f"DAICHO_PORT は 1 から 65535 の整数です（今は {text!r}）。 | "
        f"DAICHO_PORT must be a whole number from 1 to 65535, got {text!r}."
    )


def _role_prefix(text: str) -> str:
    """Accept what needs no quoting in SQL and leaves room for the longest role name."""
    plain = text.isascii() and text.replace("_", "a").isalnum() and text == text.lower()
    if plain and text[0].isalpha() and len(text) <= 24:
        return text
    raise SettingWrong(
        f"DAICHO_ROLE_PREFIX は英小文字で始まる 24 字までの英小文字・数字・下線です"
        f"（今は {text!r}）。 | DAICHO_ROLE_PREFIX must be up to 24 lower case letters, digits "
        f"and underscores, starting with a letter, got {text!r}."
    )


def _log_level(text: str) -> str:
    if text.lower() in LOG_LEVELS:
        return text.lower()
    raise SettingWrong(
        f"DAICHO_LOG_LEVEL は {', '.join(LOG_LEVELS)} のどれかです（今は {text!r}）。 | "
        f"DAICHO_LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, got {text!r}."
    )
