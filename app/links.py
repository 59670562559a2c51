"""Links by which a person sets a first or new password: shown once, kept as a digest, good once."""

import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import query
from app.people import digest, password_hash

DAYS = 7
DAYS_MAX = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Whose password a link may set."""

    login_name: str
    display_name: str
    locale: str
    kind: str


def link_new() -> tuple[str, str]:
    """The key of a new link, and what is kept of it."""
    key = secrets.token_urlsafe(32)
    return key, digest(key)


def guest_of(session: Session, key: str) -> Guest | None:
    """Who may come in by this key, or None when it is used, withdrawn, late or forged."""
    row = session.execute(sa.text(query("link_peek")), {"digest": digest(key)}).one_or_none()
    session.rollback()
    return Guest(**row._asdict()) if row else None


def link_take(session: Session, key: str, password: str, locale: str) -> int | None:
    """Set the password by a link; the account, or None when somebody was first or it is late."""
    given = {"digest": digest(key), "password": password_hash(password), "locale": locale}
    row = session.execute(sa.text(query("link_take")), given).one_or_none()
    session.commit()
    return int(row.account_id) if row else None
