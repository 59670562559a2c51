"""SQL logins of people: made, renewed and taken away from the command line."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets

import sql
from sql import connect, errors, rows, transaction

PASSWORD_BYTES = 18
SALT_BYTES = 16
ITERATIONS = 4096


def password_new() -> str:
    """Make a password of letters, digits, - and _ that goes into an address as it is."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


def verifier_of(password: str, salt: bytes | None = None) -> str:
    """Turn a password in ASCII into what PostgreSQL keeps of it (SCRAM-SHA-256, RFC 5802).

    The server is told this alone, so that none of its logs can hold the password.
    """
    salt = os.urandom(SALT_BYTES) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    said = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${ITERATIONS}:{said[0]}${said[1]}:{said[2]}"


def login_make(url: str, login_name: str) -> tuple[str, str]:
    """Make (or renew the password of) an account's SQL login; returns login and password.

    The login inherits the account's staff role and nothing else: it sees in SQL what its screens
    show. Raises `sql.errors.NotThere` when there is no such account.
    """
    password = password_new()
    with connect(url) as admin, transaction(admin):
        account_id = _account(admin, login_name)
        if account_id is None:
            raise errors.NotThere(
                f"担当者 {login_name} がいません。 | There is no account {login_name}.",
                hint="画面の「人とログイン」で先に招きます。 | Invite the person first, on the page People.",
            )
        login = sql.value(admin, "staff.sql_login_write", account_id, verifier_of(password))
    return login, password


def login_end(url: str, login_name: str) -> bool:
    """Take an account's SQL login away and end its sessions; false when it had none."""
    with connect(url) as admin, transaction(admin):
        account_id = _account(admin, login_name)
        return account_id is not None and sql.value(admin, "staff.sql_login_drop", account_id)


def link_make(url: str, login_name: str) -> str:
    """Make a reset link for a day, and take the second factor off; returns the key of the link.

    For who has the server and lost the rest. Raises `sql.errors.NotThere` when nobody of this name
    can sign in.
    """
    key = secrets.token_urlsafe(32)
    digest = hashlib.sha256(key.encode()).hexdigest()
    with connect(url) as admin, transaction(admin):
        if not rows(admin, "account_link_write", login_name=login_name, digest=digest):
            raise errors.NotThere(
                f"ログインできる担当者 {login_name} がいません。 | Nobody named {login_name} can sign in.",
                hint="ログイン名を確かめます。 | Check the login name.",
            )
    return key


def _account(admin: sql.Connection, login_name: str) -> int | None:
    found = rows(admin, "account_by_login", login_name=login_name)
    return found[0].account_id if found else None
