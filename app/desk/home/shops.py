"""The health of each shop's connection, its last order, and whether it is quieter than it ever was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.asking import data, may, zone
from app.catalog import query
from app.desk.home.places import age, lasting, place
from app.errors import side_of
from app.fab.values import short_moment
from app.words import t


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One shop: its state as icon, tone and word, and the sentence for what a person should look at."""

    shop_id: int
    name: str
    icon: str
    tone: str
    state: str
    due: int | None
    last: str
    address: str | None
    sentence: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """The shops, those in trouble first; what waits for them is known to who may read the connections."""

    rows: Sequence[Shop]
    pushes_due: int | None
    silences: bool
    add: str | None


def shops() -> Connections | None:
    """The panel, or None for who may read neither connections nor orders."""
    health: dict[int, Any] = {}
    silence: dict[int, Any] = {}
    if may("read", "report.shop_health"):
        health = {row.shop_id: row for row in data().execute(sa.text(query("home_shops")))}
    if may("read", "report.shop_silence"):
        silence = {row.shop_id: row for row in data().execute(sa.text(query("home_silence")))}
    if not (may("read", "report.shop_health") or may("read", "report.shop_silence")):
        return None
    found = [_shop(number, health.get(number), silence.get(number)) for number in health | silence]
    found.sort(key=lambda shop: not shop.sentence)
    return Connections(
        rows=found,
        pushes_due=sum(row.pushes_due for row in health.values())
        if may("read", "report.shop_health")
        else None,
        silences=may("read", "report.shop_silence"),
        add=place("channel.shop") if may("insert", "channel.shop") else None,
    )


def _shop(number: int, health: Any, silence: Any) -> Shop:
    name = (health or silence).shop_name
    icon, tone, state, sentence, button = _state(name, health, silence)
    return Shop(
        shop_id=number,
        name=name,
        icon=icon,
        tone=tone,
        state=state,
        due=health.pushes_due if health else None,
        last=age(silence.last_order_at) if silence else "",
        address=place("channel.shop", {"f.shop_id": str(number)}),
        sentence=sentence,
        button=button if may("execute", "channel.shop_resume") else "",
    )


def _state(name: str, health: Any, silence: Any) -> tuple[str, str, str, str, str]:
    """Icon, tone, word, sentence and button; the gravest is said."""
    if health is not None and health.paused_at:
        why = side_of(health.pause_reason) if health.pause_reason else t("理由なし | no reason")
        sentence = t(
            "{name}：{since}から停止中（{why}）。取込も送信もしていません。 | "
            "{name}: paused since {since} ({why}). Nothing is fetched or sent.",
            name=name,
            since=short_moment(health.paused_at, zone()),
            why=why,
        )
        return "plug-connected-x", "act", t("停止中 | Paused"), sentence, t("再開する | Resume")
    if health is not None and health.failing_since:
        sentence = t(
            "{name}：{since}からつながりません（{n}回失敗、{why}）。自動で試し続けています。 | "
            "{name}: not reachable since {since} ({n} failures, {why}). It is tried again by itself.",
            name=name,
            since=short_moment(health.failing_since, zone()),
            n=f"{health.failures:,}",
            why=side_of(health.last_error or "") or t("理由不明 | reason unknown"),
        )
        word = t("不通 | Not reachable")
        return "plug-connected-x", "stop", word, sentence, t("すぐに試す | Try now")
    if silence is not None and silence.is_silent:
        return _silent(name, silence)
    if silence is not None and health is None and silence.last_order_at is None:
        return "clock", "", t("受注なし | No orders"), "", ""
    return "circle-check", "ok", t("正常 | Normal"), "", ""


def _silent(name: str, silence: Any) -> tuple[str, str, str, str, str]:
    # The view compares no more than a day
    span = min(datetime.now(UTC) - silence.last_order_at, timedelta(days=1))
    sentence = t(
        "{name}：最後の受注は{since}。この曜日・時間帯はふだん{every}おきに入り、"
        "過去{weeks}週は必ず受注がありました。店舗の画面で受注が止まっていないか確かめます。 | "
        "{name}: the last order is of {since}. At this weekday and hour one comes every {every}, and in each of "
        "the last {weeks} weeks there were some. See in the shop whether its orders have stopped.",
        name=name,
        since=short_moment(silence.last_order_at, zone()),
        every=lasting(span / silence.usual_orders),
        weeks=silence.weeks,
    )
    return "plug-connected-x", "stop", t("受注なし | No orders"), sentence, ""
