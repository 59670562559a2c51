"""Bring the database to this version of the schema, and nothing else."""

import argparse
import sys
from pathlib import Path

from scripts.sentence import guarded, say
from scripts.servers.together import servers
from sql.load import load


def run(options: argparse.Namespace) -> int:
    with servers(options.data) as up:
        report = load(up.admin_url, passwords=up.passwords, prefix=up.settings.role_prefix)
    applied = ", ".join(report.migrations) or "–"
    say(
        f"データベースは最新です（新規: {report.created}、移行: {applied}、関数などの更新: {report.changed}、"
        f"{report.seconds:.1f} 秒）。",
        f"The database is at this version (new: {report.created}, migrations: {applied}, functions "
        f"and views changed: {report.changed}, {report.seconds:.1f} s).",
    )
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/load",
        description="データベースを最新の形にします。 | Bring the database to this version.",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="データフォルダー | data folder")
    options = parser.parse_args(arguments)
    return guarded(lambda: run(options))


if __name__ == "__main__":
    sys.exit(main())
