"""API tokens: shown once, kept as a digest, with the account's role or a lesser one."""

import secrets
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import query
from app.people import digest
from app.session import Reader

PREFIX = "dct_"
DAYS = (7, 30, 90, 180, 365)
RATE = "600 per minute"
FAILURE_RATE = "30 per minute"
# What hands out other keys: a token that leaked must not outlive itself
NEVER = frozenset(
    {
        "staff.account_invite",
        "staff.account_link_make",
        "staff.api_token_make",
        "staff.sql_login_make",
    }
)


def token_new() -> tuple[str, str]:
    """A new token, and what is kept of it; the prefix lets scanners of leaked keys know it."""
    token = PREFIX + secrets.token_urlsafe(32)
    return token, digest(token)


def ends_at(days: int) -> datetime:
    """When a token of so many days ends."""
    return datetime.now(UTC) + timedelta(days=days)


def reader_of_token(session: Session, token: str) -> tuple[Reader, int] | None:
    """Who holds this token and its number, or None when it, its account or its role has ended."""
    row = session.execute(sa.text(query("token_reader")), {"digest": digest(token)}).one_or_none()
    session.commit()
    if row is None:
        return None
    said = row._asdict()
    return Reader(**{name: said[name] for name in said if name != "api_token_id"}), row.api_token_id
