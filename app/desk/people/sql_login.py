"""An account's own way into the database: made or renewed here, its password shown once."""

from dataclasses import dataclass, field

from app.asking import sessions_of
from app.calling import called
from app.errors import Refusal
from sql.logins import password_new, verifier_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlLogin:
    """How somebody connects."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)

    @property
    def address(self) -> str:
        return f"postgresql://{self.user}@{self.host}:{self.port}/{self.database}"


def make(account_id: int) -> tuple[SqlLogin | None, Refusal | None]:
    """Make an account's SQL login or give it a new password; the database is told no password."""
    password = password_new()
    login, why = called(
        "staff.sql_login_make", account_id=account_id, verifier=verifier_of(password)
    )
    if why:
        return None, why
    where = sessions_of().engine.url
    return SqlLogin(
        host=where.host or "localhost",
        port=where.port or 5432,
        database=where.database or "",
        user=str(login),
        password=password,
    ), None
