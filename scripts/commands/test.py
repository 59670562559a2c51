"""Every check and test, from nothing."""

import argparse
import sys

from config import environment
from scripts.groups import Group, close, dynamic, run_groups, static
from scripts.packages import install, is_there, packages
from scripts.sentence import guarded, say


def run(options: argparse.Namespace) -> int:
    install([package for package in packages() if not is_there(package)])
    missing = [package for package in packages() if not is_there(package)]
    without = sorted({package.marker for package in missing})
    groups = [*static(), *dynamic(without=without)]
    known = [group.name for group in groups]
    if options.group:
        unknown = set(options.group) - set(known) - {f"tests/{name}" for name in without}
        if unknown:
            say(
                f"{', '.join(sorted(unknown))} はありません: {', '.join(known)}",
                f"There is no {', '.join(sorted(unknown))}: choose from {', '.join(known)}",
            )
            return 1
        groups = [group for group in groups if group.name in options.group]
    failed = run_groups(groups)
    for marker in without:
        names = " ".join(package.name for package in missing if package.marker == marker)
        say(
            f"省略: {marker} のテスト。`sudo apt install {names}` で実行できます。",
            f"Skipped: tests of {marker}. Get them with `sudo apt install {names}`.",
        )
    if without and environment().get("CI"):
        failed += [f"{marker} (skipped)" for marker in without]
    return close(failed)


def listed() -> list[Group]:
    """List every group, for --help."""
    return [*static(), *dynamic(without=())]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        description="すべての検査とテスト。 | Every check and test. Groups: "
        + ", ".join(group.name for group in listed()),
    )
    parser.add_argument("group", nargs="*", metavar="GROUP", help="この組だけ | only these groups")
    options = parser.parse_args(arguments)
    return guarded(lambda: run(options))


if __name__ == "__main__":
    sys.exit(main())
