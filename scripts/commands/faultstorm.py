"""Prove that nothing is lost: kill every process in turn during a rush, and compare at the end."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from config import Settings
from scripts.sentence import guarded, say
from scripts.servers.ports import free_port
from scripts.servers.together import servers
from scripts.storm.storm import Storm


def run(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(
        prefix="daicho-storm-", dir=options.data, ignore_cleanup_errors=True
    ) as folder:
        Path(folder).chmod(0o711)
        given = replace(Settings.from_environment(environment={}), port=free_port())
        with servers(Path(folder) / "data", given=given) as up:
            report = Storm(
                up, minutes=options.minutes, per_minute=options.per_minute, seed=options.seed
            ).run()
    for name, figure in report.figures.items():
        print(f"  {name:<24} {figure:,.1f}")
    if report.findings:
        for finding in report.findings:
            print(f"  {finding}")
        say(f"{len(report.findings)} 件の誤りがあります。", f"{len(report.findings)} findings.")
        return 1
    say(
        f"{len(report.blows)} 回の障害の後、失われたもの、重なったもの、食い違いはありません。",
        f"After {len(report.blows)} blows nothing is lost, double or different.",
    )
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/faultstorm",
        description="注文の殺到中に各プロセスを順に落とし、何も失われないことを確かめます。"
        " | Kill each process in turn during a rush and prove that nothing is lost.",
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=10.0,
        help="殺到の長さ（分、既定 10）。7 分以上なら、一つのモールが五分間 429 を返す"
        " | length of the rush (default 10); from 7 on, one mall answers 429 for five minutes",
    )
    parser.add_argument(
        "--per-minute",
        type=float,
        default=240.0,
        help="モールごとの毎分の注文 | orders a minute at each mall",
    )
    parser.add_argument("--seed", type=int, default=1, help="乱数の種 | seed")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="作業フォルダー | folder to work in"
    )
    options = parser.parse_args(arguments)
    return guarded(lambda: run(options))


if __name__ == "__main__":
    sys.exit(main())
