"""psql on Daicho's database, with a staff role's view."""

import argparse
import signal
import sys
from pathlib import Path

import sql
from scripts.sentence import CannotGoOn, guarded
from scripts.servers.client import run_client
from scripts.servers.place import is_new, make_place
from scripts.servers.together import Servers, given_data, servers
from scripts.servers.urls import url_for
from sql.load import OWN, STAFF_ROLES, load

OWNER = "owner"
ADMINISTRATOR = "super"
SCHEMA = "schema"
WORKER = "worker"
SYSTEM_ACCOUNT = 1


def run(options: argparse.Namespace, rest: list[str]) -> int:
    from config import Settings  # noqa: PLC0415 - read when the arguments are known good

    given = Settings.from_environment()
    place = make_place(options.data or given_data(given))
    fresh = is_new(place) and not given.database_url
    with servers(place.data, given=given) as up:
        if fresh:
            load(up.admin_url, passwords=up.passwords, prefix=up.settings.role_prefix)
        url, told = _way_in(up, options.role)
        # Ctrl-C is psql's: it stops a query there
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return run_client("psql", rest, url=url, options=told)


def _way_in(up: Servers, role: str) -> tuple[str, str]:
    """Choose the login and what it says of itself for a role."""
    settings = up.settings
    name = role.removeprefix(settings.role_prefix)
    if name == ADMINISTRATOR:
        return settings.database_url, ""
    if name == SCHEMA:
        database = settings.database_url.rpartition("/")[2]
        return url_for(
            settings.database_url, f"{settings.role_prefix}schema", up.keys.schema, database
        ), ""
    if name == WORKER:
        return settings.worker_database_url, f"-c daicho.account_id={SYSTEM_ACCOUNT}"
    if name not in STAFF_ROLES and not name.startswith(OWN):
        raise CannotGoOn(
            f"役割 {role} はありません。{', '.join(STAFF_ROLES)} か {ADMINISTRATOR}、{SCHEMA}、{WORKER} です。",
            f"There is no role {role}: it is one of {', '.join(STAFF_ROLES)}, or {ADMINISTRATOR}, "
            f"{SCHEMA}, {WORKER}.",
        )
    account_id = _account(settings.database_url, name)
    # As a screen would ask: the web login, which is no superuser behind the role
    return (
        settings.web_database_url,
        f"-c daicho.account_id={account_id} -c role={settings.role_prefix}{name}",
    )


def _account(url: str, role: str) -> int:
    with sql.connect(url) as connection:
        found = connection.execute(
            "select min(account_id) as account_id from staff.account"
            " where staff_role = %s and ended_at is null",
            [role],
        ).fetchall()
    account_id = found[0].account_id
    if account_id is None:
        raise CannotGoOn(
            f"役割 {role} のアカウントがまだありません。画面の「人とログイン」で作るか、--role {ADMINISTRATOR} を"
            "使ってください。",
            f"No account has the role {role} yet: make one on the page People (/people/), or use "
            f"--role {ADMINISTRATOR}.",
        )
    return int(account_id)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/sql",
        description="psql を開きます。残りの引数は psql に渡します。 | Open psql; every other argument is psql's own.",
        allow_abbrev=False,
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="データフォルダー | data folder")
    parser.add_argument(
        "--role",
        default=OWNER,
        help=f"役割（既定 {OWNER}） | whose view (default {OWNER}): {', '.join(STAFF_ROLES)}, "
        f"{ADMINISTRATOR}, {SCHEMA}, {WORKER}",
    )
    options, rest = parser.parse_known_args(arguments)
    return guarded(lambda: run(options, rest))


if __name__ == "__main__":
    sys.exit(main())
