"""Web logins and their staff accounts: the first owner, signing in, sessions that end."""

import hashlib
import secrets
import string
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

import sql
from app.catalog import query
from app.session import Reader
from config import Settings

SESSION_LASTS = timedelta(hours=12)
TOKEN_LASTS = timedelta(minutes=15)
LOCK_AFTER = 5
LOCK_LASTS = timedelta(minutes=15)
PASSWORD_MIN = 12
PASSWORD_MAX = 200
AGENT_MAX = 200
OWNER_LOGIN = "owner"
SYSTEM = 1
THEMES = ("auto", "light", "dark")
# Werkzeug's own: 32 MB and some 70 ms for each try
HASH = "scrypt:32768:8:1"
_LETTERS = string.ascii_letters + string.digits


def password_new() -> str:
    """A password that is read from one screen and typed into another: 20 letters and digits, in fours."""
    letters = [secrets.choice(_LETTERS) for _ in range(17)]
    letters += [
        secrets.choice(kind)
        for kind in (string.ascii_uppercase, string.digits, string.ascii_lowercase)
    ]
    secrets.SystemRandom().shuffle(letters)
    return "-".join("".join(letters[place : place + 4]) for place in range(0, 20, 4))


def password_hash(password: str) -> str:
    """The password as it is kept: scrypt with its own salt."""
    return generate_password_hash(password, method=HASH, salt_length=16)


def owner_make(settings: Settings) -> tuple[str, str] | None:
    """Make the first owner's account; its login and password, or None when there is an owner already."""
    password = password_new()
    with sql.connect(settings.web_database_url, account_id=SYSTEM) as connection:
        given = {"login": OWNER_LOGIN, "password": password_hash(password)}
        made = sql.run(connection, query("owner_make"), given)
    return (OWNER_LOGIN, password) if made else None


def digest(key: str) -> str:
    """What is kept of a session's key: a copy of the table opens no session."""
    return hashlib.sha256(key.encode()).hexdigest()


def session_open(session: Session, user_id: int, kind: str, agent: str = "") -> str:
    """Note that somebody signed in; the key that their browser or API client holds.

    The agent is what the browser calls itself: people know their own devices by it.
    """
    key = secrets.token_urlsafe(32)
    lasts = SESSION_LASTS if kind == "page" else TOKEN_LASTS
    session.execute(
        sa.text(query("session_open")),
        {
            "digest": digest(key),
            "user_id": user_id,
            "kind": kind,
            "ends_at": datetime.now(UTC) + lasts,
            "agent": agent.replace("\x00", "")[:AGENT_MAX],
        },
    )
    session.commit()
    return key


def session_close(session: Session, web_session_id: int) -> None:
    """End one session: what was stolen of it opens nothing from now on."""
    session.execute(sa.text(query("session_close")), {"web_session_id": web_session_id})
    session.commit()


def sessions_close(session: Session, user_id: int) -> None:
    """End every session of a login, as after a changed password."""
    session.execute(sa.text(query("sessions_close")), {"user_id": user_id})
    session.commit()


def sessions_end_others(session: Session, who: Reader) -> None:
    """End every session of a login but the one that asks."""
    session.execute(
        sa.text(query("sessions_end_others")),
        {"user_id": who.id, "web_session_id": who.web_session_id},
    )
    session.commit()


def session_end_own(session: Session, user_id: int, web_session_id: int) -> None:
    """End one session of a login; somebody else's stays."""
    session.execute(
        sa.text(query("session_end_own")), {"user_id": user_id, "web_session_id": web_session_id}
    )
    session.commit()


def reader_of(session: Session, user_id: int, key: str, kind: str) -> Reader | None:
    """Who holds this key, or None when it, the login or the account has ended."""
    row = session.execute(
        sa.text(query("reader")), {"user_id": user_id, "digest": digest(key), "kind": kind}
    ).one_or_none()
    session.rollback()
    return Reader(**row._asdict()) if row else None


def is_locked(session: Session, login: str) -> bool:
    """Whether this login may not try now, after failures in a row."""
    found = session.scalar(sa.text(query("login_locked")), {"login": login})
    session.rollback()
    return bool(found)


def attempt_note(session: Session, user_id: int, *, success: bool) -> None:
    """Count an attempt to sign in; every fifth failure in a row closes the login for a quarter of an hour."""
    session.execute(
        sa.text(query("attempt_note")),
        {
            "user_id": user_id,
            "success": success,
            "lock_after": LOCK_AFTER,
            "lock_lasts": LOCK_LASTS,
        },
    )
    session.commit()


def locale_keep(session: Session, account_id: int, locale: str) -> None:
    """Remember the language of an account."""
    session.execute(sa.text(query("locale_keep")), {"account_id": account_id, "locale": locale})
    session.commit()


def theme_keep(session: Session, account_id: int, theme: str) -> None:
    """Remember whether an account reads light or dark pages."""
    session.execute(sa.text(query("theme_keep")), {"account_id": account_id, "theme": theme})
    session.commit()
