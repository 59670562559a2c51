"""Look longer and elsewhere than the tests do for an order of work that makes the ledger wrong."""

import argparse
import importlib
import secrets
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from config import Settings
from scripts.sentence import guarded, say
from scripts.servers.together import servers
from scripts.servers.urls import database_for
from sql.load import load

DATABASE = "daicho"
SEEDS = 1_000_000


def run(options: argparse.Namespace) -> int:
    seed: int = secrets.randbelow(SEEDS) if options.seed is None else options.seed
    # The machine is the tests' own, beside its model
    module = importlib.import_module("tests.ledger.search")
    with tempfile.TemporaryDirectory(
        prefix="daicho-search-", dir=options.data, ignore_cleanup_errors=True
    ) as folder:
        Path(folder).chmod(0o711)
        given = Settings.from_environment(environment={})
        with servers(Path(folder) / "data", given=given, fsync=False) as up:
            load(up.admin_url, passwords=up.passwords, prefix=up.settings.role_prefix)
            url = database_for(up.admin_url, DATABASE)
            if not module.search(url, minutes=options.minutes, seed=seed):
                return 1
    say("台帳の誤りは見つかりませんでした。", "Nothing was found that makes the ledger wrong.")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/ledgersearch",
        description="テストより長く、毎回違う順序で在庫台帳の誤りを探します。"
        " | Search for an order of work that makes the ledger wrong: longer than the tests, and other "
        "examples each time.",
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=10.0,
        help="探す時間（分、既定 10） | how long (default 10)",
    )
    parser.add_argument(
        "--seed",
        type=int,
        help="最初の回の種（既定は無作為） | seed of the first round (drawn by default)",
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="作業フォルダー | folder to work in"
    )
    options = parser.parse_args(arguments)
    return guarded(lambda: run(options))


if __name__ == "__main__":
    sys.exit(main())
