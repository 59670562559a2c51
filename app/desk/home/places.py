"""Words and addresses that the panels of the home page share."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from flask import current_app, url_for

from app.asking import generation, may, zone
from app.sidebar import Entry, shown
from app.words import label_of, language, t

BEGIN_MAX = 9
_WEEKDAYS = (
    "月 | Monday",
    "火 | Tuesday",
    "水 | Wednesday",
    "木 | Thursday",
    "金 | Friday",
    "土 | Saturday",
    "日 | Sunday",
)


def clock() -> datetime:
    """The present moment in the shop's zone."""
    return datetime.now(zone())


def day() -> str:
    """Today, as the heading says it."""
    now = clock()
    return t(
        "{d.month}月{d.day}日（{weekday}） | {weekday}, {d.day} {d:%B}", d=now, weekday=weekday()
    )


def weekday() -> str:
    """The name of this weekday."""
    return t(_WEEKDAYS[clock().weekday()])


def place(full: str, conditions: Mapping[str, str | list[str]] | None = None) -> str | None:
    """The list of a relation under conditions as its address says them, for who may read it."""
    if not may("read", full):
        return None
    schema, table = full.split(".", 1)
    path = url_for("tables.list", schema=schema, table=table)
    return f"{path}?{urlencode(conditions, doseq=True)}" if conditions else path


def named(full: str, otherwise: str) -> str:
    """What a relation is called."""
    relation = generation().catalog.relations.get(full)
    return label_of(relation.comment, otherwise, language()) if relation else otherwise


def age(since: datetime | None) -> str:
    """How long ago, in the largest whole unit."""
    if since is None:
        return ""
    ago = max(datetime.now(UTC) - since, timedelta())
    if ago < timedelta(minutes=1):
        return t("たった今 | just now")
    if ago < timedelta(hours=1):
        return t("{n}分前 | {n} min ago", n=ago.seconds // 60)
    if ago < timedelta(days=1):
        return t("{n}時間前 | {n} h ago", n=ago.seconds // 3600)
    return t("{n}日前 | {n} d ago", n=f"{ago.days:,}")


def lasting(span: timedelta) -> str:
    """How long something lasts, in the largest whole unit."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return t("{n}分 | {n} min", n=minutes)
    if minutes < 48 * 60:
        return t("{n}時間 | {n} h", n=minutes // 60)
    return t("{n}日 | {n} days", n=f"{minutes // 1440:,}")


def begin() -> Sequence[Entry]:
    """Where the reader can begin: the first places of their own sidebar."""
    entries = [
        entry
        for section in shown(current_app.extensions["sidebar"])
        for entry in section.entries
        if entry.endpoint != "Home.index"
    ]
    return entries[:BEGIN_MAX]
