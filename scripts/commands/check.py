"""The quick checks, before a push: form, imports, types and the tests that take seconds."""

import argparse
import sys

from scripts.groups import LONG, close, dynamic, run_groups, static
from scripts.sentence import guarded


def run() -> int:
    groups = [
        *static(),
        *(
            group
            for group in dynamic(without=("slow", "browser"))
            if group.name.removeprefix("tests/") not in LONG
        ),
    ]
    return close(run_groups(groups))


def main(arguments: list[str] | None = None) -> int:
    argparse.ArgumentParser(
        prog="scripts/check",
        description="push の前の短い検査。 | The quick checks before a push.",
    ).parse_args(arguments)
    return guarded(run)


if __name__ == "__main__":
    sys.exit(main())
