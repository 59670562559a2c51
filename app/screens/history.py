"""The history of one row, from the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.asking import data, sessions_of
from app.catalog import Relation, query
from app.errors import side_of
from app.fab import values

ENTRIES_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one column was and became; personal columns keep no value."""

    column: str
    before: object
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change of a row: when, by whom, of what."""

    changed_at: datetime
    who: str
    action: str
    changes: tuple[Change, ...]


def history(relation: Relation, key: Mapping[str, object]) -> list[Entry]:
    """The last changes of a row, newest first, read as the reader's role."""
    row_key = {name: _plain(value) for name, value in key.items()}
    rows = (
        data()
        .execute(
            sa.text(query("history")).bindparams(sa.bindparam("row_key", type_=sa.JSON)),
            {"table_name": relation.full, "row_key": row_key, "most": ENTRIES_MAX},
        )
        .all()
    )
    names = _names({row.account_id for row in rows if row.account_id is not None})
    return [
        Entry(
            changed_at=row.changed_at,
            who=names.get(row.account_id) or row.login,
            action=row.action,
            changes=tuple(_change(name, said) for name, said in sorted(row.change.items())),
        )
        for row in rows
    ]


def _change(name: str, said: Any) -> Change:
    if not isinstance(said, dict):
        return Change(column=name, before="＊＊＊", after="＊＊＊")
    return Change(column=name, before=said.get("old"), after=said.get("new"))


def _names(ids: set[int]) -> dict[int, str]:
    """Who did it is said to everybody who may read the log: names come from the web login."""
    if not ids:
        return {}
    rows = sessions_of().plain().execute(sa.text(query("account_names")), {"ids": sorted(ids)})
    return {row.account_id: side_of(row.display_name) for row in rows}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else values.to_json(value)
