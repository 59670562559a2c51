"""All rows that match, as a file, read as the person who asked."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import sql
import sql.errors
from sql import reading
from sync.asking import Person, as_person
from sync.errors import SyncError
from sync.render import sheets
from sync.render.cells import Cell, Said, cell, clean
from sync.render.words import side
from sync.shops import SYSTEM_ACCOUNT, Context
from sync.work import Done, Running, refusals_said, tell

FOLDER: Final = Path("files") / "exports"
PAGE: Final = 2_000
KEPT_S: Final = 24 * 3600
TITLES_MAX: Final = 50_000
"""Titles of other rows that are remembered for one reference; then it begins anew."""

STATEMENT_TIMEOUT_MS: Final = 1_800_000
STEP: Final = "書き出しています | Writing rows"
COLUMNS_MAX: Final = 200
ENDLESS: Final = ("date", "moment", "datetime")


class ExportWrong(SyncError):
    """書き出せません。 | This cannot be exported."""

    hint_default = "一覧からもう一度頼みます。 | Ask for it again, from the list."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Which row a value stands for, and the columns by which people call it.

    With `is_beside` it is another relation's row of the same key, whose one column is what is said.
    """

    relation: str
    key: str
    titles: tuple[str, ...]
    is_beside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Said):
    """One column of the file."""

    reference: Reference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asked for."""

    relation: str
    columns: Sequence[Column]
    order: reading.Order
    condition: object
    keys: Sequence[object] | None
    form: str
    file_name: str
    zone: ZoneInfo


@dataclass(slots=True)
class Titles:
    """What other rows are called, asked for a page at a time."""

    connection: sql.Connection
    known: dict[Reference, dict[Any, Any]] = field(default_factory=dict[Reference, dict[Any, Any]])
    closed: set[Reference] = field(default_factory=set[Reference])

    def learn(self, column: Column, found: Sequence[Any]) -> Mapping[Any, Any]:
        """Learn the titles of these values; none where the person may not read them."""
        reference = column.reference
        if reference is None or reference in self.closed:
            return {}
        known = self.known.setdefault(reference, {})
        wanted = {one for one in found if one is not None} - known.keys()
        if len(known) + len(wanted) > TITLES_MAX:
            known.clear()
            wanted = {one for one in found if one is not None}
        if wanted:
            try:
                with sql.transaction(self.connection):
                    keys = sorted(wanted, key=str)
                    relation, key, names = reference.relation, reference.key, reference.titles
                    known |= (
                        reading.beside(self.connection, relation, key, names[0], keys)
                        if reference.is_beside
                        else reading.titles(self.connection, relation, key, names, keys)
                    )
            except sql.errors.NotAllowed:
                self.closed.add(reference)
                return {}
        return known


def export_rows(context: Context, running: Running) -> Done:
    """Write the file that a request asks for. It begins anew when it died: a file is whole or not there."""
    asked = read_asked(running.arguments)
    folder = folder_of(context.settings.data)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored = secrets.token_hex(16)
    part = folder / f"{running.job_request_id}-{stored}.part"
    for left in folder.glob(f"{running.job_request_id}-*.part"):
        left.unlink(missing_ok=True)
    try:
        with (
            refusals_said(),
            sql.connect(
                context.settings.worker_database_url, account_id=SYSTEM_ACCOUNT
            ) as connection,
            as_person(
                connection,
                running.person,
                asked_as=running.asked_as,
                statement_timeout_ms=STATEMENT_TIMEOUT_MS,
            ) as person,
        ):
            count, losses = _write(context, running, asked, person, connection, path=part)
        part.rename(folder / stored)
    finally:
        part.unlink(missing_ok=True)
    ending = sheets.ENDINGS[asked.form]
    return Done(
        answer={"rows": count, "losses": losses},
        file_name=f"{asked.file_name}.{ending}",
        stored_as=stored,
    )


def _write(
    context: Context,
    running: Running,
    asked: Asked,
    person: Person,
    connection: sql.Connection,
    *,
    path: Path,
) -> tuple[int, int]:
    where = reading.where_of(connection, asked.relation, asked.condition, asked.keys)
    of_all = reading.count(connection, asked.relation, where)
    titles = Titles(connection)
    done = 0
    tell(context, running, step=STEP, done=done, of_all=of_all)
    with _begun(path, asked) as sheet:
        for page in _pages(connection, asked, where):
            for row in _said(asked, page, titles, person.locale):
                sheet.add(row)
            done += len(page)
            tell(context, running, step=STEP, done=done, of_all=max(of_all, done))
    return done, sheet.losses


@contextlib.contextmanager
def _begun(path: Path, asked: Asked) -> Iterator[sheets.Sheet]:
    sheet = sheets.begin(path, asked.form, asked.columns)
    try:
        yield sheet
    finally:
        sheet.close()


def _pages(connection: sql.Connection, asked: Asked, where: str) -> Iterator[list[tuple[Any, ...]]]:
    names = [column.name for column in asked.columns]
    return reading.pages(
        connection,
        asked.relation,
        names,
        where=where,
        order=asked.order,
        size=PAGE,
        finite={one.name for one in asked.columns if one.kind in ENDLESS},
    )


def _said(
    asked: Asked, page: Sequence[tuple[Any, ...]], titles: Titles, language: str
) -> Iterator[list[Cell]]:
    known = [
        titles.learn(column, [row[place] for row in page]) if column.reference else {}
        for place, column in enumerate(asked.columns)
    ]

    def said(column: Column, value: Any, labels: Mapping[Any, Any]) -> Cell:  # noqa: ANN401 - of any type a column has
        if column.reference and column.reference.is_beside:
            value = labels.get(value)
        elif column.reference and (title := labels.get(value)):
            return clean(side(title, language))
        return cell(column, value, language=language, zone=asked.zone)

    for row in page:
        yield [said(*each) for each in zip(asked.columns, row, known, strict=True)]


def read_asked(arguments: Mapping[str, Any]) -> Asked:
    """Read the arguments of a request; what does not fit raises `ExportWrong`."""
    try:
        columns = [_column(one) for one in arguments["columns"]]
        if not 0 < len(columns) <= COLUMNS_MAX or arguments["format"] not in sheets.ENDINGS:
            raise ExportWrong
        return Asked(
            relation=str(arguments["relation"]),
            columns=columns,
            order=[(str(name), way == "desc") for name, way in arguments.get("order") or ()],
            condition=arguments.get("condition"),
            keys=arguments.get("keys"),
            form=arguments["format"],
            file_name=str(arguments["file_name"])[:150],
            zone=ZoneInfo(arguments["zone"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        raise ExportWrong from error


def _column(said: Mapping[str, Any]) -> Column:
    to = said.get("reference")
    return Column(
        name=str(said["name"]),
        head=clean(str(said["head"])),
        kind=str(said.get("kind", "text")),
        is_bilingual=bool(said.get("is_bilingual")),
        words={str(code): str(word) for code, word in (said.get("words") or {}).items()},
        reference=Reference(
            relation=str(to["relation"]),
            key=str(to["key"]),
            titles=tuple(str(name) for name in to["titles"]),
            is_beside=bool(to.get("is_beside")),
        )
        if to
        else None,
    )


def folder_of(data: Path) -> Path:
    """Where exported files wait to be fetched, below the data folder."""
    return data / FOLDER


def remove(data: Path, stored_as: str) -> None:
    """Remove one file that nobody will fetch."""
    (folder_of(data) / stored_as).unlink(missing_ok=True)


def remove_old(data: Path) -> int:
    """Remove files of yesterday, and what dead workers left; returns how many."""
    removed = 0
    folder = folder_of(data)
    for path in folder.iterdir() if folder.is_dir() else ():
        if time.time() - path.stat().st_mtime > KEPT_S:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
