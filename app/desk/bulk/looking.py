"""What a bulk change would do: counted, the first rows shown, and tried on some of them without being kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.asking import data
from app.catalog import Relation, query
from app.desk.chosen import Chosen
from app.errors import side_of
from app.fab.cells import value_said
from app.fab.labels import Labels, names_of
from app.screens import SCREENS

SHOWN_MAX = 20
TRIED_MAX = 500
TRIED_ACTS_MAX = 100

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """How many rows match, how many would change, the first of them, and what would be refused of those tried."""

    of_all: int
    differing: int
    rows: Sequence[dict[str, Any]]
    refused: Sequence[dict[str, str]]
    tried: int


def look_at_change(chosen: Chosen, values: Values) -> Looked:
    """Look at new values for columns: nothing is kept."""
    found = _found(chosen, values, TRIED_MAX)
    keys = [row.row_key for row in found if row.row_key is not None]
    refused = _tried(
        "bulk_try", chosen.relation, keys, {"values": json.dumps(dict(values))} if keys else None
    )
    return _looked(chosen.relation, found, values, refused, len(keys))


def look_at_act(chosen: Chosen, function: str, arguments: Values) -> Looked:
    """Look at a function on rows: tried on the first of them and taken back."""
    found = _found(chosen, {}, TRIED_ACTS_MAX)
    keys = [row.row_key for row in found if row.row_key is not None]
    given = {"function": function, "arguments": json.dumps(dict(arguments))}
    refused = _tried("bulk_try_act", chosen.relation, keys, given if keys else None)
    return _looked(chosen.relation, found, {}, refused, len(keys))


def _found(chosen: Chosen, values: Values, most: int) -> Sequence[Any]:
    return (
        data()
        .execute(
            sa.text(query("bulk_preview")),
            {
                "relation": chosen.relation.full,
                "condition": _json(chosen.condition),
                "keys": _json(chosen.keys),
                "values": json.dumps(dict(values)),
                "most": most,
            },
        )
        .all()
    )


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value)


def _tried(
    name: str, relation: Relation, keys: Sequence[Any], given: Mapping[str, str] | None
) -> list[dict[str, str]]:
    """Do it and take it back: what the database would say is what it says now."""
    if given is None:
        return []
    session = data()
    attempt = session.begin_nested()
    try:
        rows = session.execute(
            sa.text(query(name)), {"relation": relation.full, "keys": json.dumps(keys), **given}
        ).all()
    finally:
        attempt.rollback()
    names = _names(relation, [row.row_key for row in rows])
    return [{"row": said_key(row.row_key, names), "reason": side_of(row.reason)} for row in rows]


def _looked(
    relation: Relation,
    found: Sequence[Any],
    values: Values,
    refused: Sequence[dict[str, str]],
    tried: int,
) -> Looked:
    first = [row for row in found if row.row_key is not None][:SHOWN_MAX]
    labels, names = Labels(), _names(relation, [row.row_key for row in first])
    labels.learn(
        (relation, name, [*(row.old[name] for row in first), new])
        for name, new in values.items()
        if name in relation.references
    )

    def said(name: str, value: object) -> str:
        own = labels.of(relation, name, value)
        return own or value_said(SCREENS, relation, relation.columns[name], value)

    return Looked(
        of_all=found[0].of_all if found else 0,
        differing=found[0].differing if found else 0,
        rows=[
            {
                "row": said_key(row.row_key, names),
                "changes": [
                    {"column": name, "old": said(name, row.old[name]), "new": said(name, new)}
                    for name, new in values.items()
                ],
            }
            for row in first
        ],
        refused=refused,
        tried=tried,
    )


def _names(relation: Relation, keys: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    return names_of(relation, [value for key in keys for value in key.values()]) if keys else {}


def said_key(key: Mapping[str, Any] | None, names: Mapping[str, str]) -> str:
    """A row as people call it, or by its key."""
    said = " ".join(str(value) for value in (key or {}).values())
    return names.get(said) or said
