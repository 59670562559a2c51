"""How today goes: figures on top, and what came by shop and hour beside the usual day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.asking import data, may
from app.catalog import query
from app.desk.home.places import clock, place, weekday
from app.desk.home.plots import Part, bars, scale, share_of_day, steps
from app.desk.home.shops import Connections
from app.fab.cells import amount
from app.words import t
from sync.render.amounts import places_of

SHOPS_MAX = 8
# Fewer than this are no measure of more or less
USUAL_MIN = 5
WEEKS_MIN = 2
MEASURES = {
    "orders": "受注 | Orders",
    "sales": "売上 | Sales",
    "shipments": "出荷 | Shipments",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """Today's figures of all shops together and of each."""

    all: Any
    by_shop: Mapping[int, Any]
    ready: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: what it counts, its value, what stands behind it, how it is counted."""

    label: str
    value: str
    unit: str = ""
    help: str = ""
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One shop's day: its bars, the usual line, and how it compares so far."""

    name: str
    total: str
    beside: str
    more: str
    bars: Sequence[Part]
    usual: str
    told: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The small multiples; `now` is how much of the day has passed, in percent."""

    measure: str
    measures: Sequence[tuple[str, str]]
    title: str
    weekday: str
    rows: Sequence[Row]
    left: int
    now: float
    has_usual: bool


def figures() -> Today | None:
    """Today's figures, or None for who may not read them."""
    if not may("read", "report.shop_today"):
        return None
    rows = data().execute(sa.text(query("home_today"))).all()
    together = next((row for row in rows if row.shop_id is None), None)
    ready = place(
        "sales.sales_order",
        {"f.status": ["ready_to_ship", "in_fulfilment"], "f.is_history": "false"},
    )
    return Today(
        all=together,
        by_shop={row.shop_id: row for row in rows if row.shop_id is not None},
        ready=ready,
    )


def said(day: Today | None, connections: Connections | None) -> list[Figure]:
    """The figures on top; one that cannot be known is left out."""
    found: list[Figure] = []
    if day is not None and day.all is not None and day.all.orders is not None:
        found += _of_today(day.all)
    if connections is not None and connections.pushes_due is not None:
        found.append(
            Figure(
                label=t("店舗への送信待ち | To send to shops"),
                value=f"{connections.pushes_due:,}",
                unit=t("件 | "),
                help=t(
                    "まだ店舗に伝えていない在庫と出荷の数です。 | Levels and shipments that shops have not been told yet."
                ),
                address=place("transit.push", {"f.is_due": "true"}),
            )
        )
    return found


def _of_today(row: Any) -> list[Figure]:
    begun = clock().date().isoformat()
    sold = t("売上（税込） | Sales with tax")
    if row.unfixed:
        sold = t(
            "売上（金額未確定の{n}件を除く） | Sales, without {n} of unknown amount",
            n=f"{row.unfixed:,}",
        )
    found = [
        Figure(
            label=t("受注 | Orders"),
            value=f"{row.orders:,}",
            unit=t("件 | "),
            help=t(
                "今日注文された受注です。キャンセルは除きます。 | Ordered today, without cancelled ones."
            ),
            address=place(
                "sales.sales_order",
                {
                    "f.ordered_at.from": begun,
                    "f.is_history": "false",
                    "f.cancelled_at.is": "empty",
                },
            ),
        ),
        Figure(
            label=t("出荷 | Shipped"),
            value=f"{row.shipped:,}",
            unit=t("/ {n} 件 | of {n}", n=f"{row.shipped + row.to_ship:,}"),
            help=t(
                "今日出荷した数と、それに出荷可能・出荷作業中を足した数です。 | "
                "Shipped today, of these and what is ready to ship or in fulfilment."
            ),
            address=place(
                "sales.sales_order",
                {"f.shipped_at.from": begun, "f.is_history": "false"},
            ),
        ),
        Figure(label=sold, value=_money(row.sales, row.currency_code)),
    ]
    if row.orders:
        found.append(
            Figure(
                label=t("人手なしで進んだ受注 | Went through unattended"),
                value=f"{row.unattended / row.orders * 100:.1f}",
                unit="%",
                help=t(
                    "今日の受注のうち、人が決める保留が一度も付かなかった割合です。 | "
                    "The share of today's orders that never had a hold which needs a person."
                ),
            )
        )
    return found


def hours(measure: str, day: Today | None) -> Hours | None:
    """What came or left by shop and hour, beside the median of this weekday."""
    if day is None or not (
        may("read", "report.order_hour") and may("read", "report.shipment_hour")
    ):
        return None
    measure = measure if measure in MEASURES else "orders"
    rows = data().execute(sa.text(query("home_hours")), {"measure": measure}).all()
    shown = rows[:SHOPS_MAX]
    most = scale([*(row.amounts for row in shown), *(_usual(row) for row in shown)])
    now = clock()
    currency = day.all.currency_code if day.all is not None else None
    return Hours(
        measure=measure,
        measures=[(code, t(label)) for code, label in MEASURES.items()],
        title=t(MEASURES[measure]),
        weekday=weekday(),
        rows=[_row(row, measure, most, day.by_shop.get(row.shop_id), currency) for row in shown],
        left=len(rows) - len(shown),
        now=share_of_day(now.hour, now.minute),
        has_usual=any(_usual(row) for row in shown),
    )


def _usual(row: Any) -> Sequence[float]:
    return row.usual if row.weeks >= WEEKS_MIN else ()


def _row(row: Any, measure: str, most: float, figures_: Any, currency: str | None) -> Row:
    usual = _usual(row)
    beside = ""
    if figures_ is not None:
        beside = (
            t("{n}件 | {n} orders", n=f"{figures_.orders:,}")
            if measure == "sales"
            else t("あと {n}件 | {n} to go", n=f"{figures_.to_ship:,}")
            if measure == "shipments"
            else _money(figures_.sales, currency)
        )
    return Row(
        name=row.shop_name,
        total=_said(row.total, measure, currency),
        beside=beside,
        more=_more(row, measure) if usual else "",
        bars=bars(row.amounts, most),
        usual=steps(usual, most),
        told=[
            (
                _said(value, measure, currency),
                _said(usual[hour], measure, currency) if usual else "",
            )
            for hour, value in enumerate(row.amounts)
        ],
    )


def _said(value: float | Decimal, measure: str, currency: str | None) -> str:
    if measure == "sales":
        return _money(value, currency)
    return f"{value:,.1f}".removesuffix(".0")


def _money(value: float | Decimal, currency: str | None) -> str:
    """An amount rounded to what its currency counts in."""
    return amount(round(Decimal(value), places_of(currency or "")), currency)


def _more(row: Any, measure: str) -> str:
    """How much more or less than usual until this time of day."""
    usual = row.usual_so_far
    if not usual or (measure != "sales" and usual < USUAL_MIN):
        return ""
    change = round((float(row.total) / usual - 1) * 100)
    return f"+{change:,}%" if change > 0 else f"−{-change:,}%" if change else "±0%"
