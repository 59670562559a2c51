"""A house with two simulated malls: the demo's shop on a database of this test's own."""

import base64
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

import sql
from config import Settings
from scripts import demo
from scripts.world.world import World
from sync import dispatch, jobs, queue
from sync.shops import Context
from tests.conftest import clone, drop

MALLS = ("hinode-1", "minato-1")
KEY = base64.urlsafe_b64encode(b"k" * 32).decode()


@dataclass
class House:
    """Daicho beside a world, its jobs run in this process, one step at a time."""

    settings: Settings
    world: World
    shop_ids: dict[str, int]
    context: Context
    dispatcher: dispatch.Dispatcher
    admin: Any

    @property
    def connection(self) -> Any:
        return self.context.connection

    def one(self, query: str, *values: Any) -> Any:
        """The first row of a query, as the administrator."""
        return self.admin.execute(query, values).fetchone()

    def all(self, query: str, *values: Any) -> list[Any]:
        return self.admin.execute(query, values).fetchall()

    def pull(self, mall: str) -> Any:
        from sync.pulling import pull_orders

        return pull_orders(self.context, self.shop_ids[mall])

    def step(self) -> int:
        """Sweep once and run every name that was put on the queue; return how many ran."""
        self.dispatcher.sweep(self.connection)
        ran = 0
        for lane in queue.LANES:
            lane_queue = queue.lane(self.context.redis, lane)
            for job_id in lane_queue.get_job_ids():
                lane_queue.remove(job_id)
                job = queue.OurJob.fetch(
                    job_id, connection=self.context.redis, serializer=queue.JSONSerializer
                )
                job.func(*job.args)
                job.delete()
                ran += 1
        return ran

    def settle(self, limit: int = 60) -> None:
        """Step until nothing is due."""
        for _ in range(limit):
            if not self.step() and not self.one(
                "select 1 from transit.sku_changed union all select 1 from transit.push"
                " where is_due and not is_refused and due_at <= clock_timestamp() limit 1"
            ):
                return
        raise AssertionError("it does not settle")

    def levels_differ(self) -> list[Any]:
        """Malls' levels that are not ours: (mall, listing, theirs, ours)."""
        wrong = []
        for name, shop_id in self.shop_ids.items():
            if name not in self.world.malls:
                continue
            listings = self.world.malls[name].fake.listings
            for row in self.all(
                "select external_listing_no, level from channel.listing_level where shop_id = %s",
                shop_id,
            ):
                theirs = listings[row.external_listing_no].level
                if theirs != row.level:
                    wrong.append((name, row.external_listing_no, theirs, row.level))
        return wrong

    def checks(self) -> dict[str, int]:
        """Findings of the checks, those that found something."""
        found = sql.call(self.connection, "staff.checks_run")
        return {row.check_name: row.findings for row in found if row.findings}

    def inbox(self) -> list[Any]:
        return self.all(
            "select inbox_reason::text as reason, subject, detail, seen from transit.inbox"
            " where closed_at is null order by inbox_id"
        )

    def ask(self, job: str, lane: str = "now", **arguments: Any) -> Any:
        """Ask for a job, run it, return its row."""
        number = sql.value(self.connection, "transit.job_ask", lane, job, sql.Json(arguments))
        jobs.run_request(number)
        return self.one("select * from transit.job_request where job_request_id = %s", number)


@pytest.fixture(scope="session")
def filled(server: Any, template: str) -> Iterator[str]:
    """The name of a database with the demo's shop in it, made once: houses are its clones."""
    database = clone(server, template)
    settings = replace(server.settings, worker_database_url=database.worker, secret_keys=(KEY,))
    nowhere = dict.fromkeys(MALLS, "http://127.0.0.1:1")
    demo.fill(settings, nowhere)
    with sql.connect(database.admin) as admin:
        # Nothing runs by the clock here: a test says what happens
        admin.execute("update transit.schedule set is_on = false")
    yield database.name
    drop(server, database)


@pytest.fixture
def house_database(server: Any, filled: str) -> Iterator[Any]:
    """A clone of the filled database."""
    database = clone(server, filled)
    yield database
    drop(server, database)


@pytest.fixture
def world() -> Iterator[World]:
    with World() as running:
        yield running


@pytest.fixture
def settings(server: Any, house_database: Any) -> Settings:
    return replace(
        server.settings,
        worker_database_url=house_database.worker,
        web_database_url=house_database.web,
        database_url=house_database.admin,
        secret_keys=(KEY,),
    )


@pytest.fixture
def house(settings: Settings, house_database: Any, world: World) -> Iterator[House]:
    client = queue.connect(settings.redis_url)
    client.flushall()
    context = jobs.begin(settings)
    # The same chance in every run
    context.chance = random.Random(1)
    dispatcher = dispatch.Dispatcher(settings)
    with sql.connect(house_database.admin) as admin:
        # Without its triggers: another address would empty the secrets that the demo gave
        admin.execute("set session_replication_role = replica")
        for name, url in world.urls.items():
            admin.execute(
                "update channel.shop set settings = settings || jsonb_build_object('base_url', %s::text)"
                " where shop_code = %s",
                (url, name),
            )
        admin.execute("reset session_replication_role")
        shops = admin.execute("select shop_code::text, shop_id from channel.shop").fetchall()
        # A clone sends nothing until it is told to
        for kind in ("stock", "shipment"):
            sql.call(context.connection, "transit.outgoing_set", kind, True)
        yield House(
            settings=settings,
            world=world,
            shop_ids={row.shop_code: row.shop_id for row in shops},
            context=context,
            dispatcher=dispatcher,
            admin=admin,
        )
    context.close()
    dispatcher.close()
    client.flushall()
    client.close()
