"""Database sessions of the web: the reader's own, under their role, and one for Flask-AppBuilder's tables."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

STATEMENT_TIMEOUT_MS = 15_000
LOCK_TIMEOUT_MS = 5_000
POOL = 24
SESSION_KEY = "opened"  # where a browser's cookie holds the key of its session
_ASKING = sa.text(
    "select set_config('daicho.account_id', :account_id, true), set_config('role', :role, true),"
    " set_config('statement_timeout', :statement_ms, true),"
    " set_config('lock_timeout', :lock_ms, true)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who is asking, as flask-login wants it: a login with its staff account, read once per request."""

    id: int
    account_id: int
    login_name: str
    display_name: str
    staff_role: str
    locale: str | None
    theme: str
    role_label: str
    web_session_id: int
    ends_at: datetime
    needs_factor: bool = False
    has_factor: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return str(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """The engine and its two sessions: `data` speaks as the reader's role, `plain` as the web login."""

    engine: Engine
    watch: Engine
    data: scoped_session[Session]
    plain: scoped_session[Session]

    def remove(self) -> None:
        """Give both connections back; nothing that was not committed stays."""
        self.data.remove()
        self.plain.remove()


def sessions(url: str, reader: Callable[[], Reader | None], role_prefix: str) -> Sessions:
    """Sessions on the web login; `reader` says who is asking when a transaction begins."""
    # The names of Flask-AppBuilder's tables are unqualified; prepared plans would outlive changed columns.
    arguments = {"options": "-c search_path=staff", "prepare_threshold": None}
    driver = sa.make_url(url).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(
        driver, pool_size=POOL, max_overflow=POOL, pool_pre_ping=True, connect_args=arguments
    )
    watch = sa.create_engine(driver, pool_size=1, max_overflow=2, pool_pre_ping=True)
    data = sessionmaker(engine, autoflush=False)

    @event.listens_for(data, "after_begin")
    def say_who_is_asking(_session: Session, _transaction: object, connection: Connection) -> None:
        who = reader()
        if who is None:
            raise PermissionError("A data session needs a reader.")
        connection.execute(
            _ASKING,
            {
                "account_id": str(who.account_id),
                "role": f"{role_prefix}{who.staff_role}",
                "statement_ms": str(STATEMENT_TIMEOUT_MS),
                "lock_ms": str(LOCK_TIMEOUT_MS),
            },
        )

    return Sessions(
        engine=engine,
        watch=watch,
        data=scoped_session(data),
        plain=scoped_session(sessionmaker(engine)),
    )
