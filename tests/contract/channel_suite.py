"""What every channel must do. Inherited, never copied.

The test file of a connector is ``class TestRakuten(ChannelSuite, code="rakuten"): ...`` and its special cases.
Cases are chosen by what the class can do. A case that does not hold for a channel that has the capability needs
its name and a reason under ``[exempt]`` in the manifest.
"""

from __future__ import annotations

import ast
import copy
import importlib
import importlib.util
import json
import logging
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
import structlog

from sync import contract, errors, registry
from sync.http import Http, LocalBudget
from sync.simulated.floor import Basket, FakeMall, MallListing, MallOrder, MallPerson

SHOP = "https://shop.invalid"
NOW = datetime(2026, 11, 23, 1, 2, 3, 456000, tzinfo=UTC)
LISTINGS = 130
HEADINGS = ("Get credentials", "Set up", "Known limits", "Troubleshooting", "Remove")

BUYER = MallPerson(
    family_name="見本氏名",
    given_name="花子",
    family_kana="ミホンシメイ",
    given_kana="ハナコ",
    email="hanako.mihon@example.com",
    phone="090-0000-1234",
    postal_code="150-0001",
    region="東京都",
    city="渋谷区",
    street="神宮前仮番地1-2-3",
)
PERSONAL = ("見本氏名", "花子", "ミホンシメイ", "hanako.mihon", "0000-1234", "仮番地", "秘密の備考")


def needs(*capabilities: str) -> Callable[[Any], Any]:
    """Choose a case for channels that can do all of this; ``remote`` is one that talks HTTP."""

    def mark(case: Any) -> Any:
        case.needs = capabilities
        return case

    return mark


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Secrets:
    """Secrets of a shop with a memory, as the database keeps them."""

    def __init__(self, held: Mapping[str, str]) -> None:
        self.held = dict(held)
        self.seen = set(held.values())

    def read(self) -> Mapping[str, str]:
        return dict(self.held)

    def keep(self, changed: Mapping[str, str]) -> None:
        self.held |= changed
        self.seen |= set(changed.values())


class Recorder(httpx.BaseTransport):
    """Passes requests on and remembers them; from request `fail_from` on, `failure` answers."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner
        self.requests: list[httpx.Request] = []
        self.fail_from: int | None = None
        self.failure: Callable[[httpx.Request], httpx.Response] = lambda _: httpx.Response(503)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.fail_from is not None and len(self.requests) > self.fail_from:
            return self.failure(request)
        return self.inner.handle_request(request)


def _time_out(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


def _cut_connection(request: httpx.Request) -> httpx.Response:
    raise httpx.RemoteProtocolError("cut", request=request)


def _refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def _slow_down(**headers: str) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(429, headers=headers)


DATE = {"Date": "Mon, 23 Nov 2026 00:00:00 GMT", "Retry-After": "Mon, 23 Nov 2026 00:00:09 GMT"}

# What a remote may answer instead of an answer, the error it must become, and when to come back.
FAULTS: Mapping[str, tuple[Callable[..., httpx.Response], type[errors.SyncError], float | None]] = {
    "401": (lambda _: httpx.Response(401), errors.CredentialsRefused, None),
    "403": (lambda _: httpx.Response(403), errors.PermissionMissing, None),
    "404": (lambda _: httpx.Response(404), errors.ContractBroken, None),
    "408": (lambda _: httpx.Response(408), errors.TimedOut, None),
    "422": (lambda _: httpx.Response(422), errors.ContractBroken, None),
    "429 in seconds": (_slow_down(**{"Retry-After": "7"}), errors.RateLimited, 7),
    "429 until a date": (lambda _: httpx.Response(429, headers=DATE), errors.RateLimited, 9),
    "429 silent": (_slow_down(), errors.RateLimited, 2),
    "429 for ever": (_slow_down(**{"Retry-After": "9" * 40}), errors.RateLimited, 3600),
    "429 with nonsense": (_slow_down(**{"Retry-After": "soon"}), errors.RateLimited, 2),
    "500": (lambda _: httpx.Response(500), errors.RemoteUnavailable, None),
    "503 with a time": (
        lambda _: httpx.Response(503, headers={"Retry-After": "5"}),
        errors.RemoteUnavailable,
        5,
    ),
    "time-out": (_time_out, errors.TimedOut, None),
    "cut connection": (_cut_connection, errors.RemoteUnavailable, None),
    "refused connection": (_refuse, errors.RemoteUnavailable, None),
    "cut-off JSON": (
        lambda _: httpx.Response(200, content=b'{"orders": [{"id": "1"}'),
        errors.RemoteUnavailable,
        None,
    ),
    "empty": (lambda _: httpx.Response(200, content=b""), errors.RemoteUnavailable, None),
    "page of HTML": (
        lambda _: httpx.Response(200, html="<h1>maintenance</h1>"),
        errors.RemoteUnavailable,
        None,
    ),
    "redirect": (
        lambda _: httpx.Response(302, headers={"Location": "https://elsewhere.invalid/"}),
        errors.ContractBroken,
        None,
    ),
    "list": (lambda _: httpx.Response(200, json=[]), errors.ContractBroken, None),
    "text": (lambda _: httpx.Response(200, text="OK"), errors.ContractBroken, None),
    "other object": (lambda _: httpx.Response(200, json={"ok": 1}), errors.ContractBroken, None),
    "deep JSON": (
        lambda _: httpx.Response(200, content=b'{"a":' + b"[" * 200_000),
        errors.SyncError,
        None,
    ),
}


class ChannelSuite:
    """The cases. `fake`, `recorder`, `channel` belong to one case."""

    code: ClassVar[str]
    settings: ClassVar[Mapping[str, object]] = {"base_url": SHOP, "client_id": "daicho"}

    def __init_subclass__(cls, code: str = "", **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if code:
            cls.code = code

    # --- What a case stands on ---

    @pytest.fixture(autouse=True)
    def _choose(self, request: pytest.FixtureRequest) -> None:
        name = request.function.__name__
        if reason := registry.manifest(self.code).exemptions.get(name):
            pytest.skip(reason)
        can = set(contract.capabilities(registry.channel_class(self.code)))
        if importlib.util.find_spec(f"sync.channels.{self.code}.client"):
            can.add("remote")
        missing = set(getattr(request.function, "needs", ())) - can
        if missing:
            pytest.skip(f"{self.code} has no capability {min(missing)!r}")

    @pytest.fixture(autouse=True)
    def _nothing_personal_is_logged(
        self, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
    ) -> Iterator[None]:
        """Reads the log of every case, at every level, for credentials and persons."""
        caplog.set_level(logging.DEBUG)
        with structlog.testing.capture_logs() as events:
            yield
        # caplog.text would be that of the teardown alone.
        told_plainly = [
            logging.Formatter().format(record)
            for phase in ("setup", "call")
            for record in caplog.get_records(phase)
        ]
        text = json.dumps([events, told_plainly], default=str, ensure_ascii=False)
        secrets = getattr(self, "_secrets", None)
        forbidden = [*PERSONAL, *(secrets.seen if secrets else ())]
        told = [word for word in forbidden if word and word in text]
        assert told == [], f"{request.function.__name__} told {told} to the log"

    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def fake(self, clock: Clock) -> Any:
        module = importlib.import_module(f"sync.channels.{self.code}.fake")
        fake = module.Fake(clock=clock)
        unbounded = {"per_second", "cost_per_second"} & vars(fake).keys()
        for name in unbounded:
            setattr(fake, name, 1e9)
        self.offer(fake)
        return fake

    @pytest.fixture
    def recorder(self, fake: Any) -> Recorder:
        return Recorder(httpx.WSGITransport(app=fake))

    @pytest.fixture
    def channel(self, fake: Any, recorder: Recorder) -> Any:
        return self.connect(recorder, fake.credentials())

    def connect(self, transport: httpx.BaseTransport, secrets: Mapping[str, str]) -> Any:
        """Open the connector over a transport of ours."""
        self._secrets = Secrets(secrets)
        access = contract.ShopAccess(
            shop_code="suite", settings=self.settings, secrets=self._secrets
        )
        client = importlib.import_module(f"sync.channels.{self.code}.client").Client(
            Http(SHOP, shop_code="suite", budget=LocalBudget({}), transport=transport), access
        )
        return registry.channel_class(self.code)(client)  # type: ignore[call-arg]  # as open() does

    # --- What a connector's test may say in its own way ---

    def offer(self, fake: FakeMall) -> None:
        """Put listings into the fake."""
        for number in range(LISTINGS):
            fake.put_listing(
                MallListing(
                    listing_no=self.listing_no(number),
                    item_no=f"tea{number}",
                    name="煎茶",
                    option="100g",
                    sku_code=f"TEA-{number}",
                    gtin="",
                    price=Decimal(1080),
                    tax_rate=Decimal("0.08"),
                    level=1000,
                )
            )

    def listing_no(self, number: int) -> str:
        """Number of a listing as this mall writes it."""
        return f"tea{number}/std"

    def an_order(self, fake: FakeMall, **choices: Any) -> MallOrder:
        """Let somebody buy."""
        basket = Basket(
            wanted=((self.listing_no(1), 2), (self.listing_no(2), 1)),
            buyer=BUYER,
            recipient=BUYER,
            shipping_fee=Decimal(660),
            note="秘密の備考",
        )
        return fake.place(replace(basket, **choices))

    def orders(self, fake: FakeMall, count: int, *, clock: Clock, apart_s: float = 0.7) -> None:
        """Let many people buy, some in the same second."""
        for _ in range(count):
            self.an_order(fake)
            clock.move(apart_s)

    def drafts(self, channel: Any, cursor: contract.Cursor | None = None) -> Mapping[str, Any]:
        """Read everything after a cursor; the newest draft of an order wins, as at intake."""
        newest: dict[str, contract.OrderDraft] = {}
        for page in channel.fetch_orders(cursor):
            for raw in page.items:
                keep_newest(newest, channel.parse_order(raw))
        return newest

    # --- The connector says what it is ---

    def test_manifest_class_and_folder_agree(self) -> None:
        manifest = registry.manifest(self.code)
        found = registry.channel_class(self.code)
        assert found.code == manifest.code == self.code
        assert contract.capabilities(found) == manifest.capabilities
        folder = registry.CHANNELS / self.code
        wanted = {"manifest.toml", "__init__.py", "channel.py", "mapping.py", "README.md"}
        assert wanted <= {path.name for path in folder.iterdir()}

    def test_a_class_implements_all_that_its_protocols_ask(self) -> None:
        found = registry.channel_class(self.code)
        assert getattr(found, "__abstractmethods__", frozenset()) == frozenset()

    def test_every_exemption_names_a_case_and_a_reason(self) -> None:
        for name, reason in registry.manifest(self.code).exemptions.items():
            assert hasattr(self, name), name
            assert len(reason) > 20, f"{name} needs a reason"

    def test_the_readme_has_its_headings(self) -> None:
        text = (registry.CHANNELS / self.code / "README.md").read_text("utf-8")
        headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
        for heading in HEADINGS:
            assert any(line.endswith(f"| {heading}") for line in headings), heading

    @needs("stock")
    def test_the_batch_size_is_the_published_one(self) -> None:
        found: Any = registry.channel_class(self.code)
        assert found.stock_batch_max == registry.manifest(self.code).sizes["stock_batch"]

    def test_mapping_is_pure(self) -> None:
        """No network, clock, randomness, files or settings: by what it imports and calls."""
        path = registry.CHANNELS / self.code / "mapping.py"
        tree = ast.parse(path.read_text("utf-8"))
        imported: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            if isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
        impure = {"httpx", "time", "random", "secrets", "os", "io", "pathlib", "socket", "config"}
        assert imported & impure == set()
        called = {
            node.func.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert called & {"now", "today", "utcnow"} == set()

    # --- The remote is there, or is not ---

    @needs("remote")
    def test_check_names_the_shop(self, channel: Any, fake: Any) -> None:
        assert channel.check().shop_name == fake.shop_name

    @needs("remote")
    def test_closing_twice_is_no_error(self, channel: Any) -> None:
        channel.close()
        channel.close()

    @needs("remote")
    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("call", ["check", "fetch_orders", "set_stock"])
    def test_a_fault_gives_its_error(
        self, channel: Any, recorder: Recorder, fault: str, call: str
    ) -> None:
        answer, expected, after_s = FAULTS[fault]
        channel.check()
        recorder.failure, recorder.fail_from = answer, 0
        with pytest.raises(expected) as caught:
            self._call(channel, call)
        if after_s is not None:
            assert caught.value.retry_after_s == after_s  # type: ignore[attr-defined]

    def _call(self, channel: Any, call: str) -> None:
        can = contract.capabilities(type(channel))
        if call == "fetch_orders" and "orders" in can:
            list(channel.fetch_orders(None))
        elif call == "set_stock" and "stock" in can:
            channel.set_stock([contract.StockLevel(external_listing_no="a/b", level=1)])
        else:
            channel.check()

    @needs("remote")
    def test_an_answer_without_end_is_not_read(self, recorder: Recorder, channel: Any) -> None:
        def endless() -> Iterator[bytes]:
            while True:
                yield b" " * 1_000_000

        recorder.failure = lambda _: httpx.Response(200, content=endless())
        recorder.fail_from = 0
        with pytest.raises(errors.ContractBroken):
            channel.check()

    # --- Orders ---

    @needs("orders", "remote")
    def test_reading_twice_gives_the_same(self, channel: Any, fake: Any, clock: Clock) -> None:
        self.orders(fake, 30, clock=clock)
        clock.move(60)
        assert self.drafts(channel) == self.drafts(channel)
        assert len(self.drafts(channel)) == 30

    @needs("orders", "remote")
    def test_a_crash_between_any_two_pages_loses_nothing(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        self.orders(fake, 260, clock=clock, apart_s=0.05)
        clock.move(60)
        whole = self.drafts(channel)
        pages = list(channel.fetch_orders(None))
        assert len(pages) > 2
        for cut, page in enumerate(pages):
            seen = [channel.parse_order(raw) for before in pages[: cut + 1] for raw in before.items]
            merged = {draft.external_order_no: draft for draft in seen}
            for draft in self.drafts(channel, page.cursor).values():
                keep_newest(merged, draft)
            assert merged == whole

    @needs("orders", "remote")
    def test_orders_that_come_while_we_read_are_not_lost(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        """Between any two pages some are changed, so that lists shift under the reader."""
        self.orders(fake, 260, clock=clock, apart_s=0.05)
        early = list(fake.orders)
        newest: dict[str, contract.OrderDraft] = {}
        cursor = None
        for turn in range(2):
            for number, page in enumerate(channel.fetch_orders(cursor)):
                for raw in page.items:
                    keep_newest(newest, channel.parse_order(raw))
                cursor = page.cursor
                if turn == 0 and number < 6:
                    for order_no in early[number * 7 : number * 7 + 7]:
                        fake.change(order_no, note=f"changed {number}")
                    self.an_order(fake)
                    clock.move(0.3)
            clock.move(5)
        assert newest.keys() == fake.orders.keys()
        for order_no, order in fake.orders.items():
            assert newest[order_no].buyer_note == order.basket.note

    @needs("orders", "remote")
    def test_a_second_change_within_a_second_is_seen(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        order = self.an_order(fake)
        pages = list(channel.fetch_orders(None))
        clock.move(0.1)
        fake.change(order.order_no, note="二度目")
        clock.move(2)
        assert self.drafts(channel, pages[-1].cursor)[order.order_no].buyer_note == "二度目"

    @needs("orders", "remote")
    def test_nothing_new_is_soon_said(self, channel: Any, fake: Any, clock: Clock) -> None:
        """A shop where nothing happens is not read again and again."""
        self.orders(fake, 5, clock=clock)
        cursor = None
        for _ in range(3):
            clock.move(10)
            for page in channel.fetch_orders(cursor):
                cursor = page.cursor
        assert [raw for page in channel.fetch_orders(cursor) for raw in page.items] == []

    @needs("orders", "remote")
    def test_overlapping_pages_lose_nothing(self, channel: Any, fake: Any, clock: Clock) -> None:
        self.orders(fake, 260, clock=clock, apart_s=0.05)
        clock.move(60)
        fake.page_overlap = 7
        assert self.drafts(channel).keys() == fake.orders.keys()

    @needs("orders", "remote")
    def test_an_order_is_read_as_the_mall_says_it(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        order = self.an_order(fake, points_used=Decimal(100), is_gift=True, customer_no="C1")
        draft = self.drafts(channel)[order.order_no]
        assert draft.total == order.total
        assert draft.item_total == order.item_total
        assert draft.points_used == 100
        assert draft.shipping_fee == 660
        assert (draft.is_gift, draft.external_customer_no) == (True, "C1")
        assert draft.buyer.email == BUYER.email
        assert draft.buyer.postal_code == "150-0001"
        assert [line.external_listing_no for line in draft.lines] == [
            self.listing_no(1),
            self.listing_no(2),
        ]
        assert [line.quantity for line in draft.lines] == [2, 1]
        assert sum(payment.amount for payment in draft.payments) == order.total
        assert not draft.is_cancelled

    @needs("orders", "remote")
    def test_a_late_payment_and_a_cancel_are_seen(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        order = self.an_order(fake, is_paid=False, payment_method="convenience_store")
        before = self.drafts(channel)[order.order_no]
        assert (before.payment_method, before.paid_at) == ("convenience_store", None)
        clock.move(5)
        fake.pay(order.order_no)
        paid = self.drafts(channel)[order.order_no]
        assert paid.paid_at is not None
        clock.move(5)
        fake.cancel(order.order_no, "buyer")
        cancelled = self.drafts(channel)[order.order_no]
        assert (cancelled.is_cancelled, cancelled.cancel_reason) == (True, "buyer")
        assert before.changed_at < paid.changed_at < cancelled.changed_at
        assert len({before.digest, paid.digest, cancelled.digest}) == 3

    # --- Fixtures ---

    def fixtures(self, kind: str) -> Mapping[str, bytes]:
        """Documents of a kind (order, listing) as the remote writes them."""
        folder = registry.CHANNELS / self.code / "fixtures"
        return {path.name: path.read_bytes() for path in sorted(folder.glob(f"{kind}-*.json"))}

    def broken(self) -> Mapping[str, str]:
        """Fixtures that must not parse, and their error."""
        path = registry.CHANNELS / self.code / "fixtures" / "errors.toml"
        return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}

    def parse(self, kind: str, name: str, body: bytes) -> Any:
        """Parse a document without any network."""
        channel = self.connect(httpx.MockTransport(_refuse), {})
        raw = contract.Raw(external_no=Path(name).stem, changed_at=None, body=body)
        return channel.parse_order(raw) if kind == "order" else channel.parse_listing(raw)

    @needs("remote")
    @pytest.mark.parametrize("kind", ["order", "listing"])
    def test_every_fixture_parses_or_is_listed_with_its_error(self, kind: str) -> None:
        fixtures = self.fixtures(kind)
        assert fixtures, f"no fixtures/{kind}-*.json"
        for name, body in fixtures.items():
            expected = self.broken().get(name)
            if expected is None:
                assert self.parse(kind, name, body) == self.parse(kind, name, body)
            else:
                with pytest.raises(getattr(errors, expected)):
                    self.parse(kind, name, body)

    @needs("remote")
    @pytest.mark.parametrize("kind", ["order", "listing"])
    def test_unknown_fields_are_ignored(self, kind: str) -> None:
        for name, body in self._good(kind):
            plain = self.parse(kind, name, body)
            value = json.loads(body)
            for item in list(objects(value)):
                item["brandNewField"] = {"of": ["any", 1, None]}
            assert self.parse(kind, name, json.dumps(value).encode()) == plain

    @needs("remote")
    @pytest.mark.parametrize("kind", ["order", "listing"])
    def test_a_missing_or_changed_field_breaks_the_contract_and_nothing_else(
        self, kind: str
    ) -> None:
        """Each field in turn is taken away and given other types: a draft, or `ContractBroken`."""
        broken = 0
        for name, body in self._good(kind):
            for changed in mutations(json.loads(body)):
                try:
                    self.parse(kind, name, json.dumps(changed).encode())
                except errors.ContractBroken:
                    broken += 1
        assert broken > 20

    @needs("orders", "remote")
    def test_what_an_order_cannot_do_without_is_asked_for(self) -> None:
        """At least number, times, lines, listing, quantity, price and total are required."""
        name, body = next(self._good("order"))
        required = 0
        for changed in removals(json.loads(body)):
            with_error = False
            try:
                self.parse("order", name, json.dumps(changed).encode())
            except errors.ContractBroken:
                with_error = True
            required += with_error
        assert required >= 12

    @needs("remote")
    def test_text_that_no_database_stores_is_cleaned(self) -> None:
        for name, body in self._good("order"):
            text = body.decode().replace("備考", "備\\u0000考\\ud800")
            draft = self.parse("order", name, text.encode())
            draft.buyer_note.encode("utf-8")
            assert "\x00" not in draft.buyer_note

    def _good(self, kind: str) -> Iterator[tuple[str, bytes]]:
        broken = self.broken()
        return ((n, body) for n, body in self.fixtures(kind).items() if n not in broken)

    # --- Stock ---

    def levels(self, count: int, level: int = 3) -> list[contract.StockLevel]:
        """Levels of so many listings, in no special order."""
        numbers = sorted(range(count), key=lambda number: number * 37 % LISTINGS)
        return [
            contract.StockLevel(external_listing_no=self.listing_no(number), level=level + number)
            for number in numbers
        ]

    @needs("stock", "remote")
    def test_outcomes_match_levels_in_order(self, channel: Any, fake: Any) -> None:
        levels = self.levels(20)
        unknown = contract.StockLevel(external_listing_no="nobody/std", level=5)
        levels.insert(7, unknown)
        outcomes = channel.set_stock(levels)
        assert [item.key for item in outcomes] == [item.external_listing_no for item in levels]
        assert {item.status for item in outcomes if item.key != "nobody/std"} == {"done"}
        assert outcomes[7].status == "refused"
        assert outcomes[7].reason
        for level in levels[:7]:
            assert fake.listings[level.external_listing_no].level == level.level

    @needs("stock", "remote")
    def test_a_batch_above_the_maximum_is_split(
        self, channel: Any, fake: Any, recorder: Recorder
    ) -> None:
        most = channel.stock_batch_max
        extra = [
            contract.StockLevel(external_listing_no=f"ghost{number}/std", level=1)
            for number in range(max(0, most + 1 - LISTINGS))
        ]
        levels = [*self.levels(LISTINGS), *extra]
        assert len(levels) > most
        outcomes = channel.set_stock(levels)
        assert [item.key for item in outcomes] == [item.external_listing_no for item in levels]
        assert {item.status for item in outcomes[:LISTINGS]} == {"done"}
        assert {listing.level for listing in fake.listings.values()} == set(range(3, 3 + LISTINGS))

    @needs("stock", "remote")
    def test_what_a_failure_left_unanswered_is_unknown(
        self, channel: Any, fake: Any, recorder: Recorder
    ) -> None:
        """The first batch is answered, then the mall is gone: its outcomes are kept."""
        most = channel.stock_batch_max
        first = self.levels(min(LISTINGS, most))
        ghosts = [
            contract.StockLevel(external_listing_no=f"ghost{number}/std", level=1)
            for number in range(most - len(first))
        ]
        rest = [contract.StockLevel(external_listing_no=f"late{n}/std", level=1) for n in range(5)]
        levels = [*first, *ghosts, *rest]
        channel.set_stock(levels[:1])
        calls = self._calls_of(channel, recorder, levels[:most])
        recorder.fail_from = len(recorder.requests) + calls
        outcomes = channel.set_stock(levels)
        assert [item.key for item in outcomes] == [item.external_listing_no for item in levels]
        assert outcomes[0].status == "done"
        assert {item.status for item in outcomes[-5:]} == {"unknown"}

    def _calls_of(self, channel: Any, recorder: Recorder, levels: list[contract.StockLevel]) -> int:
        channel.set_stock(levels)
        before = len(recorder.requests)
        channel.set_stock(levels)
        return len(recorder.requests) - before

    @needs("stock", "remote")
    def test_a_level_is_never_sent_below_zero(self, channel: Any, fake: Any) -> None:
        level = contract.StockLevel(external_listing_no=self.listing_no(0), level=-4)
        assert [item.status for item in channel.set_stock([level])] == ["done"]
        assert fake.listings[self.listing_no(0)].level == 0

    @needs("stock", "remote")
    def test_no_levels_are_no_call(self, channel: Any, recorder: Recorder) -> None:
        assert list(channel.set_stock([])) == []
        assert recorder.requests == []

    @needs("stock_read", "remote")
    def test_stock_is_read_back(self, channel: Any, fake: Any) -> None:
        fake.set_level(self.listing_no(3), 17)
        wanted = [self.listing_no(number) for number in range(LISTINGS)]
        read = {
            level.external_listing_no: level.level
            for level in channel.fetch_stock([*wanted, "nobody/std"])
        }
        assert read[self.listing_no(3)] == 17
        assert read.keys() == set(wanted)

    # --- Shipments and states ---

    def a_shipment(self, order_no: str, tracking_no: str = "1234-5678") -> contract.ShipmentDraft:
        """A parcel of the whole order."""
        return contract.ShipmentDraft(
            external_order_no=order_no,
            tracking_no=tracking_no,
            carrier_code="yamato",
            shipped_at=NOW,
        )

    @needs("shipment", "remote")
    def test_a_shipment_is_told_once_however_often(self, channel: Any, fake: Any) -> None:
        order_no = self.an_order(fake).order_no
        for _ in range(3):
            (outcome,) = channel.post_shipments([self.a_shipment(order_no)])
            assert (outcome.key, outcome.status) == (order_no, "done")
        assert fake.orders[order_no].state == "shipped"
        assert fake.orders[order_no].tracking_nos == ("1234-5678",)
        assert fake.counters.shipped == 1

    @needs("shipment", "remote")
    def test_shipments_match_their_outcomes(self, channel: Any, fake: Any) -> None:
        good = [self.an_order(fake).order_no for _ in range(60)]
        fake.cancel(good[1], "buyer")
        wanted = [*good, "NOBODY-0"]
        outcomes = channel.post_shipments([self.a_shipment(order_no) for order_no in wanted])
        assert [item.key for item in outcomes] == wanted
        refused = [item.key for item in outcomes if item.status == "refused"]
        assert refused == [good[1], "NOBODY-0"]

    @needs("order_state", "remote")
    def test_confirming_and_cancelling_may_run_twice(self, channel: Any, fake: Any) -> None:
        order_no = self.an_order(fake).order_no
        channel.confirm_order(order_no)
        channel.confirm_order(order_no)
        assert fake.orders[order_no].state == "confirmed"
        channel.cancel_order(order_no, "out_of_stock")
        channel.cancel_order(order_no, "out_of_stock")
        assert fake.orders[order_no].state == "cancelled"
        assert fake.counters.oversold == 3

    @needs("order_state", "remote")
    def test_what_the_mall_refuses_names_the_order(self, channel: Any) -> None:
        for act in (channel.confirm_order, lambda no: channel.cancel_order(no, "other")):
            with pytest.raises(errors.Refused) as caught:
                act("NOBODY-0")
            assert caught.value.key == "NOBODY-0"

    # --- Listings ---

    @needs("listing_read", "remote")
    def test_all_listings_are_read_and_resumed(self, channel: Any, fake: Any) -> None:
        pages = list(channel.fetch_listings(None))
        found = [channel.parse_listing(raw) for page in pages for raw in page.items]
        assert {item.external_listing_no for item in found} == fake.listings.keys()
        assert len(found) == len(fake.listings)
        assert {item.sku_code for item in found} == {
            listing.sku_code for listing in fake.listings.values()
        }
        rest = [raw for page in channel.fetch_listings(pages[0].cursor) for raw in page.items]
        assert len(pages[0].items) + len(rest) == len(found)

    # --- Webhooks ---

    @needs("nudge", "remote")
    def test_a_webhook_is_taken_once_signed_and_fresh(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        headers, body = fake.webhook("HN-1")
        nudge = channel.verify(headers, body, now=clock())
        assert nudge.capability == "orders"
        assert nudge.nudge_no
        assert channel.verify(
            {name.upper(): value for name, value in headers.items()}, body, now=clock()
        )

    @needs("nudge", "remote")
    def test_a_forged_old_or_changed_webhook_is_refused(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        headers, body = fake.webhook("HN-1")
        with pytest.raises(errors.NotAuthentic):
            channel.verify(headers, body + b" ", now=clock())
        for late_s in (301, -301):
            with pytest.raises(errors.NotAuthentic):
                channel.verify(headers, body, now=clock() + timedelta(seconds=late_s))
        for name in headers:
            if name == "Content-Type":
                continue
            for value in ("", "x", "\u2460" * 5, "9" * 40):
                if name == "X-Minato-Delivery" and value:
                    continue
                with pytest.raises(errors.NotAuthentic):
                    channel.verify({**headers, name: value}, body, now=clock())
        with pytest.raises(errors.NotAuthentic):
            channel.verify({}, body, now=clock())

    @needs("nudge", "remote")
    def test_without_a_key_no_webhook_is_authentic(
        self, channel: Any, fake: Any, clock: Clock
    ) -> None:
        fake.webhook_secret = ""
        headers, body = fake.webhook("HN-1")
        self._secrets.held["webhook_secret"] = ""
        with pytest.raises(errors.NotAuthentic):
            channel.verify(headers, body, now=clock())


def keep_newest(held: dict[str, contract.OrderDraft], draft: contract.OrderDraft) -> None:
    """Do as intake does: what is older is a repetition; of two of the same time the later read wins."""
    known = held.get(draft.external_order_no)
    if known is None or known.changed_at <= draft.changed_at:
        held[draft.external_order_no] = draft


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Walk all objects of a document."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from objects(item)


def removals(value: Any) -> Iterator[Any]:
    """Yield the document without each of its fields in turn."""
    for path in paths(value):
        changed = copy.deepcopy(value)
        holder = changed
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
        yield changed


def mutations(value: Any) -> Iterator[Any]:
    """Yield the document with each field in turn removed, and of other types and wild values."""
    yield from removals(value)
    wild = (None, True, 0, -1, 10**30, 1.5, "", "x", "NaN", "2026-13-45", [], [1], {}, {"a": None})
    for path in paths(value):
        for other in wild:
            changed = copy.deepcopy(value)
            holder = changed
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = other
            yield changed


def paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Walk the fields of a document; of a list only its first item."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield (*before, name)
            yield from paths(item, (*before, name))
    elif isinstance(value, list) and value:
        yield from paths(value[0], (*before, 0))
