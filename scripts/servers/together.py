"""The servers of a data folder, shared by every command that uses it: the last one out stops them."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from config import Settings
from scripts.servers.keys import Keys, keys_of
from scripts.servers.place import Place, make_place
from scripts.servers.postgres import Postgres
from scripts.servers.state import refuse_if_gone
from scripts.servers.urls import database_for, url_for
from scripts.servers.valkey import Valkey
from sql.load import load

DATABASE = "daicho"


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """Where the servers answer, and everything a process of ours must be told."""

    place: Place
    keys: Keys
    # The administrator's login at a database that is there from the start
    admin_url: str
    # With every address at our own database
    settings: Settings
    postgres: Postgres | None
    valkey: Valkey | None

    @property
    def passwords(self) -> dict[str, str]:
        """Passwords of our own logins, by their names without the prefix."""
        return {"schema": self.keys.schema, "web": self.keys.web, "worker": self.keys.worker}

    def mend(self) -> list[str]:
        """Start again what died, at the same port; return the names of what was started."""
        mended: list[str] = []
        for server in (self.postgres, self.valkey):
            if server is not None and not server.lives():
                with _alone(self.place):
                    server.start(keep_port=True)
                mended.append(type(server).__name__)
        return mended


@contextmanager
def servers(
    data: Path | None = None, *, given: Settings | None = None, fsync: bool = True
) -> Iterator[Servers]:
    """Start what does not run yet, or join it; on the way out stop what nobody else uses.

    A database or Redis address in the given settings (DATABASE_URL, REDIS_URL) is used as it is,
    and no server of our own is started for it.
    """
    given = given or Settings.from_environment()
    place = make_place(data or given_data(given))
    with _alone(place):
        keys = keys_of(place.data)
        postgres = None if given.database_url else Postgres(place.data, fsync=fsync)
        valkey = None if given.redis_url else Valkey(place.data)
    with (place.run / "use.lock").open("a") as using:
        try:
            with _alone(place):
                if postgres:
                    postgres.start()
                if valkey:
                    valkey.start()
                fcntl.flock(using, fcntl.LOCK_SH)
            yield Servers(
                place=place,
                keys=keys,
                admin_url=postgres.admin_url if postgres else given.database_url,
                settings=_settings(given, place, keys, postgres, valkey),
                postgres=postgres,
                valkey=valkey,
            )
        finally:
            with _alone(place):
                if _is_last(using):
                    if valkey:
                        valkey.stop()
                    if postgres:
                        postgres.stop()


def given_data(given: Settings) -> Path | None:
    """Take DAICHO_DATA when it is set; None leaves the default of this project and user."""
    unset = Settings.from_environment(environment={}).data
    return None if given.data == unset else given.data


@contextmanager
def loaded(data: Path | None = None) -> Iterator[Servers]:
    """Start or join the servers of a data folder, with the schema brought to this version."""
    with servers(data) as up:
        refuse_if_gone(up.place, up.admin_url, DATABASE)
        load(up.admin_url, passwords=up.passwords, prefix=up.settings.role_prefix)
        yield up


def _settings(
    given: Settings, place: Place, keys: Keys, postgres: Postgres | None, valkey: Valkey | None
) -> Settings:
    """Complete what was given by what we made ourselves."""
    admin = postgres.admin_url if postgres else given.database_url
    prefix = given.role_prefix
    return Settings(
        database_url=database_for(admin, DATABASE),
        web_database_url=given.web_database_url
        or url_for(admin, f"{prefix}web", keys.web, DATABASE),
        worker_database_url=given.worker_database_url
        or url_for(admin, f"{prefix}worker", keys.worker, DATABASE),
        redis_url=valkey.url if valkey else given.redis_url,
        secret_keys=given.secret_keys or keys.secret_keys,
        session_key=given.session_key or keys.session_key,
        data=place.data,
        port=given.port,
        role_prefix=prefix,
        log_level=given.log_level,
    )


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """One command at a time starts or stops the servers of a folder."""
    with (place.run / "start.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_last(using: TextIO) -> bool:
    try:
        fcntl.flock(using, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
