"""The home page: what waits, and whether everything runs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import redirect, request, url_for
from flask_appbuilder import IndexView, expose

from app.asking import data, generation, may, reader
from app.catalog import query
from app.errors import side_of
from app.words import label_of, language, t


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of the home page and the list behind it."""

    said: str
    count: str
    address: str | None = None
    note: str = ""
    is_wrong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Figures that belong together."""

    title: str
    rows: tuple[Row, ...]


class Home(IndexView):
    """Counts from the report views that the reader may read, each a link to its list."""

    index_template = "daicho/home.html"

    @expose("/")
    def index(self) -> Any:
        if reader() is None:
            return redirect(url_for("SignIn.login", next=request.path))
        return self.render_template(self.index_template, title=t("ホーム | Home"), panels=panels())


def panels() -> list[Panel]:
    """The panels whose report view the reader may read."""
    return [
        Panel(title=t(title), rows=tuple(rows(name)))
        for name, (title, rows) in _PANELS.items()
        if may("read", f"report.{name}")
    ]


def _rows(name: str) -> Any:
    return data().execute(sa.text(query(f"home_{name}")))


def _orders(name: str) -> list[Row]:
    return [
        Row(
            said=side_of(row.label),
            count=f"{row.orders:,}",
            address=_list("sales.sales_order", **{"f.status": row.status, "f.is_history": "false"}),
        )
        for row in _rows(name)
    ]


def _holds(name: str) -> list[Row]:
    return [
        Row(
            said=side_of(row.label),
            count=f"{row.holds:,}",
            address=_list("sales.hold", **{"f.hold_reason": row.hold_reason, "f.is_open": "true"}),
            note=_age(row.oldest_at),
        )
        for row in _rows(name)
    ]


def _inbox(name: str) -> list[Row]:
    return [
        Row(
            said=side_of(row.label),
            count=f"{row.items:,}",
            address=_list(
                "transit.inbox", **{"f.inbox_reason": row.inbox_reason, "f.is_open": "true"}
            ),
            note=_age(row.oldest_at),
        )
        for row in _rows(name)
    ]


def _shops(name: str) -> list[Row]:
    found = []
    for row in _rows(name):
        if row.paused_at:
            state = t("停止中 | Paused") + (
                f"：{side_of(row.pause_reason)}" if row.pause_reason else ""
            )
        elif row.failing_since:
            state = t("つながりません | Not reachable") + f"（{_age(row.failing_since)}）"
        else:
            state = t("つながっています | Connected")
        found.append(
            Row(
                said=row.shop_name,
                count=t("送信待ち {n} | {n} to send", n=f"{row.pushes_due:,}"),
                address=_list("channel.shop", **{"f.shop_id": str(row.shop_id)}),
                note=state,
                is_wrong=bool(row.paused_at or row.failing_since),
            )
        )
    return found


def _checks(name: str) -> list[Row]:
    return [
        Row(
            said=_named(f"report.{row.check_name}", row.check_name),
            count=f"{row.findings:,}",
            address=_list(f"report.{row.check_name}"),
            note=_age(row.ran_at),
            is_wrong=row.findings > 0,
        )
        for row in _rows(name)
    ]


def _named(full: str, otherwise: str) -> str:
    relation = generation().catalog.relations.get(full)
    return label_of(relation.comment, otherwise, language()) if relation else otherwise


def _list(full: str, **arguments: Any) -> str | None:
    if not may("read", full):
        return None
    schema, table = full.split(".", 1)
    return url_for("tables.list", schema=schema, table=table, **arguments)


def _age(since: datetime | None) -> str:
    """How long ago, in the largest whole unit."""
    if since is None:
        return ""
    ago = max(datetime.now(UTC) - since, timedelta())
    if ago < timedelta(hours=1):
        return t("{n}分前 | {n} min ago", n=ago.seconds // 60)
    if ago < timedelta(days=1):
        return t("{n}時間前 | {n} h ago", n=ago.seconds // 3600)
    return t("{n}日前 | {n} d ago", n=ago.days)


_PANELS: dict[str, tuple[str, Callable[[str], list[Row]]]] = {
    "order_count": ("受注の状態 | Orders by status", _orders),
    "hold_count": ("確認待ちの理由 | Open holds by reason", _holds),
    "inbox_count": ("要対応 | Inbox", _inbox),
    "shop_health": ("店舗の接続 | Shop connections", _shops),
    "check_result": ("検査 | Checks", _checks),
}
