"""The simulated malls over real sockets: faults, memory, and what their customers can do."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from scripts.world import MallSpec, World
from scripts.world.catalogue import catalogue, gtin
from scripts.world.journal import JournalInUse
from scripts.world.ports import kept_ports
from sync import contract, errors, registry
from sync.http import Http, LocalBudget
from sync.simulated.floor import SoldOut, order_from
from tests.contract.ground import Secrets

MALLS = (
    MallSpec(channel_code="hinode", name="hinode-1"),
    MallSpec(channel_code="minato", name="minato-1"),
)


@pytest.fixture
def world() -> Iterator[World]:
    with World(MALLS) as world:
        yield world


def connect(world: World, name: str) -> Any:
    mall = world.malls[name]
    access = contract.ShopAccess(
        shop_code=name,
        settings={"base_url": mall.url, "client_id": "daicho"},
        secrets=Secrets(mall.fake.credentials()),
        budget=LocalBudget({}),
    )
    return registry.open_channel(mall.spec.channel_code, access)


def stock_up(world: World, channel: Any, name: str, level: int = 50) -> None:
    code = world.malls[name].spec.channel_code
    wanted = [
        contract.StockLevel(external_listing_no=sku.listing_no(code), level=level)
        for sku in world.skus
    ]
    assert {outcome.status for outcome in channel.set_stock(wanted)} == {"done"}


def steer(url: str, path: str, body: Mapping[str, object] | None = None) -> Any:
    method = "GET" if body is None else "POST"
    answer = httpx.request(method, f"{url}/_world/{path}", json=body, trust_env=False)
    answer.raise_for_status()
    return answer.json()


@pytest.mark.parametrize("name", ["hinode-1", "minato-1"])
def test_an_order_goes_its_whole_way(world: World, name: str) -> None:
    channel = connect(world, name)
    stock_up(world, channel, name)
    code = world.malls[name].spec.channel_code
    sku = catalogue()[0]
    order = world.place_order(name, [(sku.listing_no(code), 3)])
    raws = [raw for page in channel.fetch_orders(None) for raw in page.items]
    assert [raw.external_no for raw in raws] == [order.order_no]
    (level,) = channel.fetch_stock([sku.listing_no(code)])
    assert level.level == 47
    shipment = contract.ShipmentDraft(
        external_order_no=order.order_no,
        tracking_no="400000000001",
        carrier_code="yamato",
        shipped_at=order.ordered_at,
    )
    assert [outcome.status for outcome in channel.post_shipments([shipment])] == ["done"]
    assert steer(world.urls[name], f"orders/{order.order_no}")["state"] == "shipped"
    channel.close()


def test_a_mall_sells_no_more_than_its_level(world: World) -> None:
    listing_no = catalogue()[0].listing_no("hinode")
    mall = world.malls["hinode-1"].fake
    mall.set_level(listing_no, 5)
    sold: list[str] = []

    def buy() -> None:
        for _ in range(4):
            try:
                sold.append(world.place_order("hinode-1", [(listing_no, 1)]).order_no)
            except SoldOut:
                continue

    threads = [threading.Thread(target=buy) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(sold)) == 5
    assert mall.listings[listing_no].level == 0
    assert mall.counters.sold_out == 15


def test_overselling_is_seen_across_malls_and_through_bundles(world: World) -> None:
    """The last cups are sold alone at one mall and in a bundle at the other."""
    cup = next(sku for sku in catalogue() if sku.sku_code == "YUN-B")
    pair = next(sku for sku in catalogue() if sku.sku_code == "SETC")
    world.malls["hinode-1"].fake.set_level(cup.listing_no("hinode"), cup.opening)
    world.malls["minato-1"].fake.set_level(pair.listing_no("minato"), 3)
    world.place_order("hinode-1", [(cup.listing_no("hinode"), cup.opening - 1)])
    assert world.oversold() == {}
    order = world.place_order("minato-1", [(pair.listing_no("minato"), 3)])
    assert world.oversold() == {"YUN-B": 2}
    world.cancel("minato-1", order.order_no, "out_of_stock")
    assert world.oversold() == {}
    assert world.malls["minato-1"].fake.counters.oversold == 3


def test_every_level_received_is_logged_with_its_time(world: World) -> None:
    channel = connect(world, "minato-1")
    before = time.monotonic()
    stock_up(world, channel, "minato-1", level=7)
    levels = list(world.logs.levels)
    assert {item.listing_no for item in levels} == {sku.listing_no("minato") for sku in catalogue()}
    assert {item.level for item in levels} == {7}
    assert before <= min(item.at for item in levels) <= max(item.at for item in levels)
    assert {item.path for item in world.logs.requests} == {"/oauth/token", "/graphql"}
    channel.close()


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"rate_limited_s": 30}, errors.RateLimited),
        ({"rate_limited_s": 30, "retry_after_form": "date"}, errors.RateLimited),
        ({"rate_limited_s": 30, "retry_after_form": "none"}, errors.RateLimited),
        ({"error_rate": 1.0}, errors.RemoteUnavailable),
        ({"cut_off_rate": 1.0}, errors.RemoteUnavailable),
        ({"lost_answer_rate": 1.0}, errors.RemoteUnavailable),
        ({"is_paused": True}, errors.RemoteUnavailable),
    ],
)
def test_each_fault_is_felt_and_passes(
    world: World, fault: Mapping[str, Any], expected: type[errors.SyncError]
) -> None:
    channel = connect(world, "hinode-1")
    channel.check()
    steer(world.urls["hinode-1"], "faults", fault)
    with pytest.raises(expected) as caught:
        channel.check()
    if expected is errors.RateLimited:
        said = fault.get("retry_after_form") != "none"
        assert caught.value.retry_after_s == (pytest.approx(30, abs=2) if said else 2)
    world.malls["hinode-1"].box.clear()
    assert channel.check().shop_name
    channel.close()


def test_a_lost_answer_means_the_work_was_done(world: World) -> None:
    channel = connect(world, "hinode-1")
    channel.check()
    listing_no = catalogue()[0].listing_no("hinode")
    world.faults("hinode-1", lost_answer_rate=1.0)
    with pytest.raises(errors.RemoteUnavailable):
        channel.set_stock([contract.StockLevel(external_listing_no=listing_no, level=9)])
    assert world.malls["hinode-1"].fake.listings[listing_no].level == 9
    channel.close()


def test_a_mall_that_drips_is_given_up(world: World) -> None:
    """One byte each 0.2 s never trips a time-out per read; the whole answer has its own."""
    server = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        held, _ = server.accept()
        held.recv(65536)
        held.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        with held, contextlib.suppress(OSError):
            for _ in range(50):
                held.sendall(b" ")
                time.sleep(0.2)

    dripping = threading.Thread(target=drip, daemon=True)
    dripping.start()
    port = server.getsockname()[1]
    http = Http(f"http://127.0.0.1:{port}", shop_code="x", budget=LocalBudget({}), timeout_s=1.0)
    started = time.monotonic()
    with pytest.raises(errors.TimedOut):
        http.request("GET", "/", operation="x")
    assert time.monotonic() - started < 3
    http.close()
    server.close()
    dripping.join(timeout=3)


def test_unknown_faults_and_paths_are_refused(world: World) -> None:
    for path, body in (
        ("faults", {"gremlins": 1}),
        ("faults", {"latency_s": -1}),
        ("faults", {"is_paused": 3}),
        ("faults", {"error_rate": True}),
        ("faults", {"retry_after_form": "never"}),
        ("customers", {}),
        ("nowhere", {}),
        ("orders", {"wanted": 5}),
    ):
        with pytest.raises(httpx.HTTPStatusError) as caught:
            steer(world.urls["hinode-1"], path, body)
        assert caught.value.response.status_code in {400, 404}


def test_orders_can_be_placed_from_outside(world: World) -> None:
    listing_no = catalogue()[0].listing_no("minato")
    world.malls["minato-1"].fake.set_level(listing_no, 2)
    order = steer(world.urls["minato-1"], "orders", {"wanted": [[listing_no, 2]], "note": "急ぎ"})
    assert order["lines"] == [[listing_no, 2]]
    with pytest.raises(httpx.HTTPStatusError) as caught:
        steer(world.urls["minato-1"], "orders", {"wanted": [[listing_no, 1]]})
    assert caught.value.response.status_code == 409
    steer(world.urls["minato-1"], f"orders/{order['order_no']}/cancel", {})
    assert steer(world.urls["minato-1"], f"orders/{order['order_no']}")["state"] == "cancelled"


def test_customers_come_and_do_all_kinds_of_things(world: World) -> None:
    for name, mall in world.malls.items():
        for listing in mall.fake.listings.values():
            listing.level = 500
        mall.visits._speed = 100
        mall.visits.start(per_minute=60)
        assert steer(world.urls[name], "")["per_minute"] == 60
    deadline = time.monotonic() + 15
    wanted = {"cancelled", "changed", "paid_late", "noted", "abroad", "unfixed"}
    seen: set[str] = set()
    while time.monotonic() < deadline and seen < wanted:
        time.sleep(0.2)
        for mall in world.malls.values():
            with mall.fake.lock:
                orders = list(mall.fake.orders.values())
            for order in orders:
                late = order.paid_at is not None and order.paid_at != order.ordered_at
                seen |= {
                    name
                    for name, holds in (
                        ("cancelled", order.state == "cancelled"),
                        ("changed", order.revision > 1),
                        ("paid_late", late),
                        ("noted", bool(order.basket.note)),
                        ("abroad", order.basket.currency_code == "USD"),
                        ("unfixed", order.basket.shipping_fee is None),
                    )
                    if holds
                }
    assert seen == wanted


@pytest.mark.parametrize("ending", ["stopped", "killed", "killed while writing"])
def test_a_restarted_world_goes_on_where_it_was(tmp_path: Path, ending: str) -> None:
    with World(MALLS, data=tmp_path) as world:
        world.faults("minato-1", duplicate_rate=0.5, reorder_rate=0.3)
        for name, mall in world.malls.items():
            for listing_no in list(mall.fake.listings)[:30]:
                mall.fake.set_level(listing_no, 40)
            for _ in range(25):
                order = world.place_order(name)
            world.change(name, order.order_no, note="変更")
            world.cancel(name, order.order_no)
        channel = connect(world, "minato-1")
        pages = list(channel.fetch_orders(None))
        secrets = channel._client._access.secrets.held
        before = {name: dict(mall.fake.orders) for name, mall in world.malls.items()}
        levels = {
            name: {no: item.level for no, item in mall.fake.listings.items()}
            for name, mall in world.malls.items()
        }
        channel.close()
        if ending != "stopped":
            copies = {path: path.read_bytes() for path in (tmp_path / "world").glob("*.jsonl")}
    if ending != "stopped":
        for path, body in copies.items():
            path.write_bytes(body + (b'{"kind": "lev' if "writing" in ending else b""))
    with World(MALLS, data=tmp_path) as again:
        for name, mall in again.malls.items():
            assert mall.fake.orders == before[name]
            assert {no: item.level for no, item in mall.fake.listings.items()} == levels[name]
            order = again.place_order(name)
            assert order.order_no not in before[name]
        channel = connect(again, "minato-1")
        channel._client._access.secrets.held = secrets
        new = [raw for page in channel.fetch_orders(pages[-1].cursor) for raw in page.items]
        assert order.order_no in {raw.external_no for raw in new}
        assert len(new) <= 3
        channel.close()


def test_two_worlds_never_share_one_memory(tmp_path: Path) -> None:
    with World(MALLS, data=tmp_path), pytest.raises(JournalInUse):
        World(MALLS, data=tmp_path)
    with World(MALLS, data=tmp_path) as later:
        assert later.malls["hinode-1"].fake.listings


def test_a_mall_may_close_and_open_again_on_its_port(world: World) -> None:
    channel = connect(world, "hinode-1")
    channel.check()
    server = world.malls["hinode-1"].server
    port = server.port
    server.stop()
    with pytest.raises(errors.RemoteUnavailable):
        channel.check()
    server.start()
    assert server.port == port
    assert channel.check().shop_name
    channel.close()


def test_webhooks_reach_our_door_signed() -> None:
    told: list[tuple[Mapping[str, str], bytes]] = []
    server = socket.create_server(("127.0.0.1", 0))

    def door() -> None:
        held, _ = server.accept()
        with held:
            head, _, body = held.recv(65536).partition(b"\r\n\r\n")
            lines = head.decode().split("\r\n")[1:]
            size = next(int(line[15:]) for line in lines if line.lower().startswith("content-l"))
            while len(body) < size:
                body += held.recv(65536)
            told.append((dict(line.split(": ", 1) for line in lines), body))
            held.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    thread = threading.Thread(target=door, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.getsockname()[1]}/"
    spec = MallSpec(channel_code="minato", name="minato-1", webhook=url)
    with World((spec,)) as world:
        world.malls["minato-1"].fake.set_level("SEN-100", 5)
        order = world.place_order("minato-1", [("SEN-100", 1)])
        thread.join(timeout=5)
        channel = connect(world, "minato-1")
        headers, body = told[0]
        nudge = channel.verify(headers, body, now=world.malls["minato-1"].fake.clock())
        assert nudge.external_no == order.order_no
        channel.close()
    server.close()


def test_ports_are_chosen_once(tmp_path: Path) -> None:
    first = kept_ports(tmp_path)
    assert kept_ports(tmp_path) == first
    assert first.keys() == {"hinode-1", "minato-1", "post"}


def test_the_catalogue_is_whole() -> None:
    skus = {sku.sku_code: sku for sku in catalogue()}
    assert len(skus) == len(catalogue())
    assert len({sku.product_code for sku in catalogue()}) >= 60
    assert len({sku.gtin for sku in catalogue()}) == len(catalogue())
    for code in ("hinode", "minato"):
        assert len({sku.listing_no(code) for sku in catalogue()}) == len(catalogue())
    assert {sku.tax_rate for sku in catalogue()} == {Decimal("0.08"), Decimal("0.10")}
    shared = [part for sku in catalogue() for part, _ in sku.parts]
    assert len(shared) > len(set(shared))
    assert all(skus[part].opening for part in shared)
    assert any(sku.on_sale_in_days for sku in catalogue())
    assert gtin(1) == "2000000000015"


def test_an_order_survives_its_journal(world: World) -> None:
    world.malls["hinode-1"].fake.set_level("sen/100", 9)
    order = world.place_order("hinode-1", [("sen/100", 1)], shipping_fee=None)
    line = json.dumps(asdict(order), default=str, ensure_ascii=False)
    assert order_from(json.loads(line)) == order
