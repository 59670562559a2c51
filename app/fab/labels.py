"""What the numbers in reference columns stand for, looked up for a whole page in one statement."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from app.asking import data, generation, reader, rights, zone
from app.catalog import PARTY, Relation, Rights
from app.errors import side_of
from app.fab import conditions, values

OPTIONS_MAX = 200
LOOKUP_MAX = 20

Wanted = Mapping[str, Iterable[object]]
Target = tuple[str, str]


class Labels:
    """Labels of referenced rows, by target and key; what the reader may not read has no label."""

    def __init__(self) -> None:
        self._found: dict[Target, dict[str, str]] = {}

    def of(self, relation: Relation, column: str, value: object) -> str | None:
        """The label of what this column of a row points to."""
        target = relation.references.get(column)
        return self._found.get(target, {}).get(str(value)) if target and value is not None else None

    def learn(self, pairs: Iterable[tuple[Relation, str, Iterable[object]]]) -> None:
        """Look up the values of reference columns, all targets at once."""
        wanted: dict[Target, set[object]] = defaultdict(set)
        for relation, column, found in pairs:
            if target := relation.references.get(column):
                wanted[target] |= {value for value in found if value is not None}
        parts = []
        targets: list[Target] = []
        for target, keys in wanted.items():
            select = _select(target, len(targets))
            if keys and select is not None:
                table = generation().table(generation().catalog.relations[target[0]])
                parts.append(select.where(table.c[target[1]].in_(sorted(keys, key=str))))
                targets.append(target)
        for row in data().execute(sa.union_all(*parts)) if parts else ():
            self._found.setdefault(targets[row.place], {})[row.key] = side_of(row.label)


def options(relation: Relation, columns: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen for reference columns with few targets; those with many are left out."""
    parts, names = [], []
    for name in columns:
        target = relation.references.get(name)
        select = _select(target, len(names)) if target else None
        if target is None or select is None:
            continue
        if generation().catalog.relations[target[0]].rows > OPTIONS_MAX * 10:
            continue
        parts.append(sa.select(select.order_by(sa.text("3")).limit(OPTIONS_MAX + 1).subquery()))
        names.append(name)
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in names}
    for row in data().execute(sa.union_all(*parts)) if parts else ():
        found[names[row.place]].append((row.key, side_of(row.label)))
    return {
        name: sorted(rows, key=lambda row: row[1])
        for name, rows in found.items()
        if len(rows) <= OPTIONS_MAX
    }


def lookup(relation: Relation, words: str, key: str) -> list[tuple[str, str]]:
    """The first rows of a relation whose title or key fits the words."""
    select = _select((relation.full, key), 0)
    if select is None:
        return []
    table = generation().table(relation)
    if words:
        terms: list[sa.ColumnElement[bool]] = [
            sa.cast(table.c[name], sa.Text).icontains(words, autoescape=True)
            for name in relation.title_columns
            if name not in relation.key
        ]
        if party := _party(relation):
            terms.append(table.c[key].in_(_people_found(party, key, words)))
        select = select.where(sa.or_(sa.cast(table.c[key], sa.Text) == words, *terms))
    select = select.order_by(*(table.c[name] for name in relation.title_columns)).limit(LOOKUP_MAX)
    return [(row.key, side_of(row.label)) for row in data().execute(select)]


def names_of(relation: Relation, keys: Iterable[object]) -> dict[str, str]:
    """What a person calls the rows of these keys, by the key's text; empty for a key of several columns."""
    select = _select((relation.full, relation.key[0]), 0) if len(relation.key) == 1 else None
    if select is None:
        return {}
    column = generation().table(relation).c[relation.key[0]]
    return {row.key: side_of(row.label) for row in data().execute(select.where(column.in_(keys)))}


def title(relation: Relation, row: object) -> str:
    """What a person calls this row."""
    if _party(relation):
        key = getattr(row, relation.key[0])
        return names_of(relation, [key]).get(str(key), str(key))
    if relation.title_columns == relation.key and (to := _row_it_is_of(relation)):
        key = getattr(row, relation.key[0])
        return names_of(to, [key]).get(str(key), str(key))
    parts = [getattr(row, name, None) for name in relation.title_columns]
    said = " ".join(
        side_of(values.shown(part, zone(), grouped=False)) for part in parts if part is not None
    )
    return said or "—"


def _select(target: Target, place: int) -> sa.Select[int, str, str] | None:
    held = rights() if reader() else None
    relation = generation().catalog.relations.get(target[0])
    if relation is None or held is None or not _readable(held, relation, target[1]):
        return None
    table = generation().table(relation)
    said = sa.func.concat_ws(
        " ", *(sa.cast(table.c[name], sa.Text) for name in relation.title_columns)
    )
    rows: sa.FromClause = table
    if party := _party(relation):
        person = generation().table(party)
        called = sa.func.concat_ws(" ", *(person.c[name] for name in party.title_columns))
        said = sa.func.coalesce(sa.func.nullif(called, ""), said)
        rows = table.outerjoin(person, person.c[party.key[0]] == table.c[relation.key[0]])
    return sa.select(
        sa.literal(place, sa.Integer).label("place"),
        sa.cast(table.c[target[1]], sa.Text).label("key"),
        said.label("label"),
    ).select_from(rows)


def _row_it_is_of(relation: Relation) -> Relation | None:
    """The relation whose row this one is a part of, where its key points there: an order's personal data."""
    full, key = (
        relation.references.get(relation.key[0], ("", "")) if len(relation.key) == 1 else ("", "")
    )
    to = generation().catalog.relations.get(full)
    return to if to is not None and to.key == (key,) else None


def _party(relation: Relation) -> Relation | None:
    """Where the name of a row stands that has none itself, if the reader may read it there."""
    if relation.title_columns != relation.key or len(relation.key) != 1:
        return None
    party, held = generation().catalog.relations.get(relation.full + PARTY), rights()
    if party is None or held is None or not _readable(held, party, relation.key[0]):
        return None
    return party


def _people_found(party: Relation, key: str, words: str) -> list[object]:
    """The keys of the rows whose people the words fit; an index finds them."""
    fits = conditions.compiled(party, {"op": "search", "value": words})
    if fits is None:
        return []
    found = sa.select(generation().table(party).c[key]).where(fits).limit(LOOKUP_MAX)
    return [row[0] for row in data().execute(found)]


def _readable(held: Rights, relation: Relation, key: str) -> bool:
    return {key, *relation.title_columns} <= held.read.get(relation.full, frozenset())
