"""What a cell of a page says: the label of what it points to, the word of a code, an amount, a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.asking import generation, rights, zone
from app.catalog import Column, Relation
from app.errors import side_of
from app.fab import values
from app.fab.addresses import address
from app.fab.labels import Labels
from app.fab.screen import Screens
from app.words import label_of, language, t
from sync.render import amounts

# Columns of JSON that say facts about rows: in words, with the labels of the columns that they are about
FACTS = ("change", "row_key", "evidence")
FACTS_MAX = 8
# Columns whose texts name a relation
NAMES_OF_RELATIONS = ("table_name", "relation")
NUMBERS = ("integer", "numeric", "float")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value as a page says it.

    `href` is the page of what it points to; `kind` the class of the cell; `icon` and `tone` belong
    to a status; `mark` is the letter before a shop; `hint` is what a pointer resting on it reads.
    """

    said: str = ""
    href: str | None = None
    kind: str = ""
    icon: str | None = None
    tone: str = ""
    mark: str = ""
    hint: str = ""


EMPTY = Cell()


def cells(
    screens: Screens, relation: Relation, labels: Labels, currency: str | None = None
) -> Callable[[Any, Column], Cell]:
    """How the cells of this relation's rows are said; references by the labels learnt before.

    Amounts are in the row's own currency; `currency` is that of rows that have none, as lines of an order.
    """

    def cell(row: Any, column: Column) -> Cell:
        value = getattr(row, column.name)
        if value is None:
            return Cell(kind="n") if is_number(relation, column) else EMPTY
        icon, tone = screens.value_icon(column.name, value)
        if column.name in relation.references:
            found = labels.of(relation, column.name, value)
            marked = relation.references[column.name][0] in screens.marked
            name = _marked_name(found) if found and marked else found
            return Cell(
                said=name or str(value),
                href=_behind(relation, column, value) if found else None,
                icon=icon,
                tone=tone,
                mark=name[:1] if name and marked else "",
            )
        if isinstance(value, dict) and column.name in FACTS:
            return Cell(said=_facts_said(screens, labels, _told_of(row), value))
        if isinstance(value, str):
            return Cell(said=_text(screens, relation, column, value), icon=icon, tone=tone)
        if isinstance(value, datetime):
            full = values.shown(value, zone(), grouped=False)
            return Cell(said=values.short_moment(value, zone()), kind="nw", hint=full)
        if column.domain == "money" and isinstance(value, Decimal):
            said = amount(value, getattr(row, "currency_code", currency))
            return Cell(said=said, kind="n")
        number = is_number(relation, column)
        is_name = column.name in relation.key or column.name.endswith("_id")
        said = values.shown(value, zone(), grouped=not is_name)
        return Cell(said=said, kind="n" if number else "", icon=icon, tone=tone)

    return cell


def is_number(relation: Relation, column: Column) -> bool:
    """Whether a column holds amounts or counts, which stand right; keys are names."""
    is_name = column.name in relation.key or column.name.endswith("_id")
    return column.kind in NUMBERS and not is_name and column.name not in relation.references


def amount(value: Decimal, currency_code: str | None) -> str:
    """An amount in its currency, with that currency's decimals; without one, as a number."""
    if not currency_code:
        return values.shown(value, zone())
    return amounts.amount(value, currency_code)


def evidence_pairs(evidence: object) -> list[tuple[Relation, str, list[object]]]:
    """What the facts behind a reason point to, for their labels to be learnt."""
    if not isinstance(evidence, dict):
        return []
    found = ((generation().catalog.column_like(name), value) for name, value in evidence.items())
    return [
        (like[0], like[1].name, [value])
        for like, value in found
        if like is not None and like[1].name in like[0].references
    ]


def evidence_said(screens: Screens, labels: Labels, evidence: object, currency: str | None) -> str:
    """The facts behind a reason in words: the labels of the columns that they are about."""
    if not isinstance(evidence, dict):
        return ""
    parts = list[str]()
    for name, value in evidence.items():
        if name == "field":
            parts.append(_column_label(str(value)))
        elif value is not None:
            like = generation().catalog.column_like(name) or (None, None)
            parts.append(
                f"{_column_label(name)} {value_said(screens, *like, value, labels, currency)}"
            )
    return ("、" if language() == "ja" else ", ").join(parts)


def value_said(
    screens: Screens,
    relation: Relation | None,
    column: Column | None,
    value: object,
    labels: Labels | None = None,
    currency: str | None = None,
) -> str:
    """A value kept as JSON, as lists would say it: codes by their words, amounts with their currency."""
    if value is None:
        return "—"
    if column is None or relation is None:
        return _plainly(value)
    if labels is not None and (found := labels.of(relation, column.name, value)):
        marked = relation.references[column.name][0] in screens.marked
        return _marked_name(found) if marked else found
    if isinstance(value, str) and (said := screens.value_label(column.name, value)):
        return side_of(said)
    if column.domain == "money" and isinstance(value, int | float | str):
        return amount(Decimal(str(value)), currency)
    return _plainly(value)


def _plainly(value: object) -> str:
    if isinstance(value, str):
        try:
            return (
                values.short_moment(datetime.fromisoformat(value), zone())
                if "T" in value
                else side_of(value)
            )
        except ValueError:
            return side_of(value)
    return values.shown(value, zone())


def _column_label(name: str) -> str:
    found = generation().catalog.column_like(name)
    return label_of(found[1].comment, name, language()) if found else name.replace("_", " ")


def _marked_name(label: str) -> str:
    """A shop's name without its code in front."""
    return label.partition(" ")[2] or label


def _behind(relation: Relation, column: Column, value: object) -> str | None:
    """The page of the row that a reference points to; codes with a label have none worth a visit."""
    full, key = relation.references[column.name]
    to, held = generation().catalog.relations.get(full), rights()
    if to is None or held is None or "label" in to.columns:
        return None
    return address(to, "show", pk=str(value)) if to.key == (key,) and full in held.read else None


def changes_told(rows: Sequence[Any], column: Column) -> list[tuple[Relation, str, list[object]]]:
    """What the changes that rows of a log tell of point to, for their labels to be learnt."""
    if column.name != "change":
        return []
    return [
        (relation, name, [v for v in one.values() if _fits(relation.columns[name], v)])
        for row in rows
        if (relation := _told_of(row)) is not None
        for name, one in (getattr(row, "change", None) or {}).items()
        if name in relation.references and name in relation.columns and isinstance(one, dict)
    ]


def _fits(column: Column, value: object) -> bool:
    """Whether a value of then is of the column's kind now: a column may have been made anew."""
    return isinstance(value, int if column.kind == "integer" else str) and not isinstance(
        value, bool
    )


def _told_of(row: Any) -> Relation | None:
    """The relation whose row a log's row tells of."""
    return generation().catalog.relations.get(getattr(row, "table_name", None) or "")


def _facts_said(
    screens: Screens, labels: Labels, about: Relation | None, value: dict[str, Any]
) -> str:
    """Facts kept as JSON: the columns by their labels, what was before and after each."""
    parts = list[str]()
    for name, one in list(value.items())[:FACTS_MAX]:
        column = about.columns.get(name) if about else None
        found = (about, column) if column else generation().catalog.column_like(name)
        like = found or (None, None)
        said = label_of(column.comment, name, language()) if column else _column_label(name)
        if isinstance(one, dict) and one.keys() <= {"old", "new"}:
            ends = [
                value_said(screens, *like, one[end], labels)[:40]
                for end in ("old", "new")
                if end in one
            ]
            parts.append(f"{said} {' → '.join(ends)}".strip())
        elif isinstance(one, dict | list | bool) or one is None:
            parts.append(said)
        else:
            parts.append(f"{said} {value_said(screens, *like, one, labels)[:40]}")
    more = len(value) - FACTS_MAX
    if more > 0:
        parts.append(t("ほか{n}列 | {n} more", n=more))
    return ("、" if language() == "ja" else ", ").join(parts)


def _text(screens: Screens, relation: Relation, column: Column, value: str) -> str:
    if column.name in NAMES_OF_RELATIONS and (named := generation().catalog.relations.get(value)):
        return label_of(named.comment, named.name, language())
    if said := screens.value_label(column.name, value):
        return side_of(said)
    return side_of(value) if is_bilingual(relation, column) else value


def is_bilingual(relation: Relation, column: Column) -> bool:
    """Whether a text holds both languages: by its domain or tag, a shop's own choice by its tag, in views by its name."""
    return (
        column.domain == "bilingual"
        or "@choice" in (column.comment or "")
        or "@bilingual" in (column.comment or "")
        or (not relation.is_table and column.name in ("label", "hint", "release"))
    )
