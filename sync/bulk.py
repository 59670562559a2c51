"""Many rows at once, as the person who asked: changed, acted on, or put back as they were."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sql
from sql import reading
from sync.asking import as_person, worker_again
from sync.shops import Context
from sync.work import Answer, Arguments, ArgumentWrong, Cancelled, Running, keep, refusals_said

BATCH: Final = 500
REASONS_MAX: Final = 50
STATEMENT_TIMEOUT_MS: Final = 300_000
CHANGING: Final = "変えています | Changing rows"
ACTING: Final = "行っています | Acting on rows"
UNDOING: Final = "元に戻しています | Putting rows back"

Json = dict[str, Any]
# Given the connection and where the last batch ended: what became of the next rows, and where it ends
Batch = Callable[[sql.Connection, Any], tuple[Sequence[Any], Any]]


@dataclass(slots=True)
class Tally:
    """What became of the rows so far: kept as the job's mark, told as its answer."""

    counts: dict[str, int] = field(default_factory=dict[str, int])
    reasons: list[Json] = field(default_factory=list[Json])
    change_no: int | None = None
    after: Any = None
    of_all: int = 0

    @classmethod
    def of(cls, mark: Arguments | None) -> Tally:
        """Begin anew, or where an earlier try ended."""
        return cls(**mark) if mark else cls()

    @property
    def done(self) -> int:
        """How many rows were dealt with."""
        return sum(self.counts.values())

    def note(self, rows: Sequence[Any]) -> None:
        """Count outcomes; the first reasons are kept with their rows."""
        for row in rows:
            self.counts[row.outcome] = self.counts.get(row.outcome, 0) + 1
            if row.reason and len(self.reasons) < REASONS_MAX:
                key = " ".join(str(one) for one in (row.row_key or {}).values())
                self.reasons.append({"row": key, "reason": row.reason})

    @property
    def mark(self) -> Json:
        """Where it is, for who goes on."""
        return {
            "counts": self.counts,
            "reasons": self.reasons,
            "change_no": self.change_no,
            "after": self.after,
            "of_all": self.of_all,
        }

    def answer(self, names: Mapping[str, str], *, is_undoable: bool) -> Answer:
        """What is told in the end, outcomes by the names that the page knows."""
        told: Json = {"reasons": self.reasons, "change_no": self.change_no, "undoable": is_undoable}
        for outcome, count in self.counts.items():
            name = names.get(outcome, outcome)
            told[name] = told.get(name, 0) + count
        return told


def change_rows(context: Context, running: Running) -> Answer:
    """Give all rows that match the same new values in some columns."""
    arguments = running.arguments
    relation, values = _text(arguments, "relation"), _object(arguments, "values")

    def batch(connection: sql.Connection, after: Any) -> tuple[Sequence[Any], Any]:  # noqa: ANN401
        keys = _keys(connection, arguments, after)
        rows = sql.call(connection, "staff.rows_change", relation, sql.Json(keys), sql.Json(values))
        return rows, keys[-1] if keys else None

    tally = _in_batches(
        context, running, batch, step=CHANGING, count=lambda one: _count(one, arguments)
    )
    return tally.answer({"gone": "left"}, is_undoable=True)


def act_on_rows(context: Context, running: Running) -> Answer:
    """Call a function that the person may call for each row that matches."""
    arguments = running.arguments
    relation, function = _text(arguments, "relation"), _text(arguments, "function")
    given = _object(arguments, "arguments")

    def batch(connection: sql.Connection, after: Any) -> tuple[Sequence[Any], Any]:  # noqa: ANN401
        keys = _keys(connection, arguments, after)
        rows = (
            sql.call(
                connection, "staff.rows_act", relation, sql.Json(keys), function, sql.Json(given)
            )
            if keys
            else []
        )
        return rows, keys[-1] if keys else None

    tally = _in_batches(
        context, running, batch, step=ACTING, count=lambda one: _count(one, arguments)
    )
    return tally.answer({"changed": "acted", "gone": "left"}, is_undoable=False)


def undo_change(context: Context, running: Running) -> Answer:
    """Take a change back, newest rows first; the undo is one change too."""
    number = running.arguments.get("change_no")
    if not isinstance(number, int):
        raise ArgumentWrong

    def batch(connection: sql.Connection, after: Any) -> tuple[Sequence[Any], Any]:  # noqa: ANN401
        rows = sql.call(connection, "staff.change_undo", number, after, BATCH)
        return rows, rows[-1].audit_log_id if rows else None

    def count(connection: sql.Connection) -> int:
        return sql.value(connection, "access.change_size", number)

    tally = _in_batches(context, running, batch, step=UNDOING, count=count)
    names = {"partly": "undone"} | dict.fromkeys(
        ("personal", "not_granted", "changed_since"), "left"
    )
    return tally.answer(names, is_undoable=True)


def _in_batches(
    context: Context,
    running: Running,
    batch: Batch,
    *,
    step: str,
    count: Callable[[sql.Connection], int],
) -> Tally:
    """Run batches, each with its mark in one transaction, all under one change number.

    A worker that dies loses the batch that was not kept, and the next one goes on from the mark: no
    row is done twice. Raises `Cancelled` with what was done.
    """
    tally = Tally.of(running.mark)
    connection = context.connection
    ended = False
    while not ended:
        with (
            refusals_said(),
            as_person(
                connection,
                running.person,
                asked_as=running.asked_as,
                statement_timeout_ms=STATEMENT_TIMEOUT_MS,
            ),
        ):
            tally.change_no = sql.value(connection, "staff.change_begin", tally.change_no)
            if tally.done == 0:
                tally.of_all = count(connection)
            rows, after = batch(connection, tally.after)
            ended = after is None
            tally.after = tally.after if ended else after
            tally.note(rows)
            worker_again(connection)
            stopped = keep(
                context,
                running,
                step=step,
                done=tally.done,
                of_all=max(tally.of_all, tally.done),
                mark=tally.mark,
            )
        if stopped and not ended:
            raise Cancelled(tally.answer({"gone": "left"}, is_undoable=step != ACTING))
    return tally


def _keys(connection: sql.Connection, arguments: Arguments, after: Any) -> list[Json]:  # noqa: ANN401 - a key
    keys, condition = arguments.get("keys"), arguments.get("condition")
    rows = sql.call(
        connection,
        "staff.keys_matching",
        arguments["relation"],
        None if condition is None else sql.Json(condition),
        None if keys is None else sql.Json(keys),
        None if after is None else sql.Json(after),
        BATCH,
    )
    return [row[0] for row in rows]


def _count(connection: sql.Connection, arguments: Arguments) -> int:
    relation = arguments["relation"]
    where = reading.where_of(
        connection, relation, arguments.get("condition"), arguments.get("keys")
    )
    return reading.count(connection, relation, where)


def _text(arguments: Arguments, name: str) -> str:
    found = arguments.get(name)
    if not isinstance(found, str):
        raise ArgumentWrong
    return found


def _object(arguments: Arguments, name: str) -> Json:
    found = arguments.get(name)
    if not isinstance(found, dict):
        raise ArgumentWrong
    return found
