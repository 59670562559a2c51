"""The file of an issued document: what its template is given, whether it was issued or is tried. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sync.render.issued_pages import issued
from sync.render.statement_pages import statement


def data_of(facts: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """What the template of an issued document is given, of what the ledger states; kept as it is."""
    document = (statement if facts["document_kind"] == "statement" else issued)(facts, zone)
    on = date.fromisoformat(facts["issued_on"])
    return {
        "locale": facts["locale"],
        "title": f"{document['title']} {document['document_no']}",
        "made_on": [on.year, on.month, on.day],
        "issued_on": document["issued_on"],
        "documents": [document],
    }
