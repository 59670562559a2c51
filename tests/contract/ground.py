"""What the cases of every channel stand on: a fake, a clock, secrets, and a log that is read."""

from __future__ import annotations

import importlib
import importlib.util
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import httpx
import pytest
import structlog

from sync import contract, registry
from sync.http import Http, LocalBudget
from sync.simulated.floor import Basket, FakeMall, MallListing, MallOrder, MallPerson

SHOP = "https://shop.invalid"
NOW = datetime(2026, 11, 23, 1, 2, 3, 456000, tzinfo=UTC)
LISTINGS = 130

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


class Ground:
    """`fake`, `recorder` and `channel` belong to one case."""

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


def keep_newest(held: dict[str, contract.OrderDraft], draft: contract.OrderDraft) -> None:
    """Do as intake does: what is older is a repetition; of two of the same time the later read wins."""
    known = held.get(draft.external_order_no)
    if known is None or known.changed_at <= draft.changed_at:
        held[draft.external_order_no] = draft
