"""What a reader keeps of a list: the columns they chose, and the searches that they or others saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.asking import data
from app.catalog import Relation, query


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A saved search as the list offers it."""

    saved_search_id: int
    label: str
    condition: Mapping[str, Any]
    columns: Sequence[str]
    sort: Sequence[str]
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The reader's own columns of a list, empty for the standard ones, and the searches over it."""

    columns: Sequence[str]
    searches: Sequence[Saved]


def read(relation: Relation) -> Kept:
    """What is kept of this list, in one statement."""
    rows = data().execute(sa.text(query("list_kept")), {"relation": relation.full}).all()
    columns = next((row.columns for row in rows if row.saved_search_id is None), [])
    searches = [
        Saved(
            saved_search_id=row.saved_search_id,
            label=row.search_name,
            condition=row.condition or {},
            columns=row.columns or (),
            sort=row.sort or (),
            is_mine=row.is_mine,
        )
        for row in rows
        if row.saved_search_id is not None
    ]
    return Kept(columns=columns or [], searches=searches)


def sorted_as(sort: Sequence[str]) -> list[tuple[str, str]]:
    """The order of a saved search (`column` or `-column`), as arguments of the list."""
    if not sort:
        return []
    first = sort[0]
    return [
        ("sort", first.removeprefix("-")),
        ("dir", "desc" if first[0] == "-" else "asc"),
    ]


def keep(relation: Relation, columns: Sequence[str]) -> None:
    """Keep these columns for the reader."""
    data().execute(
        sa.text(query("list_columns_keep")), {"relation": relation.full, "columns": list(columns)}
    )
    data().commit()
