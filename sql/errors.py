"""What the database refuses, as Python exceptions: one class per SQLSTATE DCnnn."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import ClassVar

import psycopg


class DatabaseError(Exception):
    """The database could not do it."""

    def __init__(
        self,
        message: str | None = None,
        *,
        hint: str | None = None,
        column: str | None = None,
        constraint: str | None = None,
        table: str | None = None,
        sqlstate: str | None = None,
    ) -> None:
        super().__init__(message or type(self).__doc__)
        self.message = message or type(self).__doc__ or ""
        self.hint = hint
        self.column = column
        self.constraint = constraint
        self.table = table
        self.sqlstate = sqlstate


class DatabaseUnavailable(DatabaseError):
    """データベースにつながりません。 | The database cannot be reached."""


class Refused(DatabaseError):
    """データの決まりに合いません。 | A constraint of the schema refused the row."""


class Busy(DatabaseError):
    """同じ行を別の処理が使っています。もう一度試してください。 | Somebody else holds the same rows; try again."""


class DaichoError(DatabaseError):
    """A function of the schema refused; message and hint are for staff, in both languages."""

    code: ClassVar[str] = ""


class LedgerIsAppendOnly(DaichoError):
    """台帳は変更も削除もできません。 | A ledger row cannot be changed or removed."""

    code = "DC001"


class QuantityOutOfRange(DaichoError):
    """数量が範囲外です。 | A quantity is out of range."""

    code = "DC002"


class ValueMissing(DaichoError):
    """必要な値がありません。 | A value is missing."""

    code = "DC003"


class WrongState(DaichoError):
    """今の状態ではできません。 | Not possible in the present state."""

    code = "DC010"


class OutOfStock(DaichoError):
    """在庫が足りません。 | Not enough stock."""

    code = "DC011"


class ChangedMeanwhile(DaichoError):
    """他の人が先に変更しました。 | Somebody else changed it first."""

    code = "DC012"


class SendingIsOff(DaichoError):
    """送信が止められています。 | Sending is switched off."""

    code = "DC020"


class ConditionNotUnderstood(DaichoError):
    """条件が読めません。 | A condition cannot be understood."""

    code = "DC030"


class NotAllowed(DaichoError):
    """この操作の権限がありません。 | You may not do this."""

    code = "DC403"


class NotThere(DaichoError):
    """見つかりません。 | It is not there."""

    code = "DC404"


BY_CODE = {cls.code: cls for cls in DaichoError.__subclasses__()}
RETRY_STATES = frozenset({"40001", "40P01", "55P03"})
LOST_CLASSES = frozenset({"08", "57"})
CONSTRAINT_CLASSES = frozenset({"22", "23"})


def of(error: psycopg.Error) -> DatabaseError:
    """Translate a psycopg error by its SQLSTATE; the row's values never come along."""
    state = error.sqlstate or ""
    if state in BY_CODE:
        kind: type[DatabaseError] = BY_CODE[state]
    elif state in RETRY_STATES:
        kind = Busy
    elif state == "42501":
        kind = NotAllowed
    elif not state or state[:2] in LOST_CLASSES:
        kind = DatabaseUnavailable
    elif state[:2] in CONSTRAINT_CLASSES:
        kind = Refused
    else:
        kind = DatabaseError
    diag = error.diag
    own = kind in BY_CODE.values() or kind in (Refused, DatabaseError)
    return kind(
        diag.message_primary if own and diag.message_primary else None,
        hint=diag.message_hint,
        column=diag.column_name,
        constraint=diag.constraint_name,
        table=f"{diag.schema_name}.{diag.table_name}" if diag.table_name else None,
        sqlstate=state or None,
    )


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn psycopg's errors inside the block into the classes of this module."""
    try:
        yield
    except psycopg.Error as error:
        raise of(error) from error
