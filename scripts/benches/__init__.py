"""Benchmarks: ratios measured in one run on the same data. One module each, with `run(context)`."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

import sql
from scripts.servers.together import Servers
from scripts.servers.urls import database_for, url_for
from sql.load import load

_serial = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A loaded database of this benchmark's own, and the addresses of its logins."""

    name: str
    admin: str
    web: str
    worker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a benchmark stands on: servers with fsync on, and how large it may be."""

    servers: Servers
    large: bool = False
    quick: bool = False

    def database(self) -> Database:
        """Make and load a database for this benchmark."""
        name = f"bench_{next(_serial)}"
        load(
            self.servers.admin_url,
            database=name,
            passwords=self.servers.passwords,
            prefix=self.servers.settings.role_prefix,
        )
        prefix, keys = self.servers.settings.role_prefix, self.servers.keys
        admin = database_for(self.servers.admin_url, name)
        return Database(
            name=name,
            admin=admin,
            web=url_for(self.servers.admin_url, f"{prefix}web", keys.web, name),
            worker=url_for(self.servers.admin_url, f"{prefix}worker", keys.worker, name),
        )

    def drop(self, database: Database) -> None:
        """Remove a benchmark's database."""
        with sql.connect(self.servers.admin_url) as admin:
            sql.run(admin, f"drop database {database.name} with (force)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Ratios (or seconds) beside their targets, and figures worth keeping.

    A target ``(">=", 0.35)`` says which way is good.
    """

    ratios: Mapping[str, float]
    targets: Mapping[str, tuple[str, float]]
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Tell whether every target is reached."""
        return all(
            self.ratios[name] >= limit if way == ">=" else self.ratios[name] <= limit
            for name, (way, limit) in self.targets.items()
        )
