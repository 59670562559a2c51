"""Write the whole database to one file."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from scripts.sentence import CannotGoOn, guarded, say
from scripts.servers.client import run_client
from scripts.servers.keys import write_key_file
from scripts.servers.together import Servers, servers


def run(options: argparse.Namespace) -> int:
    key_file: Path | None = options.with_keys
    with servers(options.data) as up:
        target: Path = options.file or up.place.data / "backup" / _name_now()
        target.parent.mkdir(parents=True, exist_ok=True)
        if key_file is not None and key_file.absolute() == target.absolute():
            raise CannotGoOn(
                "鍵とバックアップを同じファイルには書けません。--with-keys で別の場所を指定してください。",
                "Keys and backup cannot be one file: name another place with --with-keys.",
            )
        for path in (target, key_file):
            if path is not None and path.exists():
                raise CannotGoOn(
                    f"{path} はすでにあります。別の名前にしてください。",
                    f"{path} is there already: name another file.",
                )
        _dump(up, target)
        say(
            f"{target} に書きました（{target.stat().st_size / 1_000_000:.1f} MB）。",
            f"Wrote {target} ({target.stat().st_size / 1_000_000:.1f} MB).",
        )
        if key_file is None:
            _tell_keys(up)
        else:
            _write_keys(up, key_file, target)
    return 0


def _dump(up: Servers, target: Path) -> None:
    half = target.with_name(target.name + ".half")
    half.touch(mode=0o600)
    code = run_client(
        "pg_dump",
        ["--format=custom", "--no-password", "--file", str(half)],
        url=up.settings.database_url,
    )
    if code != 0:
        half.unlink()
        raise CannotGoOn(
            f"バックアップできませんでした（上の行）。{target} はありません。",
            f"The backup failed (see above); there is no {target}.",
        )
    half.rename(target)


def _tell_keys(up: Servers) -> None:
    """Say where the keys are that the backup does not hold."""
    where = up.place.data / "secrets.json"
    place_ja, place = (
        (f"{where} にあります", f"in {where}")
        if up.settings.secret_keys == up.keys.secret_keys
        else ("環境変数 DAICHO_SECRET_KEYS にあります", "in the variable DAICHO_SECRET_KEYS")
    )
    say(
        f"このファイルに鍵は入っていません。暗号化された受信の本文と店舗の認証情報を読む鍵は{place_ja}。バックアップとは"
        "別の場所に保管してください（--with-keys FILE で写しを書けます）。",
        "The file holds no keys: those that read its encrypted raw messages and the shops' "
        f"credentials are {place}. Keep them apart from the backups (--with-keys FILE writes a copy).",
    )


def _write_keys(up: Servers, key_file: Path, target: Path) -> None:
    key_file.parent.mkdir(parents=True, exist_ok=True)
    write_key_file(key_file, up.settings.secret_keys)
    say(
        f"鍵を {key_file} に書きました。暗号化されていません。この鍵とバックアップの両方を持つ人は、すべてを読めます。",
        f"Wrote the keys to {key_file}, in the clear: whoever has them and a backup reads everything.",
    )
    if key_file.absolute().parent == target.absolute().parent:
        say(
            "鍵がバックアップと同じフォルダーにあります。別の場所へ移してください。",
            "The keys lie in the folder of the backup: take them to another place.",
        )


def _name_now() -> str:
    return f"daicho-{datetime.now(tz=UTC):%Y%m%d-%H%M%S}.dump"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/backup",
        description="データベース全体を一つのファイルに書きます。起動中でも使えます。 | Write the whole database to one file; works while Daicho runs.",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="データフォルダー | data folder")
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="書き先（既定はデータフォルダーの backup/） | where to (default backup/ in the data folder)",
    )
    parser.add_argument(
        "--with-keys",
        type=Path,
        metavar="FILE",
        help="暗号化の鍵の写しを書く先。バックアップとは別の場所に"
        " | where to write a copy of the keys that encrypt; apart from the backup",
    )
    options = parser.parse_args(arguments)
    return guarded(lambda: run(options))


if __name__ == "__main__":
    sys.exit(main())
