"""The sidebar: the lists that people work with, by area, as far as their grants reach."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import current_app, request, url_for

from app.asking import data, may
from app.catalog import query
from app.words import t


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: a list under conditions, or a page of its own.

    `count` names what is kept of it in `/counts`; `is_due` says that a person is needed for each.
    `allowed` says whether the reader may open a page of its own.
    """

    label: str
    icon: str
    relation: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    endpoint: str | None = None
    allowed: Callable[[], bool] | None = None
    count: str | None = None
    is_due: bool = False
    href: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Entries under one heading; without a label they stand on top."""

    label: str
    entries: Sequence[Entry]


def shown(sections: Sequence[Section]) -> list[Section]:
    """The sections with what the reader may open, labels in their language, the present one marked."""
    found = []
    for section in sections:
        entries = [_said(entry) for entry in section.entries if _open(entry)]
        if entries:
            found.append(Section(label=t(section.label) if section.label else "", entries=entries))
    return found


def searches() -> list[Entry]:
    """The pinned searches over lists that the reader may open, each with its count."""
    if not may("read", "staff.saved_search"):
        return []
    found = []
    for row in data().execute(sa.text(query("search_pinned"))):
        if may("read", row.relation):
            schema, table = row.relation.split(".", 1)
            number = str(row.saved_search_id)
            found.append(
                Entry(
                    label=row.search_name,
                    icon="bookmark",
                    count=f"search:{number}",
                    href=url_for("tables.list", schema=schema, table=table, s=number),
                    is_here=request.args.get("s") == number,
                )
            )
    return found


def _open(entry: Entry) -> bool:
    if entry.relation:
        return may("read", entry.relation)
    return entry.endpoint in current_app.view_functions and (not entry.allowed or entry.allowed())


def _said(entry: Entry) -> Entry:
    if entry.relation:
        schema, table = entry.relation.split(".", 1)
        path = url_for("tables.list", schema=schema, table=table)
        href = f"{path}?{urlencode(entry.where)}" if entry.where else path
        here = request.path == path and all(
            request.args.get(name) == value for name, value in entry.where.items()
        )
    else:
        href = url_for(str(entry.endpoint))
        here = request.path == href
    return replace(entry, label=t(entry.label), href=href, is_here=here)
