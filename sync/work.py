"""A claimed request, and how a long one says how far it is and hears that it was cancelled."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sql
import sql.errors
from sync.errors import SyncError
from sync.shops import Context

# What a person may be told to have been done in one job
COUNT_MAX: Final = 2_000_000_000
RIGHT_MISSING: Final = "42501"
# Names and values that do not fit the schema
ARGUMENT_CLASSES: Final = ("22", "42")

Arguments = Mapping[str, Any]
Answer = Mapping[str, Any]


class ArgumentWrong(SyncError):
    """仕事の引数が正しくありません。 | The arguments of the job are not right."""

    hint_default = (
        "表や列が変わったかもしれません。一覧を開き直して頼み直します。"
        " | The table or its columns may have changed: open the list again and ask anew."
    )


class NotPossible(SyncError):
    """データベースが断りました。 | The database refused."""


class LeaseLost(SyncError):
    """ほかの作業係がこの仕事を引き継ぎました。 | Another worker has taken this job over."""


class Cancelled(SyncError):
    """取り消されました。 | It was cancelled."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


@contextlib.contextmanager
def refusals_said() -> Iterator[None]:
    """Turn what the database refused to a person into the sentence that the person reads.

    A name that is not there any more, or a value that is none, came with the arguments.
    """
    try:
        yield
    except sql.errors.DaichoError as error:
        own = error.sqlstate != RIGHT_MISSING
        raise NotPossible(
            error.message if own else " ".join((type(error).__doc__ or "").split()), hint=error.hint
        ) from error
    except sql.errors.DatabaseError as error:
        if (error.sqlstate or "")[:2] in ARGUMENT_CLASSES:
            raise ArgumentWrong from error
        raise


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A request that this worker has claimed; `mark` is where an earlier try got to."""

    job_request_id: int
    job: str
    arguments: Arguments
    lease: int
    attempt: int
    requested_by: int | None = None
    mark: Mapping[str, Any] | None = None
    done: int = 0
    is_cancel_wanted: bool = False
    asked_as: str | None = None

    @property
    def person(self) -> int:
        """Return the account that asked."""
        if self.requested_by is None:
            raise ArgumentWrong
        return self.requested_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The answer of a job whose result is a file in the data folder."""

    answer: Answer
    file_name: str
    stored_as: str


def tell(
    context: Context,
    running: Running,
    *,
    step: str,
    done: int,
    of_all: int = 0,
    answer: Answer | None = None,
) -> None:
    """Say how far a job is that begins anew when it dies.

    `step` is a sentence in both languages. Raises `Cancelled`, with the answer that says what was
    done, when it was asked to stop, and `LeaseLost` when another worker has it by now.
    """
    if _progress(context, running, step, done=done, of_all=of_all, mark=None) == "cancel":
        raise Cancelled(answer if answer is not None else {"done": done, "of_all": of_all})


def keep(
    context: Context, running: Running, *, step: str, done: int, of_all: int, mark: Arguments
) -> bool:
    """Say how far a job is that goes on from its mark; true when it was asked to stop.

    Belongs in one transaction with the work that it counts. Raises `LeaseLost` when another worker
    has the job by now: the transaction is undone, and nothing is done twice.
    """
    return _progress(context, running, step, done=done, of_all=of_all, mark=mark) == "cancel"


def _progress(
    context: Context,
    running: Running,
    step: str,
    *,
    done: int,
    of_all: int,
    mark: Arguments | None,
) -> str:
    context.alive()
    state: str = sql.value(
        context.connection,
        "transit.job_progress",
        running.job_request_id,
        running.lease,
        step,
        min(done, COUNT_MAX),
        min(of_all, COUNT_MAX),
        None if mark is None else sql.Json(mark),
    )
    if state == "lost":
        raise LeaseLost
    return state
