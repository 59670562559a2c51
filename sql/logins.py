"""SQL logins of people: made, renewed and taken away by the administrator."""

from __future__ import annotations

import secrets

from psycopg import sql as compose

from sql import connect, errors, rows, transaction

PASSWORD_BYTES = 18


def login_make(url: str, prefix: str, login_name: str) -> tuple[str, str]:
    """Make (or renew the password of) an account's SQL login; returns login and password.

    The login inherits the account's staff role and nothing else: it sees in SQL what its screens
    show. Raises `sql.errors.NotThere` when there is no such account.
    """
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with connect(url) as admin, transaction(admin):
        found = rows(admin, "account_by_login", login_name=login_name)
        if not found or found[0].ended_at is not None or found[0].staff_role == "system":
            raise errors.NotThere(
                f"担当者 {login_name} がいません。 | There is no account {login_name}.",
                hint="画面の「人とログイン」で先に作ります。 | Make it first, on the page People.",
            )
        account = found[0]
        login = f"{prefix}login_{''.join(c if c.isalnum() else '_' for c in login_name)}"[:63]
        role = compose.Identifier(login)
        known = admin.execute("select from pg_roles where rolname = %s", (login,)).fetchone()
        if known is None:
            admin.execute(compose.SQL("create role {} login inherit").format(role))
        elif account.sql_login != login:
            raise errors.WrongState(
                f"ログイン {login} は別の担当者のものです。 | The login {login} is somebody else's.",
                hint="担当者のログイン名を変えます。 | Give the account another login name.",
            )
        admin.execute(
            compose.SQL("alter role {} password {}").format(role, compose.Literal(password))
        )
        for held in admin.execute(
            "select roleid::regrole::text from pg_auth_members where member = %s::regrole", (login,)
        ).fetchall():
            admin.execute(
                compose.SQL("revoke {} from {}").format(compose.Identifier(held[0]), role)
            )
        staff = compose.Identifier(prefix + account.staff_role)
        admin.execute(compose.SQL("grant {} to {} with set false").format(staff, role))
        admin.execute(
            compose.SQL("grant connect on database {} to {}").format(
                compose.Identifier(admin.info.dbname), role
            )
        )
        rows(admin, "account_sql_login", login_name=login_name, sql_login=login)
    return login, password


def login_end(url: str, login_name: str) -> bool:
    """Take an account's SQL login away and end its sessions; false when it had none."""
    with connect(url) as admin, transaction(admin):
        found = rows(admin, "account_by_login", login_name=login_name)
        login = found[0].sql_login if found else None
        if login is None:
            return False
        role = compose.Identifier(login)
        rows(admin, "account_sql_login", login_name=login_name, sql_login=None)
        admin.execute(
            compose.SQL("revoke connect on database {} from {}").format(
                compose.Identifier(admin.info.dbname), role
            )
        )
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", (login,)
        )
        admin.execute(compose.SQL("drop role {}").format(role))
    return True
