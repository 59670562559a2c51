"""Write the pages of the reference that are read from the database; --check finds stale ones."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import sql
from config import PROJECT, Settings
from scripts.manual.rights import rights_page
from scripts.manual.schema import schema_page
from scripts.sentence import guarded, say
from scripts.servers.together import DATABASE, servers
from scripts.servers.urls import database_for
from sql.load import load

REFERENCE = PROJECT / "docs" / "reference"
PAGES: Mapping[str, Callable[[sql.Connection, str], str]] = {
    "rights": rights_page,
    "schema": schema_page,
}


def written(admin_url: str, prefix: str, names: Sequence[str]) -> dict[str, str]:
    """Write the named pages from a loaded database."""
    with sql.connect(admin_url) as connection:
        return {name: PAGES[name](connection, prefix) for name in names}


def from_nothing(names: Sequence[str]) -> dict[str, str]:
    """Write the named pages from a database that is made for it: a shop's own would show its own."""
    with tempfile.TemporaryDirectory(prefix="daicho-docs-") as folder:
        # The servers' user must reach what lies in it
        Path(folder).chmod(0o711)
        given = Settings.from_environment(environment={})
        with servers(Path(folder) / "data", given=given, fsync=False) as up:
            load(up.admin_url, passwords=up.passwords, prefix=up.settings.role_prefix)
            admin_url = database_for(up.admin_url, DATABASE)
            return written(admin_url, up.settings.role_prefix, names)


def stale(pages: Mapping[str, str]) -> list[str]:
    """Name the pages whose file is not what it should be."""
    paths = {name: REFERENCE / f"{name}.md" for name in pages}
    return [
        name
        for name, text in pages.items()
        if not paths[name].is_file() or paths[name].read_text(encoding="utf-8") != text
    ]


def run(options: argparse.Namespace) -> int:
    pages = from_nothing(options.page or sorted(PAGES))
    old = stale(pages)
    if options.check:
        if not old:
            say("参照ページは最新です。", "The pages of the reference are up to date.")
            return 0
        names = ", ".join(f"docs/reference/{name}.md" for name in old)
        say(
            f"{names} が古くなっています。`scripts/docs` で書き直してください。",
            f"Stale: {names}. Write them anew with `scripts/docs`.",
        )
        return 1
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name in old:
        (REFERENCE / f"{name}.md").write_text(pages[name], encoding="utf-8")
    names = ", ".join(old) or "–"
    say(f"書き直したページ: {names}", f"Pages written: {names}")
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/docs",
        description="データベースから参照ページを書きます。 | Write the reference from the database.",
    )
    parser.add_argument(
        "page",
        nargs="*",
        metavar="PAGE",
        choices=[[], *PAGES],
        help="このページだけ | only these pages",
    )
    parser.add_argument(
        "--check", action="store_true", help="古いページを探す | find stale pages, write nothing"
    )
    options = parser.parse_args(arguments)
    return guarded(lambda: run(options))


if __name__ == "__main__":
    sys.exit(main())
