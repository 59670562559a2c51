"""What a cell of a page says: the label of what it points to, the word of a code, a number."""

from collections.abc import Callable
from typing import Any

from app.asking import generation, rights, zone
from app.catalog import Column, Relation
from app.errors import side_of
from app.fab import values
from app.fab.addresses import address
from app.fab.labels import Labels
from app.fab.screen import Screens

# What is said, the address of what it points to, the class of the cell.
Cell = tuple[str, str | None, str]


def cells(screens: Screens, relation: Relation, labels: Labels) -> Callable[[Any, Column], Cell]:
    """How the cells of this relation's rows are said; references by the labels learnt before."""

    def cell(row: Any, column: Column) -> Cell:
        value = getattr(row, column.name)
        if value is None:
            return "", None, ""
        if column.name in relation.references:
            found = labels.of(relation, column.name, value)
            return found or str(value), _behind(relation, column, value) if found else None, ""
        if isinstance(value, str):
            return _text(screens, relation, column, value), None, ""
        is_name = column.name in relation.key or column.name.endswith("_id")
        is_number = column.kind in ("integer", "numeric", "float") and not is_name
        return values.shown(value, zone(), grouped=not is_name), None, "n" if is_number else ""

    return cell


def _behind(relation: Relation, column: Column, value: object) -> str | None:
    """The page of the row that a reference points to; codes with a label have none worth a visit."""
    full, key = relation.references[column.name]
    to, held = generation().catalog.relations.get(full), rights()
    if to is None or held is None or "label" in to.columns:
        return None
    return address(to, "show", pk=str(value)) if to.key == (key,) and full in held.read else None


def _text(screens: Screens, relation: Relation, column: Column, value: str) -> str:
    if said := screens.value_label(column.name, value):
        return side_of(said)
    return side_of(value) if _is_bilingual(relation, column) else value


def _is_bilingual(relation: Relation, column: Column) -> bool:
    """Whether a text holds both languages: by its domain, in views by its name."""
    return column.domain == "bilingual" or (
        not relation.is_table and column.name in ("label", "hint", "release")
    )
