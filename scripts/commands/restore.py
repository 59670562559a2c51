"""Bring a backup back, with everything outgoing held until a person turns it on."""

import argparse
import fcntl
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import LiteralString

import redis

import sql
from scripts.sentence import CannotGoOn, guarded, say
from scripts.servers.client import run_client
from scripts.servers.place import Place
from scripts.servers.together import DATABASE, Servers, servers
from scripts.servers.urls import database_for
from sql.load import load, make_database, make_roles

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def run(options: argparse.Namespace) -> int:
    if not options.file.is_file():
        raise CannotGoOn(
            f"バックアップ {options.file} がありません。", f"There is no backup {options.file}."
        )
    into: str = options.into
    if not NAME.fullmatch(into):
        raise CannotGoOn(
            f"データベース名 {into} は使えません。英小文字・数字・下線で 40 字までです。",
            f"{into} is no name for a database: up to 40 lower case letters, digits and underscores.",
        )
    with servers(options.data) as up, _nobody_works(up.place):
        half = f"{into}_restoring"
        kept = f"{into}_before_{datetime.now(tz=UTC):%Y%m%d_%H%M%S}"
        _restore(up, options.file, half)
        with sql.connect(up.admin_url) as admin:
            there = admin.execute("select 1 from pg_database where datname = %s", [into]).fetchone()
            if there:
                _rename(up, into, kept)
            _rename(up, half, into)
        if into == DATABASE:
            # What it holds names rows of the other database; everything due is in this one
            with redis.Redis.from_url(up.settings.redis_url) as client:
                client.flushdb()
        if there:
            say(
                f"これまでのデータベースは {kept} という名前で残しました。",
                f"The database that was there is kept as {kept}.",
            )
        say(
            f"{into} に戻しました。外への送信（在庫・出荷・メールなど）はすべて止めてあります。内容を確かめてから、"
            "画面で一つずつ再開してください。",
            f"Restored into {into}. Everything outgoing (stock, shipments, mail …) is held: look at the "
            "data, then turn each on in the screens.",
        )
    return 0


def _restore(up: Servers, file: Path, half: str) -> None:
    """Restore into a database beside, and bring it to this version; one that fails is removed."""
    prefix = up.settings.role_prefix
    with sql.connect(up.admin_url) as admin:
        make_roles(admin, up.passwords, prefix)
        _statement(admin, "drop database if exists {} with (force)", half)
    make_database(up.admin_url, half, prefix)
    url = database_for(up.admin_url, half)
    code = run_client(
        "pg_restore", ["--exit-on-error", "--no-password", "--dbname", half, str(file)], url=url
    )
    if code != 0:
        with sql.connect(up.admin_url) as admin:
            _statement(admin, "drop database {} with (force)", half)
        raise CannotGoOn(
            f"{file} を戻せませんでした（上の行）。今のデータベースはそのままです。",
            f"{file} could not be restored (see above); the present database is as it was.",
        )
    load(up.admin_url, database=half, passwords=up.passwords, prefix=prefix)
    with sql.connect(url) as connection:
        sql.call(connection, "transit.outgoing_hold")


def _rename(up: Servers, old: str, new: str) -> None:
    with sql.connect(up.admin_url) as admin:
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [old]
        )
        _statement(admin, "alter database {} rename to {}", old, new)


def _statement(connection: sql.Connection, text: LiteralString, *names: str) -> None:
    connection.execute(sql.compose.SQL(text).format(*map(sql.identifier, names)))


@contextmanager
def _nobody_works(place: Place) -> Iterator[None]:
    """Refuse while Daicho runs on this data: its processes must not meet another database."""
    with (place.run / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotGoOn(
                "Daicho が動いています。止めてから戻してください。",
                "Daicho is running: stop it, then restore.",
            ) from error
        yield


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/restore",
        description="バックアップを戻します。外への送信は止まった状態になります。 | Bring a backup back; everything outgoing is held.",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="データフォルダー | data folder")
    parser.add_argument(
        "--into",
        default=DATABASE,
        metavar="NAME",
        help=f"データベース名（既定 {DATABASE}） | name of the database (default {DATABASE})",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="バックアップ | the backup")
    options = parser.parse_args(arguments)
    return guarded(lambda: run(options))


if __name__ == "__main__":
    sys.exit(main())
