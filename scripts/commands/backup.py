"""Write the whole database to one file."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from scripts.sentence import CannotGoOn, guarded, say
from scripts.servers.client import run_client
from scripts.servers.together import servers


def run(options: argparse.Namespace) -> int:
    with servers(options.data) as up:
        target: Path = options.file or up.place.data / "backup" / _name_now()
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise CannotGoOn(
                f"{target} はすでにあります。別の名前にしてください。",
                f"{target} is there already: name another file.",
            )
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
        say(
            f"{target} に書きました（{target.stat().st_size / 1_000_000:.1f} MB）。"
            f"暗号化した本文を読むには {up.place.data / 'secrets.json'} も要ります。別の場所に保管してください。",
            f"Wrote {target} ({target.stat().st_size / 1_000_000:.1f} MB). What is encrypted in it is "
            f"read with {up.place.data / 'secrets.json'}: keep that too, elsewhere.",
        )
    return 0


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
    options = parser.parse_args(arguments)
    return guarded(lambda: run(options))


if __name__ == "__main__":
    sys.exit(main())
