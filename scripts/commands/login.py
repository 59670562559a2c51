"""Give an account its own SQL login or take it away; let somebody set a new password."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts.sentence import guarded, say
from scripts.servers.together import loaded
from sql.logins import link_make, login_end, login_make


def main(arguments: list[str] | None = None) -> int:
    """担当者に SQL のログインか、パスワード再設定のリンクを作る。 | Give an account its own SQL login, or a link to set a new password."""
    parser = argparse.ArgumentParser(prog="scripts/login", description=main.__doc__)
    parser.add_argument("account", help="担当者のログイン名 | login name of the account")
    parser.add_argument("--end", action="store_true", help="なくす | take it away")
    parser.add_argument(
        "--reset",
        action="store_true",
        help="パスワード再設定のリンク。二段階認証も外す | link to set a new password; takes the second factor off",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="データフォルダー | data folder")
    options = parser.parse_args(arguments)
    with loaded(options.data) as up:
        url = up.settings.database_url
        if options.end:
            if login_end(url, options.account):
                say("SQL のログインをなくしました。", "The SQL login is gone.")
            else:
                say("SQL のログインはありません。", "There was no SQL login.")
            return 0
        if options.reset:
            where = f"http://127.0.0.1:{up.settings.port}/welcome/{link_make(url, options.account)}"
            say(
                f"再設定のリンク（一度だけ、一日以内）: {where}",
                f"The reset link (once, within a day): {where}",
            )
            return 0
        login, password = login_make(url, options.account)
        where = url.rpartition("@")[2]
        say(
            f"SQL のログイン: {login} パスワード: {password} （一度だけ表示します）\n"
            f"  psql postgresql://{login}@{where}",
            f"The SQL login: {login} password: {password} (shown this once)",
        )
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
