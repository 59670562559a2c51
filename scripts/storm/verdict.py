"""What must hold after a storm, by comparing what the malls remember with what the database says."""

from __future__ import annotations

import contextlib
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import redis

import sql
from scripts.servers.together import Servers
from scripts.world.world import RunningMall, World
from sync.shops import SYSTEM_ACCOUNT
from sync.simulated.floor import MallOrder

SHOWN_MAX: Final = 10
ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})")


def unrest(up: Servers, world: World, shop_ids: Mapping[str, int]) -> str:
    """Say why it is not quiet yet; empty when every mall is read and every shop told."""
    with sql.connect(up.settings.database_url) as admin:
        (waiting,) = sql.rows(admin, "storm_waiting")
        for name, count in waiting._asdict().items():
            if count:
                return f"{count} {name}"
        for name, mall in world.malls.items():
            ours = _orders(admin, shop_ids[name])
            for order in list(mall.fake.orders.values()):
                finding = _differs(order, ours.get(order.order_no))
                if finding:
                    return f"{name} {order.order_no}: {finding}"
    return ""


def judge(up: Servers, world: World, shop_ids: Mapping[str, int]) -> list[str]:
    """List what is wrong."""
    findings: list[str] = []
    with sql.connect(up.settings.database_url) as admin:
        for name, mall in world.malls.items():
            ours = _orders(admin, shop_ids[name])
            findings += _orders_wrong(name, mall, ours)
            findings += _levels_wrong(admin, name, mall, shop_ids[name])
        findings += [
            f"inbox: {row.reason} {row.subject} {row.detail}"
            for row in sql.rows(admin, "storm_inbox")
        ]
    # As the account that sees everything: whoever is nobody would find nothing.
    with sql.connect(up.settings.worker_database_url, account_id=SYSTEM_ACCOUNT) as worker:
        findings += [
            f"{row.check_name}: {row.findings}"
            for row in sql.call(worker, "staff.checks_run")
            if row.findings
        ]
    findings += list(persons_in(up.place.log, world))
    findings += list(_persons_in_redis(up.settings.redis_url, world))
    return findings


def _orders(admin: sql.Connection, shop_id: int) -> Mapping[str, Any]:
    found = sql.rows(admin, "storm_orders", shop_id=shop_id)
    return {row.external_order_no: row for row in found}


def _differs(order: MallOrder, ours: Any) -> str:  # noqa: ANN401  # a row
    """Say in what an order differs from what the mall says; empty when it is right."""
    if ours is None:
        return "lost"
    if order.state == "cancelled":
        if ours.status == "cancelled" or ours.is_in_inbox:
            return ""
        return f"cancelled there, {ours.status} here"
    if ours.status == "cancelled":
        return f"{order.state} there, cancelled here"
    if (order.state == "shipped") != (ours.status == "shipped"):
        return f"{order.state} there, {ours.status} here"
    if order.state == "shipped" and tuple(order.tracking_nos) != (ours.tracking_no,):
        return f"tracking numbers {order.tracking_nos} there, {ours.tracking_no} here"
    if ours.status == "shipped" and ours.is_in_inbox:
        # Changed there while the notice of our shipment was on its way: a person decides
        return ""
    theirs = Counter({line.listing_no: line.quantity for line in order.lines if line.quantity})
    if theirs != Counter(ours.lines):
        return f"lines {dict(theirs)} there, {ours.lines} here"
    if order.basket.shipping_fee is None:
        # The mall has not fixed the amount: neither total nor payment can be compared yet
        return ""
    if order.total != ours.total:
        return f"total {order.total} there, {ours.total} here"
    if (order.paid_at is not None) != (ours.payments == 1):
        return f"paid at {order.paid_at} there, {ours.payments} payments here"
    return ""


def _orders_wrong(name: str, mall: RunningMall, ours: Mapping[str, Any]) -> list[str]:
    wrong = [
        f"{name} {order.order_no}: {finding}"
        for order in mall.fake.orders.values()
        if (finding := _differs(order, ours.get(order.order_no)))
    ]
    wrong += [
        f"{name} {number}: not the mall's" for number in ours.keys() - mall.fake.orders.keys()
    ]
    return wrong[:SHOWN_MAX]


def _levels_wrong(admin: sql.Connection, name: str, mall: RunningMall, shop_id: int) -> list[str]:
    wrong: list[str] = []
    for row in sql.rows(admin, "storm_levels", shop_id=shop_id):
        theirs = mall.fake.listings[row.external_listing_no].level
        if theirs != row.level:
            wrong.append(
                f"{name} {row.external_listing_no}: level {theirs} there, {row.level} here"
            )
    return wrong[:SHOWN_MAX]


def persons_in(folder: Path, world: World) -> Iterator[str]:
    """Name the files of a folder that hold a customer's name, mail, phone or a shop's credential."""
    needles = _needles(world)
    for path in sorted(folder.iterdir()):
        if not path.is_file():
            continue
        text = path.read_text("utf-8", "replace")
        for kind, values in needles.items():
            if any(value in text for value in values):
                yield f"log {path.name}: a {kind}"


def _persons_in_redis(redis_url: str, world: World) -> Iterator[str]:
    needles = _needles(world)
    with redis.Redis.from_url(redis_url) as client:
        for key in client.scan_iter(count=1000):
            held = "\n".join(_plain(part) for part in (key, *_values(client, key)))
            for kind, values in needles.items():
                if any(value in held for value in values):
                    yield f"redis {key.decode()}: a {kind}"


def _values(client: Any, key: bytes) -> Iterator[bytes]:  # noqa: ANN401  # answers of many types
    """Read all that a key holds, by its type: a DUMP would show compressed bytes."""
    match client.type(key):
        case b"string":
            held = client.get(key)
            yield from () if held is None else (held,)
        case b"hash":
            yield from (part for pair in client.hgetall(key).items() for part in pair)
        case b"list":
            yield from client.lrange(key, 0, -1)
        case b"set":
            yield from client.smembers(key)
        case b"zset":
            yield from client.zrange(key, 0, -1)
        case b"stream":
            for _, fields in client.xrange(key):
                yield from (part for pair in fields.items() for part in pair)
        case b"none":
            # Gone since it was listed
            return
        case other:
            raise AssertionError(f"a key of Redis of a type that nobody searches: {other!r}")


def _plain(held: bytes) -> str:
    """Say bytes as text: RQ keeps a job's data and errors compressed, and JSON may escape a name."""
    with contextlib.suppress(zlib.error):
        held = zlib.decompress(held)
    text = held.decode("utf-8", "replace")
    return text + "\n" + ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _needles(world: World) -> Mapping[str, set[str]]:
    needles: dict[str, set[str]] = {
        "name": set(),
        "mail": set(),
        "phone": set(),
        "credential": set(),
    }
    for mall in world.malls.values():
        needles["credential"] |= set(mall.fake.credentials().values())
        for order in list(mall.fake.orders.values()):
            for person in (order.basket.buyer, order.basket.recipient):
                family, given = person.family_name, person.given_name
                needles["name"] |= {f"{family}{given}", f"{family} {given}", f"{family}　{given}"}
                needles["mail"].add(person.email)
                needles["phone"] |= {person.phone, person.phone.replace("-", "")}
    return {kind: values - {"", " ", "　"} for kind, values in needles.items()}
