"""Bring a backup back, with everything outgoing held until a person turns it on."""

import argparse
import fcntl
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import LiteralString

import redis

import sql
from scripts.sentence import CannotGoOn, guarded, say
from scripts.servers.client import read_client, run_client
from scripts.servers.keys import change_secret_keys, joined, read_key_file
from scripts.servers.place import Place
from scripts.servers.together import DATABASE, Servers, servers
from scripts.servers.urls import database_for
from sql.load import OWN, load, make_database, make_own_roles, make_roles
from sync.shops import SYSTEM_ACCOUNT
from sync.vault import Vault

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a restored database holds that no key here can open."""

    orders: int
    secrets: int


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
        secret_keys = _secret_keys(up, options)
        half = f"{into}_restoring"
        kept = f"{into}_before_{datetime.now(tz=UTC):%Y%m%d_%H%M%S}"
        _restore(up, options.file, half)
        forgotten = _forget_again(up, half)
        missing = _missing(up, half, secret_keys)
        is_there = _put_in_place(up, half, into, kept)
        if secret_keys != up.settings.secret_keys:
            change_secret_keys(up.place.data, secret_keys)
        if into == DATABASE:
            # What it holds names rows of the other database; everything due is in this one
            with redis.Redis.from_url(up.settings.redis_url) as client:
                client.flushdb()
        if is_there:
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
        if forgotten:
            say(
                f"バックアップの後に個人情報を消した受注 {forgotten} 件は、戻した側でも消しました。",
                f"{forgotten} orders whose person was forgotten after the backup are forgotten in it too.",
            )
        _tell_missing(missing, options.keys)
    return 0


def _secret_keys(up: Servers, options: argparse.Namespace) -> tuple[str, ...]:
    """Say with which keys the restored data will be read."""
    if options.keys is None:
        return up.settings.secret_keys
    brought = read_key_file(options.keys)
    if up.settings.secret_keys != up.keys.secret_keys:
        raise CannotGoOn(
            "鍵は環境変数 DAICHO_SECRET_KEYS で指定されています。ファイルの鍵はその末尾に加えてください。",
            "The keys are given by the variable DAICHO_SECRET_KEYS: put those of the file at its end.",
        )
    if options.into != DATABASE:
        # The data folder has one list of keys, and known buyers of its database are found by the last
        raise CannotGoOn(
            f"--keys は {DATABASE} に戻すときだけ使えます。",
            f"--keys is for restoring into {DATABASE} alone.",
        )
    return joined(up.settings.secret_keys, brought)


def _forget_again(up: Servers, half: str) -> int:
    """Forget in what was restored whom the present database has forgotten; say how many orders."""
    with sql.connect(up.admin_url) as admin:
        known = admin.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone()
    if not known:
        return 0
    with sql.connect(database_for(up.admin_url, DATABASE)) as present:
        (made,) = present.execute("select to_regclass('sales.sales_order_party')").fetchone() or (
            None,
        )
        orders = [row._asdict() for row in sql.rows(present, "forgotten_orders")] if made else []
    worker_url = database_for(up.settings.worker_database_url, half)
    with sql.connect(worker_url, account_id=SYSTEM_ACCOUNT) as worker:
        (done,) = sql.rows(worker, "forget_again", orders=sql.Json(orders))
    return done.orders


def _missing(up: Servers, name: str, secret_keys: tuple[str, ...]) -> Missing:
    """Count what was encrypted under a key that is not here."""
    known = Vault(secret_keys).prefixes
    with sql.connect(database_for(up.admin_url, name)) as admin:
        (found,) = sql.rows(admin, "keys_missing", known=known, length=len(known[0]))
    return Missing(orders=found.orders, secrets=found.secrets)


def _tell_missing(missing: Missing, keys: Path | None) -> None:
    if not missing.orders and not missing.secrets:
        return
    again_ja, again = (
        ("--keys FILE を付けて、もう一度戻してください", "restore once more with --keys FILE")
        if keys is None
        else (f"{keys} は別の鍵です", f"{keys} holds other keys")
    )
    say(
        f"鍵がありません: {missing.orders} 件の受注の受信本文と {missing.secrets} 件の店舗の認証情報は、ここにない鍵で暗号化されて"
        "いて、読めません。受注・在庫・顧客は読めますが、読めない本文は再び取り込めず、店舗の認証情報は入れ直しが必要で、知っている"
        f"購入者も新しい人として数えます。Daicho を起動する前に{again_ja}（元の secrets.json か、scripts/backup --with-keys "
        "が書いたファイル）。",
        f"Keys are missing: the raw messages of {missing.orders} orders and {missing.secrets} credentials "
        "of shops were encrypted under a key that is not here, and cannot be read. Orders, stock and "
        "customers can; but such a message cannot be taken in again, the shops' credentials have to be "
        f"given anew, and known buyers count as new ones. Before you start Daicho: {again} (secrets.json "
        "of where the backup comes from, or the file that scripts/backup --with-keys wrote).",
    )


def _restore(up: Servers, file: Path, half: str) -> None:
    """Restore into a database beside, and bring it to this version; one that fails is removed."""
    prefix = up.settings.role_prefix
    with sql.connect(up.admin_url) as admin:
        make_roles(admin, up.passwords, prefix)
        # A dump grants to the shop's own roles, which another server does not know
        make_own_roles(admin, _own_roles(file, prefix), prefix)
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


def _own_roles(file: Path, prefix: str) -> set[str]:
    """Name the roles of the shop's own that a dump grants rights to."""
    said = read_client("pg_restore", ["--schema-only", "--file", "-", str(file)])
    return set(re.findall(rf"\bTO ({prefix}{OWN}[a-z0-9_]+);", said))


def _put_in_place(up: Servers, half: str, into: str, kept: str) -> bool:
    """Give what was restored its name, and what was there another; whole or not at all."""
    with sql.connect(up.admin_url) as admin, sql.transaction(admin):
        is_there = bool(
            admin.execute("select from pg_database where datname = %s", [into]).rowcount
        )
        if is_there:
            _rename(admin, into, kept)
        _rename(admin, half, into)
    return is_there


def _rename(admin: sql.Connection, old: str, new: str) -> None:
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
    parser.add_argument(
        "--keys",
        type=Path,
        metavar="FILE",
        help="バックアップの鍵（backup --with-keys のファイルか、元の secrets.json）"
        " | keys of the backup (what backup --with-keys wrote, or the secrets.json of then)",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="バックアップ | the backup")
    options = parser.parse_args(arguments)
    return guarded(lambda: run(options))


if __name__ == "__main__":
    sys.exit(main())
