"""Rows that belong to a form's row, edited with it: the parts of a bundle, the options of a product."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_appbuilder.forms import DynamicForm
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may, rights, zone
from app.catalog import Relation
from app.errors import GONE, label
from app.fab import values
from app.fab.forms import column_field
from app.fab.interface import Interface
from app.fab.screen import writable
from app.fab.seen import seen_mark
from app.words import t

LINES_MAX = 200
BLANK = 1
_SENT = re.compile(r"l(\d{1,2})-(\d{1,4})-_key")


@dataclass(slots=True, kw_only=True)
class Line:
    """One row in the form: its key (empty for a new one), its fields, and what is wrong with it."""

    place: str
    key: str
    form: Any
    mark: str
    removed: bool = False
    errors: list[str] = field(default_factory=list)
    item: Any = None

    @property
    def fields(self) -> list[Any]:
        return [one for name, one in self.form._fields.items() if name != "csrf_token"]

    @property
    def is_blank(self) -> bool:
        return not self.key and all(not one.text.strip() for one in self.fields)

    @property
    def is_wrong(self) -> bool:
        return bool(self.errors or any(one.errors for one in self.fields))


@dataclass(slots=True, kw_only=True)
class Lines:
    """The rows of one relation that belong to a row, as a form shows them."""

    number: int
    relation: Relation
    column: str
    columns: Sequence[str]
    datamodel: Interface
    rows: list[Line]
    may_add: bool
    may_delete: bool
    more: bool = False


class LineRefused(Exception):
    """A line that cannot be written as it was sent; the sentence stands at the line."""


def lines_of(wanted: Sequence[tuple[str, str]], item: Any) -> list[Lines]:
    """The related rows that the reader may change, from the database or as they were sent."""
    held, found = rights(), list[Lines]()
    for number, (full, column) in enumerate(wanted):
        relation = generation().catalog.relations.get(full)
        readable = held.read.get(full, frozenset[str]()) if held else frozenset[str]()
        if held is None or relation is None or not {column, *relation.key} <= readable:
            continue
        granted = held.update.get(full, frozenset()) | held.insert.get(full, frozenset())
        columns = [n for n in writable(relation, granted) if n != column and n in readable]
        if not columns:
            continue
        made = Lines(
            number=number,
            relation=relation,
            column=column,
            columns=columns,
            datamodel=Interface(generation().model(relation, readable), relation),
            rows=[],
            may_add=may("insert", full),
            may_delete=may("delete", full),
        )
        made.rows = _sent(made) if request.method == "POST" else _kept(made, item)
        found.append(made)
    return found


def blank(lines: Lines, place: str) -> Line:
    """An empty line, as the page's template for new ones."""
    return Line(place=place, key="", form=_form(lines, place, None), mark="")


def _kept(lines: Lines, item: Any) -> list[Line]:
    rows: list[Any] = []
    if item is not None:
        model = lines.datamodel.obj
        _, target = lines.relation.references[lines.column]
        query = data().query(model).filter(getattr(model, lines.column) == getattr(item, target))
        ordered = query.order_by(*(getattr(model, name) for name in lines.relation.key))
        rows = ordered.limit(LINES_MAX + 1).all()
        lines.more = len(rows) > LINES_MAX
    made = []
    for at, row in enumerate(rows[:LINES_MAX]):
        place = f"l{lines.number}-{at}"
        key, mark = lines.datamodel.key_text(row), seen_mark(row, lines.columns)
        made.append(Line(place=place, key=key, form=_form(lines, place, row), mark=mark))
    return made


def _sent(lines: Lines) -> list[Line]:
    made = []
    for name in request.form:
        found = _SENT.fullmatch(name)
        if found is None or int(found[1]) != lines.number or len(made) >= LINES_MAX:
            continue
        place = f"l{found[1]}-{found[2]}"
        line = Line(
            place=place,
            key=request.form[name],
            form=None,
            mark=request.form.get(f"{place}-_seen", ""),
            removed=bool(request.form.get(f"{place}-_removed")),
        )
        if line.key:
            line.item = lines.datamodel.get_locked(line.key)
        line.form = _form(lines, place, line.item)
        made.append(line)
    return made


def _form(lines: Lines, place: str, row: Any) -> Any:
    fields = {
        name: column_field(lines.relation, lines.relation.columns[name]) for name in lines.columns
    }
    made: Any = type("LineForm", (DynamicForm,), fields)
    return made(obj=row, prefix=f"{place}-", meta={"csrf": False})


def valid(found: Sequence[Lines]) -> bool:
    """Whether every line that was sent can be read; what is wrong stands at its field."""
    good = True
    for lines in found:
        for line in lines.rows:
            if not line.removed and not line.is_blank and not line.form.validate():
                good = False
    return good


def write(found: Sequence[Lines], item: Any) -> None:
    """Write what was sent, line by line, so that a refusal is known to be of its line.

    Raises LineRefused, or what the database raises; the line that was refused is marked.
    """
    for lines in found:
        for line in lines.rows:
            if not line.is_blank:
                try:
                    _write(lines, line, item)
                    data().flush()
                except LineRefused as error:
                    line.errors.append(str(error))
                    raise
                except DBAPIError:
                    line.errors.append("")  # the sentence is put here by whoever reads the refusal
                    raise


def _changed(lines: Lines, line: Line) -> str:
    """What somebody else made of a line meanwhile."""
    now = "、".join(
        f"{label(lines.relation.columns[name])} {values.shown(getattr(line.item, name), zone())}"
        for name in lines.columns
    )
    return t(
        "ほかの人がこの行を変えました（今は {now}）。入力は残っています。これでよければ、もう一度保存します。 | "
        "Somebody else changed this line (now {now}). What you typed is kept; save again if it is right.",
        now=now[:200],
    )


def _write(lines: Lines, line: Line, item: Any) -> None:
    _, target = lines.relation.references[lines.column]
    owner = getattr(item, target)
    if line.key:
        # A key that was sent may be of another's row: only rows of this one are touched
        if line.item is None or getattr(line.item, lines.column) != owner:
            raise LineRefused(t(GONE))
        if line.mark != (now := seen_mark(line.item, lines.columns)):
            # Told once: the next save is about what is there now
            line.mark, line.removed = now, False
            raise LineRefused(_changed(lines, line))
        if line.removed and lines.may_delete:
            data().delete(line.item)
            return
    elif line.removed or not lines.may_add:
        return
    row = line.item if line.key else lines.datamodel.obj()
    for one in line.fields:
        column = lines.relation.columns[one.short_name]
        value = one.data
        if value is None and not column.nullable:
            if not line.key:
                continue  # the database fills its default
            value = "" if column.kind == "text" else None
        if not line.key or value != getattr(row, column.name):
            setattr(row, column.name, value)
    if not line.key:
        setattr(row, lines.column, owner)
        data().add(row)
