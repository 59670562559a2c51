"""What needs a person: open holds and the inbox by reason, with counts, ages and the way to the work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.asking import data, may
from app.catalog import query
from app.desk.home.places import age, place
from app.desk.home.plots import Bar, ages
from app.errors import side_of
from app.words import t

_ICONS = {
    "unknown_sku": "link",
    "amount_differs": "coin-yen",
    "recipient_incomplete": "map-pin",
    "buyer_note": "note",
    "amount_over": "receipt-yen",
    "manual": "hand-stop",
    "changed_too_late": "history",
    "unreadable": "file-text",
    "refused_draft": "file-import",
    "push_refused": "transfer",
    "shop_needs_staff": "plug-connected-x",
    "shop_changed": "plug-connected-x",
    "job_failed": "alert-triangle",
    "stock_drift": "trending-down",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One reason: how many wait, since when, what to do, and the list of exactly these."""

    label: str
    hint: str
    icon: str
    items: int
    bar: Bar
    oldest: str
    tone: str
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """All reasons, what has waited longest first; `ready` is where the work goes on when there are none."""

    rows: Sequence[Need]
    items: int
    ready: str | None


def needs() -> Needs | None:
    """The panel, or None for who may read neither holds nor the inbox."""
    holds, inbox = may("read", "report.hold_count"), may("read", "report.inbox_count")
    if not holds and not inbox:
        return None
    found: list[tuple[Any, str | None]] = []
    if holds:
        found += _found("home_holds", "sales.hold", "hold_reason", "placed_at")
    if inbox:
        found += _found("home_inbox", "transit.inbox", "inbox_reason", "noted_at")
    most = max((row.items for row, _ in found), default=0)
    found.sort(key=lambda pair: (pair[0].old == 0, pair[0].recent == 0, -pair[0].items))
    ready = place("sales.sales_order", {"f.status": "ready_to_ship", "f.is_history": "false"})
    return Needs(
        rows=[_need(row, address, most) for row, address in found],
        items=sum(row.items for row, _ in found),
        ready=ready,
    )


def _found(name: str, full: str, column: str, begun: str) -> list[tuple[Any, str | None]]:
    """The reasons of one table, each with the list of its open rows, the oldest first."""
    rest = {"f.is_open": "true", "sort": begun, "dir": "asc"}
    return [
        (row, place(full, {f"f.{column}": row.reason, **rest}))
        for row in data().execute(sa.text(query(name)))
    ]


def _need(row: Any, address: str | None, most: int) -> Need:
    bar = ages((row.today, row.recent, row.old), most)
    said = t(
        "当日 {a}、1〜2日 {b}、3日以上 {c} | today {a}, 1–2 days {b}, 3 days or more {c}",
        a=f"{row.today:,}",
        b=f"{row.recent:,}",
        c=f"{row.old:,}",
    )
    return Need(
        label=side_of(row.label),
        hint=side_of(row.hint),
        icon=_ICONS.get(row.reason, "alert-triangle"),
        items=row.items,
        bar=Bar(parts=bar, said=said),
        oldest=age(row.oldest_at),
        tone="stop" if row.old else "warn" if row.recent else "",
        address=address,
    )
