"""Which processes make up Daicho, and what each is told."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from config import PROJECT, VARIABLES, Settings, environment
from scripts.servers.place import Place

COMMON = ("redis_url", "secret_keys", "data", "port", "role_prefix", "log_level", "hosts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One process: its name, its module with arguments, and the settings it alone may know."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ("worker_database_url",)

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-P", "-m", self.module, *self.arguments]


# Knows the shops' customers and nothing of ours
WORLD = Part(name="world", module="scripts.world", secrets=())

# In the order of starting; stopped in the opposite one
PARTS = (
    Part(name="dispatch", module="sync.dispatch"),
    Part(name="worker-2", module="sync.worker", arguments=("push", "orders", "slow")),
    Part(name="worker-1", module="sync.worker", arguments=("orders", "push", "slow")),
    # Answers people who wait for a button; kept free of everything else
    Part(name="worker-now", module="sync.worker", arguments=("now",)),
    # Imports, exports and bulk changes take minutes: they must not keep the pushes waiting
    Part(name="worker-long", module="sync.worker", arguments=("long",)),
    # A mail server that hangs keeps nobody else waiting
    Part(name="worker-mail", module="sync.worker", arguments=("mail",)),
    Part(
        name="web",
        module="scripts.supervisor.web",
        # The web process serves the door for webhooks too, and that stores as the worker
        secrets=("web_database_url", "worker_database_url", "session_key"),
    ),
)


def parts(*, demo: bool) -> tuple[Part, ...]:
    """List the processes to start, in order."""
    return (WORLD, *PARTS) if demo else PARTS


def environment_for(part: Part, settings: Settings) -> Mapping[str, str]:
    """Make a process's environment: ours, without the addresses that it need not know."""
    told = environment()
    for variable in VARIABLES.values():
        told.pop(variable, None)
    for name in (*COMMON, *part.secrets):
        value = getattr(settings, name)
        told[VARIABLES[name]] = ",".join(value) if isinstance(value, tuple) else str(value)
    told.update(PYTHONPATH=str(PROJECT), PYTHONUTF8="1", PYTHONUNBUFFERED="1")
    return told


def log_file(part: Part, place: Place) -> str:
    return str(place.log / f"{part.name}.log")
