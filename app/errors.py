"""What PostgreSQL refused, as a sentence at the field it is about."""

import secrets
import traceback
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app.catalog import Catalog, Column, Relation
from app.words import label_of, language, side, t, untagged

log = structlog.get_logger()

CHANGED_MEANWHILE = (
    "開いているあいだに、ほかの人が変えました。今の値を見て、もう一度直してください。 | "
    "Somebody else changed this while you had it open. Look at what it says now, then change it again."
)
GONE = (
    "見つかりません。消されたか、あなたの担当の外にあります。 | "
    "Not found. It was deleted, or is outside what you look after."
)
_BY_STATE = {
    "23505": "同じものがすでに登録されています。 | The same is already there.",
    "23502": "必ず入れてください。 | This must be filled in.",
    "23514": "条件に合いません（{name}）。 | This does not meet the condition {name}.",
    "23P01": "ほかの行と重なります。 | This overlaps another row.",
    "42501": "この操作はあなたの役割ではできません。 | Your role may not do this.",
    "57014": "時間がかかりすぎたので止めました。条件をしぼってください。 | "
    "Stopped, because it took too long. Narrow it down.",
    "55P03": "ほかの人が同じ行を使っています。少し待ってもう一度してください。 | "
    "Somebody else is using the same row. Wait a moment and do it again.",
    "40P01": "ほかの操作とぶつかりました。もう一度してください。 | "
    "This collided with somebody else's work. Do it again.",
    "40001": "ほかの操作とぶつかりました。もう一度してください。 | "
    "This collided with somebody else's work. Do it again.",
    "22003": "数が大きすぎます。 | The number is too large.",
    "22P02": "書き方が合いません。 | This is not written as the column wants it.",
    "22P05": "使えない文字があります。消してください。 | There is a character that cannot be kept. Delete it.",
    "22007": "日時の書き方が合いません。 | This is not a time.",
    "22008": "日時が範囲の外です。 | The time is out of range.",
}
_REFERENCED = (
    "ほかの行がこれを使っているので、消せません・変えられません。 | "
    "Other rows use this, so it cannot be deleted or changed."
)
_NO_TARGET = "指したものがありません。選び直してください。 | What this points to does not exist. Choose again."
_OURS = (
    "思いがけない不具合です（{number}）。記録しました。続くなら番号を管理者へ。 | "
    "Something unexpected happened ({number}); it was logged. Give the number to whoever runs this."
)
_OTHER = "データベースが受け付けませんでした（{state}）。 | The database refused this ({state})."


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A sentence in the reader's language, the column it is about if one is known, and an HTTP status."""

    message: str
    column: str | None = None
    hint: str = ""
    status: int = 422

    @property
    def sentence(self) -> str:
        return f"{self.message} {self.hint}".strip()


def frames(error: BaseException) -> str:
    """Where an error came from, for the log: files, lines and functions, innermost last.

    Neither its message nor local values: both can hold what a person typed.
    """
    found = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in found)


def refusal(
    error: DBAPIError | StaleDataError, catalog: Catalog, relation: Relation | None = None
) -> Refusal:
    """Why the database refused, said with the comment of the constraint where one refused."""
    if isinstance(error, StaleDataError):
        return Refusal(message=t(CHANGED_MEANWHILE), status=409)
    detail = getattr(error.orig, "diag", None)
    state = getattr(detail, "sqlstate", None) or ""
    if not state and not _is_lost(error):
        # The driver's own refusal: a fault of this program, not of what was written
        number = secrets.token_hex(4)
        log.error(
            "driver_refused", number=number, error=type(error.orig).__name__, where=frames(error)
        )
        return Refusal(message=t(_OURS, number=number), status=500)
    if not detail or not state or state.startswith(("08", "57P")):
        return Refusal(
            message=t(
                "データベースにつながりません。少し待ってもう一度してください。 | "
                "The database cannot be reached. Wait a moment and do it again."
            ),
            status=503,
        )
    own = side_of(detail.message_primary or "")
    hint = side_of(detail.message_hint or "")
    if state.startswith("DC") or state == "P0001":
        column = detail.column_name or None
        return Refusal(message=own, hint=hint, column=column, status=_status(state))
    constraint = catalog.messages.get(detail.constraint_name or "")
    column = detail.column_name or _column(
        detail.constraint_name, detail.datatype_name, catalog, relation
    )
    if constraint and constraint.comment and not _is_reference_from(state, detail, relation):
        return Refusal(message=side_of(untagged(constraint.comment)), column=column)
    if state == "23503":
        target = _REFERENCED if _is_reference_from(state, detail, relation) else _NO_TARGET
        return Refusal(message=t(target), column=column)
    if state in ("57014", "55P03", "40P01", "40001"):
        return Refusal(message=t(_BY_STATE[state]), status=503)
    if state == "42501":
        return Refusal(message=t(_BY_STATE[state]), status=403)
    if state in _BY_STATE:
        return Refusal(
            message=t(_BY_STATE[state], name=detail.constraint_name or ""), column=column
        )
    return Refusal(message=t(_OTHER, state=state))


def side_of(text: str) -> str:
    """The reader's side of a text that came from the database."""
    return side(text, language())


def label(column: Column) -> str:
    """The label of a column in the reader's language."""
    return label_of(column.comment, column.name, language())


def _status(state: str) -> int:
    return {"DC404": 404, "DC403": 403, "DC012": 409}.get(state, 422)


def _is_lost(error: DBAPIError) -> bool:
    """Whether the connection is gone or never came; the driver gives no SQLSTATE then either."""
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def _is_reference_from(state: str, detail: object, relation: Relation | None) -> bool:
    """Whether another table's reference to this row refused, not this row's own reference."""
    if state != "23503" or relation is None:
        return False
    return getattr(detail, "table_name", None) != relation.name or not any(
        found.name == getattr(detail, "constraint_name", None) for found in relation.constraints
    )


def _column(
    constraint_name: str | None, domain: str | None, catalog: Catalog, relation: Relation | None
) -> str | None:
    if relation and domain:
        return next((c.name for c in relation.columns.values() if c.domain == domain), None)
    constraint = catalog.messages.get(constraint_name or "")
    if not relation or not constraint or constraint not in relation.constraints:
        return None
    return next(iter(constraint.columns), None)
