"""What every test stands on: a real PostgreSQL, a real Valkey, and no network."""

import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import sql
from config import Settings
from scripts.servers.together import Servers, servers
from scripts.servers.urls import database_for, url_for
from sql.load import load

TEMPLATE = "daicho_template"
LOCAL = {"127.0.0.1", "::1", "localhost", "", None, "0.0.0.0"}  # noqa: S104
# Any number; the same one in every process of a test run
TEMPLATE_LOCK = 18_2026

_serial = itertools.count()


def pytest_configure(config: pytest.Config) -> None:
    sys.addaudithook(_refuse_network)


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host not in LOCAL:
        raise RuntimeError(f"A test must not use the network, but asked for {host!r}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One cloned database and its addresses: administrator, tables' owner, web, worker."""

    name: str
    admin: str
    schema: str
    web: str
    worker: str


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[Servers]:
    """The servers of this test run; the processes of pytest-xdist share them."""
    run_id = getattr(request.config, "workerinput", {}).get("testrunuid", "")
    if run_id:
        # Above the folder that only we may enter: the servers' user must reach it
        folder = Path(tempfile.gettempdir()) / f"daicho-test-{run_id}"
        folder.mkdir(exist_ok=True)
    else:
        folder = Path(tempfile.mkdtemp(prefix="daicho-test-"))
    folder.chmod(0o711)
    with servers(
        folder / "data", given=Settings.from_environment(environment={}), fsync=False
    ) as up:
        yield up
    if not (up.postgres and up.postgres.running()):
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def template(server: Servers) -> str:
    """The name of a loaded database that nobody is connected to, made once per server."""
    with sql.connect(server.admin_url, autocommit=True) as admin:
        admin.execute("select pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        found = admin.execute("select from pg_database where datname = %s", [TEMPLATE]).fetchone()
        if found is None:
            # Named as whole when it is: another process must not take half of it
            admin.execute(f"drop database if exists {TEMPLATE}_half with (force)")
            load(
                server.admin_url,
                database=f"{TEMPLATE}_half",
                passwords=server.passwords,
                prefix=server.settings.role_prefix,
            )
            admin.execute(f"alter database {TEMPLATE}_half rename to {TEMPLATE}")
    return TEMPLATE


@cache
def _not_copied(admin_url: str, template: str) -> str:
    """Statements that give a database, called {name}, what `create database` does not copy."""
    with sql.connect(admin_url, autocommit=True) as admin:
        found = admin.execute(
            """
            select format('alter database {name} owner to %%I', pg_get_userbyid(datdba))
            from pg_database where datname = %(template)s
            union all
            select 'revoke all on database {name} from public'
            union all
            select format(
                'grant %%s on database {name} to %%s', acl.privilege_type,
                case acl.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end
            )
            from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) as acl
            where datname = %(template)s
            union all
            select format(
                'alter %%s set %%s to %%L',
                case setting.setrole
                    when 0 then 'database {name}'
                    else format('role %%I in database {name}', pg_get_userbyid(setting.setrole))
                end,
                split_part(entry, '=', 1), substr(entry, strpos(entry, '=') + 1)
            )
            from pg_db_role_setting as setting
            join pg_database as own on own.oid = setting.setdatabase and own.datname = %(template)s,
            unnest(setting.setconfig) as entry
            """,
            {"template": template},
        ).fetchall()
    return "; ".join(statement for (statement,) in found)


def clone(server: Servers, template: str) -> Database:
    """Make a database like the template."""
    # Processes of one run share a server: each has names of its own
    name = f"t{os.getpid()}_{next(_serial)}"
    admin_url = server.admin_url
    with sql.connect(admin_url, autocommit=True) as admin:
        # Nothing here outlives the run: files are copied, not written to the log
        admin.execute(f"create database {name} template {template} strategy file_copy")
        admin.execute(_not_copied(admin_url, template).replace("{name}", name))
    prefix = server.settings.role_prefix
    return Database(
        name=name,
        admin=database_for(admin_url, name),
        schema=url_for(admin_url, f"{prefix}schema", server.keys.schema, name),
        web=url_for(admin_url, f"{prefix}web", server.keys.web, name),
        worker=url_for(admin_url, f"{prefix}worker", server.keys.worker, name),
    )


def drop(server: Servers, database: Database) -> None:
    with sql.connect(server.admin_url, autocommit=True) as admin:
        admin.execute(f"drop database {database.name} with (force)")


@pytest.fixture
def fresh_database(server: Servers, template: str) -> Iterator[Database]:
    """A database of this test's own: for what needs two connections or commits."""
    database = clone(server, template)
    yield database
    drop(server, database)


@pytest.fixture(scope="session")
def _shared(server: Servers, template: str) -> Iterator[Any]:
    database = clone(server, template)
    with sql.connect(database.admin) as connection:
        yield connection
    drop(server, database)


@pytest.fixture
def db(_shared: Any) -> Iterator[Any]:
    """The administrator's connection; what a test does there is rolled back."""
    with _shared.transaction(force_rollback=True):
        yield _shared


@pytest.fixture
def worker(fresh_database: Database) -> Iterator[Any]:
    """A worker's connection with every statement a transaction, as the account `system`."""
    with sql.connect(fresh_database.worker, account_id=1, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def valkey_url(server: Servers) -> str:
    """The address of the run's Valkey; a test that fills it empties it."""
    return server.settings.redis_url
