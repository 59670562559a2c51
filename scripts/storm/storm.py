"""A rush of customers during which everything dies once; afterwards nothing may be lost, double or wrong."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import redis

import sql
import sql.errors
from scripts.sentence import say
from scripts.servers.postgres import Postgres
from scripts.servers.processes import know, wait_gone
from scripts.servers.together import Servers
from scripts.servers.valkey import Valkey
from scripts.storm import verdict
from scripts.storm.floor import fill
from scripts.supervisor.parts import PARTS
from scripts.supervisor.supervise import Supervisor
from scripts.world.world import MallSpec, World
from sql.load import load
from sync.shops import SYSTEM_ACCOUNT

TEND_S: Final = 0.25
SHIP_EVERY_S: Final = 1.0
SHIP_AT_ONCE: Final = 5
RECEIVE_EVERY_S: Final = 0.5
QUIET_S: Final = 180.0
# How long a process that a blow is meant for may be away
THERE_S: Final = 30.0
# How long a mall answers 429, where the rush is long enough for it: seven minutes
LIMITED_S: Final = 300.0
LIMITED_PART: Final = 5 / 7
LIMITED: Final = "minato-2"
PAUSED: Final = "hinode-2"

MALLS: Final = (
    MallSpec(channel_code="hinode", name="hinode-1"),
    MallSpec(channel_code="minato", name="minato-1"),
    MallSpec(channel_code="minato", name=LIMITED),
    MallSpec(channel_code="hinode", name=PAUSED),
)


class Missed(Exception):
    """A blow that hit nothing: it must not be counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """Something that goes wrong, at a part of the rush's length."""

    at: float
    name: str
    act: Callable[[], None]


@dataclass(slots=True)
class Report:
    """What a storm found."""

    blows: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)


class Storm:
    """One storm over one empty data folder. `minutes` is the length of the rush."""

    def __init__(
        self, up: Servers, *, minutes: float, per_minute: float, seed: int, webhook: bool = True
    ) -> None:
        self._up = up
        self._rush_s = minutes * 60
        self._per_minute = per_minute
        self._chance = random.Random(seed)  # noqa: S311  # which orders are shipped, not secrets
        specs = tuple(
            MallSpec(
                channel_code=spec.channel_code,
                name=spec.name,
                webhook=f"http://127.0.0.1:{up.settings.port}/in/{spec.name}"
                if webhook and spec.channel_code == "minato"
                else "",
            )
            for spec in MALLS
        )
        self.world = World(specs, seed=seed, speed=max(1.0, 2.0 / minutes))
        self.report = Report()
        self.shop_ids: Mapping[str, int] = {}
        self._ended = threading.Event()
        self._lost = 0
        self._limited_at = 0.0

    def run(self) -> Report:
        """Let it come, wait until all is quiet, and judge."""
        settings = self._up.settings
        load(self._up.admin_url, passwords=self._up.passwords, prefix=settings.role_prefix)
        with self.world:
            self.shop_ids = fill(settings, self.world)
            supervisor = Supervisor(self._up.place, settings, PARTS)
            try:
                supervisor.start()
                self._rush(supervisor)
                self._quieten(supervisor)
                self._judge_limit()
                self.report.findings += verdict.judge(self._up, self.world, self.shop_ids)
                self.report.figures["malls_orders"] = sum(
                    len(mall.fake.orders) for mall in self.world.malls.values()
                )
            finally:
                self._ended.set()
                supervisor.stop()
        return self.report

    @property
    def limited_s(self) -> float:
        """How many seconds one mall answers 429: five minutes from a rush of seven on, else its part."""
        return min(LIMITED_S, self._rush_s * LIMITED_PART)

    # --- The rush ---

    def _rush(self, supervisor: Supervisor) -> None:
        self._wait_for_levels(supervisor)
        warehouse = threading.Thread(target=self._work_in_the_warehouse, daemon=True)
        warehouse.start()
        for mall in self.world.malls.values():
            mall.faults(error_rate=0.02, lost_answer_rate=0.02, page_overlap=3)
            mall.visits.start(per_minute=self._per_minute / self.world_speed)
        started = time.monotonic()
        blows = sorted(self._blows(supervisor), key=lambda blow: blow.at)
        while (now := time.monotonic() - started) < self._rush_s or blows:
            while blows and now >= blows[0].at * self._rush_s:
                blow = blows.pop(0)
                say(f"{now:6.1f} 秒 {blow.name}", f"{now:6.1f} s {blow.name}")
                blow.act()
                self.report.blows.append(blow.name)
            self._tend(supervisor)
        for mall in self.world.malls.values():
            mall.visits.stop()
            mall.faults(error_rate=0, lost_answer_rate=0, rate_limited_s=0)
        self._ended.set()
        warehouse.join()

    @property
    def world_speed(self) -> float:
        """How fast the customers' time runs; a rush counts orders per real minute."""
        return max(1.0, 2.0 / (self._rush_s / 60))

    def _blows(self, supervisor: Supervisor) -> Sequence[Blow]:
        def kill(name: str) -> Blow:
            return Blow(at=0, name=f"kill -9 {name}", act=lambda: self._kill(supervisor, name))

        order = [
            kill("dispatch"),
            kill("worker-1"),
            Blow(at=0, name=f"{LIMITED} 429 ({self.limited_s:.0f} s)", act=self._limit),
            kill("worker-2"),
            Blow(at=0, name="FLUSHALL", act=self._flush),
            kill("worker-now"),
            Blow(at=0, name=f"{PAUSED} paused", act=lambda: self._pause(True)),
            kill("web"),
            Blow(at=0, name="kill -9 a backend of PostgreSQL", act=self._kill_backend),
            Blow(at=0, name=f"{LIMITED} says when to come again", act=self._say_when),
            kill("worker-1"),
            Blow(at=0, name="PostgreSQL restarted", act=self._restart_postgres),
            kill("worker-2"),
            Blow(at=0, name="Valkey restarted", act=self._restart_valkey),
            Blow(at=0, name="kill -9 PostgreSQL", act=lambda: self._kill_server(self._up.postgres)),
            Blow(at=0, name=f"{PAUSED} resumed", act=lambda: self._pause(False)),
            Blow(at=0, name="kill -9 Valkey", act=lambda: self._kill_server(self._up.valkey)),
            kill("dispatch"),
            Blow(at=0, name="FLUSHALL", act=self._flush),
        ]
        return [
            Blow(at=(place + 1) / (len(order) + 1), name=blow.name, act=blow.act)
            for place, blow in enumerate(order)
        ]

    def _limit(self) -> None:
        self._limited_at = time.monotonic()
        self.world.malls[LIMITED].faults(rate_limited_s=self.limited_s, retry_after_form="none")

    def _say_when(self) -> None:
        self.world.malls[LIMITED].faults(retry_after_form="seconds")

    def _flush(self) -> None:
        with redis.Redis.from_url(self._up.settings.redis_url) as client:
            client.flushall()

    def _pause(self, is_paused: bool) -> None:  # noqa: FBT001
        with self._connect() as connection:
            if is_paused:
                sql.call(connection, "channel.shop_pause", self.shop_ids[PAUSED], "storm")
            else:
                sql.call(connection, "channel.shop_resume", self.shop_ids[PAUSED])

    def _kill(self, supervisor: Supervisor, name: str) -> None:
        (child,) = [child for child in supervisor.children if child.part.name == name]

        def pid() -> int | None:
            process = child.process
            return process.pid if process is not None and process.poll() is None else None

        # A worker that has done its number of jobs is just being started again
        self._kill_one(name, pid, lambda: self._tend(supervisor))

    def _kill_server(self, server: Postgres | Valkey | None) -> None:
        if server is None:
            raise Missed("the server is not ours to kill")
        self._kill_one(type(server).__name__, server.pid, self._mend)

    def _kill_backend(self) -> None:
        def pid() -> int | None:
            with sql.connect(self._up.settings.database_url) as admin:
                found = sql.rows(admin, "storm_backend")
            return found[0].pid if found else None

        _kill_now("postgres", _until("a backend of PostgreSQL", pid, lambda: time.sleep(TEND_S)))

    def _kill_one(self, name: str, pid: Callable[[], int | None], mend: Callable[[], None]) -> None:
        """Kill what has this pid, and see that another one takes its place."""
        before = _until(name, pid, mend)
        _kill_now(name, before)
        _until(f"{name} again", lambda: None if (now := pid()) == before else now, mend)

    def _mend(self) -> None:
        self._up.mend()
        time.sleep(TEND_S)

    def _restart_postgres(self) -> None:
        self._restart(self._up.postgres)

    def _restart_valkey(self) -> None:
        self._restart(self._up.valkey)

    def _restart(self, server: Postgres | Valkey | None) -> None:
        if server is None:
            raise Missed("the server is not ours to restart")
        before = server.pid()
        server.stop()
        server.start(keep_port=True)
        if before is None or server.pid() in (None, before):
            raise Missed(f"{type(server).__name__} was not restarted")

    def _judge_limit(self) -> None:
        """See that a mall was really shut for its time, and that the others were served meanwhile."""
        # What came in the first or last moment may have been answered outside of it
        since, until = self._limited_at + 1, self._limited_at + self.limited_s - 1
        answers = [
            seen
            for seen in list(self.world.logs.requests)
            if seen.mall == LIMITED and since < seen.at < until
        ]
        others = [
            level
            for level in list(self.world.logs.levels)
            if level.mall != LIMITED and since < level.at < until
        ]
        self.report.figures |= {
            "limited_s": self.limited_s,
            "limited_answers_429": len(answers),
            "levels_told_others_meanwhile": len(others),
        }
        if not answers or any(seen.status != HTTPStatus.TOO_MANY_REQUESTS for seen in answers):
            self.report.findings.append(f"{LIMITED} did not answer 429 and nothing else")
        if not others:
            self.report.findings.append(f"nobody was told anything while {LIMITED} answered 429")

    # --- The warehouse ---

    def _work_in_the_warehouse(self) -> None:
        """Ship what may be shipped and receive goods, whatever else happens."""
        ship_at = receive_at = time.monotonic()
        serial = 0
        while not self._ended.is_set():
            now = time.monotonic()
            try:
                with self._connect() as connection:
                    if now >= ship_at:
                        ship_at = now + SHIP_EVERY_S
                        self._ship(connection)
                    if now >= receive_at:
                        receive_at = now + RECEIVE_EVERY_S
                        serial += 1
                        self._receive(connection, serial)
            except sql.errors.DatabaseUnavailable:
                self._lost += 1
            self._ended.wait(0.2)

    def _ship(self, connection: sql.Connection) -> None:
        for row in sql.rows(connection, "storm_ready", limit=SHIP_AT_ONCE):
            try:
                sql.call(
                    connection,
                    "shipping.shipment_post",
                    row.sales_order_id,
                    "yamato",
                    f"4{row.sales_order_id:011d}",
                )
            except (sql.errors.WrongState, sql.errors.Busy):
                # Cancelled at the shop in the same moment
                continue

    def _receive(self, connection: sql.Connection, serial: int) -> None:
        sku = self._chance.choice([sku for sku in self.world.skus if not sku.parts])
        found = sql.rows(connection, "storm_sku", sku_code=sku.sku_code)
        entry: dict[str, Any] = {**found[0]._asdict(), "quantity": 15, "cause_id": serial}
        sql.call(connection, "stock.stock_receive", "goods_receipt_line", sql.Json([entry]))

    # --- Waiting ---

    def _wait_for_levels(self, supervisor: Supervisor) -> None:
        """Customers come when the shelves of all malls are filled."""
        deadline = time.monotonic() + QUIET_S
        while time.monotonic() < deadline:
            if all(
                mall.fake.counters.levels_set >= len(self.world.skus)
                for mall in self.world.malls.values()
            ):
                return
            self._tend(supervisor)
        self.report.findings.append("the shelves were never filled")

    def _quieten(self, supervisor: Supervisor) -> None:
        """Wait until every mall is read to its end and every shop told."""
        started = time.monotonic()
        reason = ""
        while time.monotonic() - started < QUIET_S:
            self._tend(supervisor)
            try:
                reason = verdict.unrest(self._up, self.world, self.shop_ids)
            except sql.errors.DatabaseUnavailable:
                continue
            if not reason:
                self.report.figures["quiet_after_s"] = time.monotonic() - started
                return
            time.sleep(1.0)
        self.report.findings.append(f"not quiet after {QUIET_S:.0f} s: {reason}")

    def _tend(self, supervisor: Supervisor) -> None:
        self._up.mend()
        supervisor.tend()
        time.sleep(TEND_S)

    def _connect(self) -> sql.Connection:
        return sql.connect(self._up.settings.worker_database_url, account_id=SYSTEM_ACCOUNT)


def _until(name: str, pid: Callable[[], int | None], mend: Callable[[], None]) -> int:
    """Wait for a process to hit; raise `Missed` when none comes."""
    deadline = time.monotonic() + THERE_S
    while (found := pid()) is None:
        if time.monotonic() > deadline:
            raise Missed(f"{name} is not there")
        mend()
    return found


def _kill_now(name: str, pid: int) -> None:
    known = know(name, pid)
    os.kill(pid, signal.SIGKILL)
    if not wait_gone(known, seconds=THERE_S):
        raise Missed(f"{name} ({pid}) outlived its kill")
