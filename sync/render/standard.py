"""The standard templates of documents: one folder each, and the parts that all share."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from sync.errors import SyncError

FOLDER: Final = Path(__file__).parents[1] / "documents"
# A gift's delivery note is a delivery note whose data has no prices
TEMPLATES: Final = {
    "delivery_note": "delivery_note",
    "gift_delivery_note": "delivery_note",
    "picking_list": "picking_list",
    "picking_total": "picking_total",
    "packing_label": "packing_label",
    "customs_form": "customs_form",
    "quotation": "quotation",
    # One layout for what is issued; its data says which it is
    "invoice": "issued",
    "simplified_invoice": "issued",
    "receipt": "issued",
    "return_invoice": "issued",
    "statement": "statement",
}


class NoSuchDocument(SyncError):
    """その帳票はありません。 | There is no such document."""

    hint_default = "一覧から選び直します。 | Choose it from the list again."


@cache
def template_of(document_kind: str) -> dict[str, str]:
    """The files of a standard template: `main.typ`, and `house.typ` that it includes."""
    folder = TEMPLATES.get(document_kind)
    if folder is None:
        raise NoSuchDocument
    return parts_of((FOLDER / folder / "template.typ").read_text(encoding="utf-8"))


def parts_of(body: str) -> dict[str, str]:
    """The files of a template whose `main.typ` says this."""
    return {"main.typ": body, "house.typ": _house()}


@cache
def copy_mark() -> dict[str, str]:
    """What is laid over the pages of a copy."""
    return parts_of((FOLDER / "copy_mark" / "template.typ").read_text(encoding="utf-8"))


@cache
def _house() -> str:
    return (FOLDER / "house.typ").read_text(encoding="utf-8")
