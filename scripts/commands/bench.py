"""Run a benchmark and print its ratios; the last line is one JSON object."""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from config import Settings
from scripts import benches
from scripts.servers.together import servers


def names() -> list[str]:
    """List the benchmarks."""
    found = (module.name for module in pkgutil.iter_modules(benches.__path__))
    return sorted(name for name in found if not name.startswith("_"))


def main(arguments: Sequence[str] | None = None) -> int:
    """ベンチマークを行い、比を示す。 | Run a benchmark and show its ratios."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=main.__doc__)
    parser.add_argument("name", choices=names(), help="ベンチマークの名前 | which benchmark")
    parser.add_argument(
        "--json", action="store_true", help="JSON だけを出す | print the JSON alone"
    )
    parser.add_argument("--large", action="store_true", help="大きなデータで | on large data")
    parser.add_argument("--quick", action="store_true", help="短く | a short run, for a look")
    parser.add_argument("--data", type=Path, help="作業フォルダー | folder to work in")
    options = parser.parse_args(arguments)
    module = importlib.import_module(f"scripts.benches.{options.name}")
    with tempfile.TemporaryDirectory(
        prefix="daicho-bench-", dir=options.data, ignore_cleanup_errors=True
    ) as folder:
        Path(folder).chmod(0o711)
        with servers(Path(folder) / "data", given=Settings.from_environment(environment={})) as up:
            context = benches.Context(servers=up, large=options.large, quick=options.quick)
            result: benches.Result = module.run(context)
    if not options.json:
        for name, figure in result.figures.items():
            print(f"  {name:<44} {figure:>14,.2f}")
        for name, ratio in result.ratios.items():
            way, limit = result.targets.get(name, ("", 0.0))
            said = f"  ({way} {limit:g})" if way else ""
            print(f"{name:<46} {ratio:>14.3f}{said}")
    print(
        json.dumps(
            {
                "bench": options.name,
                "ratios": {name: round(ratio, 4) for name, ratio in result.ratios.items()},
                "targets": {
                    name: f"{way} {limit:g}" for name, (way, limit) in result.targets.items()
                },
                "figures": {name: round(figure, 4) for name, figure in result.figures.items()},
                "met": result.met,
            },
            ensure_ascii=False,
        )
    )
    return 0 if result.met else 1


if __name__ == "__main__":
    sys.exit(main())
