"""From the start of a process to its first page after signing in, with ever more tables."""

from __future__ import annotations

import re
import subprocess
import time
from dataclasses import replace

import httpx

import sql
from app.people import owner_make
from config import PROJECT, Settings
from scripts.benches import Context, Database, Result
from scripts.servers.ports import free_port
from scripts.supervisor.parts import PARTS, environment_for

WEB = next(part for part in PARTS if part.name == "web")
RELATIONS: tuple[int, ...] = (75, 150, 300)
ROUNDS = 3
START_MAX_S = 60
COUNT = (
    "select count(*) from pg_class where relkind in ('r', 'v', 'm', 'p') and relnamespace::regnamespace::text"
    " in ('base', 'catalog', 'channel', 'customer', 'sales', 'stock', 'shipping', 'mail', 'document', 'transit', 'staff', 'report', 'own')"
)


def plant(admin: sql.Connection, wanted: int) -> int:
    """Make tables of a shop's own until there are so many relations; returns how many there are."""
    there = sql.run(admin, COUNT)[0][0]
    for number in range(there, wanted):
        name = f"own.plant_{number}"
        sql.run(
            admin,
            f"create table {name} (plant_id bigint generated always as identity primary key,"
            " name text not null, amount numeric(12, 2), noted_on date, is_on boolean,"
            " sku_id bigint references catalog.sku)",
        )
        sql.run(admin, f"comment on table {name} is '独自の表 {number}。 | Own table {number}.'")
        sql.run(admin, f"comment on column {name}.name is '名前。 | Name.'")
        sql.run(admin, f"grant select, insert, update, delete on {name} to daicho_owner")
    return sql.run(admin, COUNT)[0][0]


def first_page(settings: Settings, login: str, password: str) -> float:
    """Start a web process, sign in, read the order list; returns seconds from the start."""
    port = free_port()
    began = time.perf_counter()
    settings = replace(settings, port=port)
    process = subprocess.Popen(
        WEB.command,
        cwd=PROJECT,
        env=environment_for(WEB, settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, follow_redirects=True, timeout=30
        ) as client:
            form = ""
            while not form:
                try:
                    form = client.get("/login/").text
                except httpx.TransportError:
                    if time.perf_counter() - began > START_MAX_S:
                        raise
                    time.sleep(0.01)
            token = re.search(r'name="csrf_token" value="([^"]+)"', form)
            assert token, form[:200]  # noqa: S101 - a page without its form measures nothing
            client.post(
                "/login/",
                data={"username": login, "password": password, "csrf_token": token[1]},
            )
            page = client.get("/sales/sales_order/list/")
            if not page.is_success or "/sales/sales_order/list/" not in str(page.url):
                message = f"the list answered {page.status_code} at {page.url}"
                raise AssertionError(message)
            return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(timeout=20)


def settings_for(context: Context, database: Database) -> Settings:
    """The run's settings, at the benchmark's own database."""
    return replace(
        context.servers.settings,
        web_database_url=database.web,
        worker_database_url=database.worker,
    )


def run(context: Context) -> Result:
    """75, 150 and 300 relations, the best of three starts each, turn by turn."""
    made: dict[int, tuple[Settings, str, str]] = {}
    databases: list[Database] = []
    for wanted in RELATIONS:
        database = context.database()
        databases.append(database)
        with sql.connect(database.admin) as admin:
            plant(admin, wanted)
        settings = settings_for(context, database)
        login = owner_make(settings)
        assert login is not None  # noqa: S101 - the database is new
        made[wanted] = (settings, *login)
    best: dict[int, float] = dict.fromkeys(RELATIONS, float("inf"))
    for _ in range(1 if context.quick else ROUNDS):
        for wanted, way_in in made.items():
            best[wanted] = min(best[wanted], first_page(*way_in))
    for database in databases:
        context.drop(database)
    return Result(
        ratios={
            "seconds_at_150": best[150],
            "300_to_75": best[300] / best[75],
        },
        targets={"seconds_at_150": ("<=", 3.0), "300_to_75": ("<=", 1.2)},
        figures={f"start to first page, {count} relations, s": best[count] for count in RELATIONS},
    )
