"""Bring a database to this version: roles, tables and migrations once, the rest on change."""

from __future__ import annotations

import argparse
import hashlib
import re
import secrets
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg
from psycopg import conninfo
from psycopg import sql as compose

from sql import ROOT, Connection, connect, errors
from sql.shut import shut_large_objects

PREFIX = "daicho_"
SCHEMAS = (
    "base",
    "catalog",
    "channel",
    "customer",
    "sales",
    "stock",
    "shipping",
    "mail",
    "document",
    "transit",
    "staff",
    "report",
    "access",
    "own",
)
STAFF_ROLES = (
    "owner",
    "manager",
    "order_desk",
    "support",
    "warehouse",
    "purchasing",
    "merchandiser",
    "accounting",
    "analyst",
    "outside_warehouse",
)
LOGINS = ("schema", "web", "worker")
NOLOGINS = ("function", "staff", "keeper")
OWN = "own_"  # how the names of a shop's own roles go on after the prefix
LOCK = 0x6461696368  # an advisory lock: one loader at a time on a server
NEWLINE = "\n"
# What may hold a semicolon that ends nothing, and the one that does
TOKEN = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\"|\$(\w*)\$.*?\$\1\$|;", re.DOTALL)
FIRST_ERRORS = ("42P01", "42883", "42703", "42704")  # undefined table, function, column, object


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What a load did: ``created`` for a new database, migrations applied, whether code changed."""

    created: bool
    migrations: Sequence[str]
    changed: bool
    seconds: float


def area_files(kind: str) -> list[Path]:
    """List the schema's files of a kind (``tables``, ``fn_*`` …) in the order of their areas."""
    return sorted(ROOT.glob(f"[0-9][0-9]_*/{kind}.sql"))


def migration_files(when: str = "*") -> list[Path]:
    """List the migrations in the order of their numbers: ``pre`` (adds), ``post`` (removes)."""
    return sorted((ROOT / "migrations").glob(f"[0-9][0-9][0-9][0-9]_{when}_*.sql"))


def text_of(path: Path, prefix: str) -> LiteralString:
    """Read a file of the schema with the role prefix of this server put in."""
    text = path.read_text(encoding="utf-8")
    if prefix != PREFIX:
        roles = "|".join((*STAFF_ROLES, *LOGINS, *NOLOGINS, "login_", OWN))
        text = re.sub(rf"\b{PREFIX}({roles})", rf"{prefix}\1", text)
    return cast("LiteralString", text)


def digest_of(paths: Sequence[Path], prefix: str) -> str:
    """Digest the text of files, so that a change of one is noticed."""
    summed = hashlib.sha256(prefix.encode())
    for path in paths:
        summed.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return summed.hexdigest()


def make_roles(admin: Connection, passwords: Mapping[str, str], prefix: str) -> None:
    """Make the roles that belong to the server, once; passwords of logins are set when given."""
    known = {row[0] for row in admin.execute("select rolname from pg_catalog.pg_roles")}

    def make(name: str, options: LiteralString) -> None:
        if prefix + name not in known:
            admin.execute(
                compose.SQL("create role {} " + options).format(compose.Identifier(prefix + name))
            )

    for name in (*STAFF_ROLES, "function", "staff"):
        make(name, "nologin inherit")
    # Makes a shop's own roles and SQL logins, by its functions alone: nobody can log in as it
    make("keeper", "nologin inherit createrole")
    make("schema", "login inherit")
    for name in ("web", "worker"):
        make(name, "login noinherit")
    for name in LOGINS:
        if password := passwords.get(name):
            admin.execute(
                compose.SQL("alter role {} password {}").format(
                    compose.Identifier(prefix + name), compose.Literal(password)
                )
            )
    role = {name: compose.Identifier(prefix + name) for name in (*STAFF_ROLES, *LOGINS, *NOLOGINS)}
    held = {
        (row[0], row[1])
        for row in admin.execute(
            "select roleid::regrole::text, member::regrole::text from pg_catalog.pg_auth_members"
        )
    }

    def grant(group: str, member: str, options: LiteralString) -> None:
        if (prefix + group, prefix + member) not in held:
            admin.execute(
                compose.SQL("grant {} to {} with " + options).format(role[group], role[member])
            )

    grant("staff", "keeper", "admin true, inherit false, set false")
    for name in STAFF_ROLES:
        grant("staff", name, "inherit true, set false")
        grant(name, "keeper", "admin true, inherit false, set false")
        for login in ("web", "worker"):
            grant(name, login, "inherit false, set true")
    for name in ("function", "keeper"):
        grant(name, "schema", "inherit true, set true")
    admin.execute(compose.SQL("grant {}, {} to current_user").format(role["schema"], role["web"]))


def make_own_roles(admin: Connection, names: Iterable[str], prefix: str) -> None:
    """Make a shop's own roles on a server that does not know them, for a restore that names them.

    Their rights and memberships come with the next load.
    """
    known = {row[0] for row in admin.execute("select rolname from pg_catalog.pg_roles")}
    for name in sorted(set(names) - known):
        role, keeper = compose.Identifier(name), compose.Identifier(prefix + "keeper")
        admin.execute(compose.SQL("create role {} nologin inherit").format(role))
        admin.execute(
            compose.SQL("grant {} to {} with admin true, inherit false, set false").format(
                role, keeper
            )
        )


def make_database(admin_url: str, database: str, prefix: str) -> tuple[str, bool]:
    """Make the database when it is not there; return its address and whether it was made."""
    target = conninfo.make_conninfo(admin_url, dbname=database)
    created = False
    with connect(admin_url) as admin:
        found = admin.execute(
            "select 1 from pg_catalog.pg_database where datname = %s", (database,)
        ).fetchone()
        if not found:
            # Japanese trigrams need a character type that knows letters (builtin alone does not).
            admin.execute(
                compose.SQL(
                    "create database {} owner {} template template0 encoding 'UTF8'"
                    " locale_provider builtin builtin_locale 'C.UTF-8'"
                    " lc_collate 'C' lc_ctype 'C.UTF-8'"
                ).format(compose.Identifier(database), compose.Identifier(prefix + "schema"))
            )
            created = True
        name = compose.Identifier(database)
        admin.execute(compose.SQL("revoke all on database {} from public").format(name))
        admin.execute(
            compose.SQL("grant connect on database {} to {}").format(
                name,
                compose.SQL(", ").join(
                    compose.Identifier(prefix + role) for role in (*LOGINS, "staff")
                ),
            )
        )
        admin.execute(
            compose.SQL("grant temporary on database {} to {}, {}").format(
                name, compose.Identifier(prefix + "function"), compose.Identifier(prefix + "schema")
            )
        )
        admin.execute(
            compose.SQL("grant create on database {} to {}").format(
                name, compose.Identifier(prefix + "schema")
            )
        )
    shut_large_objects(target)
    return target, created


def make_tables(connection: Connection, prefix: str) -> bool:
    """Make schemas and tables in an empty database; false when they are there."""
    found = connection.execute("select to_regclass('base.version') is not null").fetchone()
    if found and found[0]:
        return False
    for schema in SCHEMAS:
        connection.execute(
            compose.SQL("create schema if not exists {}").format(compose.Identifier(schema))
        )
    connection.execute(
        compose.SQL(
            "alter default privileges for role {0}, {1} revoke execute on functions from public"
        ).format(compose.Identifier(prefix + "schema"), compose.Identifier(prefix + "function"))
    )
    for path in area_files("tables") + area_files("*_tables"):
        run_file(connection, path, prefix)
    for path in migration_files():
        note(connection, path.name, digest_of([path], PREFIX))
    return True


def statements_of(text: LiteralString) -> Iterator[tuple[int, LiteralString]]:
    """Cut a file into its statements, each with its place in the text."""
    start = 0
    for token in TOKEN.finditer(text):
        if token[0] == ";":
            yield start, text[start : token.end()]
            start = token.end()
    if text[start:].strip():
        yield start, text[start:]


def run_file(connection: Connection, path: Path, prefix: str) -> None:
    """Run one file, statement by statement; an error names the file and the line."""
    text = text_of(path, prefix)
    for start, statement in statements_of(text):
        try:
            connection.execute(statement)
        except psycopg.Error as error:
            # Where the server knows no place within the statement: where that begins
            begins = len(statement) - len(statement.lstrip())
            place = start + int(error.diag.statement_position or begins + 1)
            error.add_note(f"{path.relative_to(ROOT)}, line {text[: place - 1].count(NEWLINE) + 1}")
            raise


def note(connection: Connection, part: str, digest: str) -> None:
    """Remember that a part was loaded."""
    connection.execute(
        "insert into base.version (part, digest) values (%s, %s)"
        " on conflict (part) do update set digest = excluded.digest, loaded_at = now()",
        (part, digest),
    )


def migrate(connection: Connection, prefix: str, when: str) -> list[str]:
    """Apply the migrations that this database has not seen, each in a transaction of its own.

    ``pre`` ones come before functions and views, which may use what they add; ``post`` ones after
    them, when nothing uses any more what they remove.
    """
    seen = {row[0] for row in connection.execute("select part from base.version")}
    done: list[str] = []
    for path in migration_files(when):
        if path.name not in seen:
            with connection.transaction():
                connection.execute("set local lock_timeout = '5s'")
                run_file(connection, path, prefix)
                note(connection, path.name, digest_of([path], PREFIX))
            done.append(path.name)
    return done


def repeatable_files() -> list[Path]:
    """List what is loaded again on change, in its order: functions, triggers, views, access."""
    return (
        area_files("fn_*")
        + area_files("tg_*")
        + area_files("vw_*")
        + sorted((ROOT / "95_access").glob("[0-9]*.sql"))
    )


def load_views(connection: Connection, prefix: str) -> None:
    """Load the views; one that needs a later one waits for it."""
    waiting = area_files("vw_*")
    while waiting:
        later: list[Path] = []
        failure: psycopg.Error | None = None
        for path in waiting:
            try:
                with connection.transaction():
                    run_file(connection, path, prefix)
            except psycopg.Error as error:
                if error.sqlstate not in FIRST_ERRORS:
                    raise
                later.append(path)
                failure = error
        if len(later) == len(waiting) and failure is not None:
            raise failure
        waiting = later


def adopt(connection: Connection, prefix: str) -> None:
    """Give tables that somebody made in `own` by another login to the tables' owner, as all others.

    What they hold and who may do what with them stays; a table that this login may not give away is
    left as it is.
    """
    found = connection.execute(
        "select format('alter table %%s owner to %%I', class.oid::regclass, %(owner)s::text)"
        " from pg_catalog.pg_class as class"
        " where class.relnamespace = to_regnamespace('own') and class.relkind in ('r', 'p')"
        " and class.relowner <> %(owner)s::regrole and pg_has_role(class.relowner, 'usage')",
        {"owner": f"{prefix}schema"},
    ).fetchall()
    for (statement,) in found:
        connection.execute(statement)


def load_repeatable(connection: Connection, prefix: str, *, anyway: bool = False) -> bool:
    """Load functions, triggers, views and grants in one transaction when any of them changed.

    ``anyway`` loads them also when none did: a migrated table has columns to be granted.
    """
    paths = repeatable_files()
    digest = digest_of(paths, prefix)
    seen = connection.execute(
        "select digest from base.version where part = 'repeatable'"
    ).fetchone()
    if seen and seen[0] == digest and not anyway:
        return False
    with connection.transaction():
        connection.execute("set local check_function_bodies = off")
        connection.execute("set local lock_timeout = '10s'")
        for path in area_files("fn_*") + area_files("tg_*"):
            run_file(connection, path, prefix)
        load_views(connection, prefix)
        for path in sorted((ROOT / "95_access").glob("[0-9]*.sql")):
            run_file(connection, path, prefix)
        note(connection, "repeatable", digest)
    return True


def load(
    admin_url: str,
    *,
    database: str = "daicho",
    passwords: Mapping[str, str] | None = None,
    prefix: str = PREFIX,
) -> LoadReport:
    """Make or update the database; safe to repeat, and while the shop is running.

    ``admin_url`` is a login that may create roles and databases. ``passwords`` holds those of the
    logins ``schema``, ``web`` and ``worker``; one that is not given stays as it is.
    Raises `sql.errors.DatabaseError`.
    """
    began = time.monotonic()
    with errors.translated(), connect(admin_url) as admin:
        admin.execute("select pg_advisory_lock(%s)", (LOCK,))
        make_roles(admin, passwords or {}, prefix)
        target, created = make_database(admin_url, database, prefix)
        with connect(target) as connection:
            adopt(connection, prefix)
            set_role = compose.SQL("set role {}").format(compose.Identifier(prefix + "schema"))
            connection.execute(set_role)
            # Such a lock is of one database: another loader may have come by another way
            connection.execute("select pg_advisory_lock(%s)", (LOCK,))
            with connection.transaction():
                made = make_tables(connection, prefix)
            migrations = [] if made else migrate(connection, prefix, "pre")
            changed = load_repeatable(connection, prefix, anyway=bool(migrations))
            migrations += [] if made else migrate(connection, prefix, "post")
            with connection.transaction():
                # The database may have come from a server with other roles
                connection.execute("select access.roles_apply()")
    return LoadReport(
        created=created or made,
        migrations=migrations,
        changed=changed,
        seconds=time.monotonic() - began,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Load the schema into the database of DATABASE_URL."""
    from config import Settings  # noqa: PLC0415 - the loader is usable without settings

    parser = argparse.ArgumentParser(prog="python -m sql.load", description=main.__doc__)
    parser.add_argument("--database", default="daicho", help="name of the database")
    options = parser.parse_args(arguments)
    settings = Settings.from_environment()
    passwords: dict[str, Any] = {"schema": secrets.token_urlsafe(24)}
    report = load(
        settings.database_url,
        database=options.database,
        passwords=passwords,
        prefix=settings.role_prefix,
    )
    sys.stdout.write(f"{report}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
