"""The way out to the network, and reading what came back. What each status means is in the suite."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import doc, errors
from sync.http import BUDGET_WAIT_MAX_S, Http, Limit, LocalBudget, retry_after_s

NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Time:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def client(answer: Any, budget: Any = None) -> Http:
    return Http(
        "https://shop.invalid",
        shop_code="x",
        budget=budget or LocalBudget({}),
        transport=httpx.MockTransport(answer),
    )


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": " 7 "}, 7),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "-7"}, None),
        ({"Retry-After": "٧"}, None),
        ({"Retry-After": ""}, None),
        ({}, None),
        ({"Retry-After": "Mon, 23 Nov 2026 00:00:30 GMT"}, 30),
        ({"Retry-After": "Sun, 22 Nov 2026 00:00:30 GMT"}, 0),
        ({"Retry-After": "Mon, 23 Nov 2099 00:00:30 GMT"}, 3600),
        (
            {
                "Retry-After": "Mon, 23 Nov 2026 05:00:30 GMT",
                "Date": "Mon, 23 Nov 2026 05:00:00 GMT",
            },
            30,
        ),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: Any, expected: float | None) -> None:
    assert retry_after_s(headers, NOW) == expected


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_header_breaks_us(value: str, day: str) -> None:
    seconds = retry_after_s({"Retry-After": value, "Date": day}, NOW)
    assert seconds is None or 0 <= seconds <= 3600


def test_a_budget_waits_and_then_says_when() -> None:
    time = Time()
    budget = LocalBudget({"*": Limit(per_second=2, burst=2)}, clock=time, sleep=time.sleep)
    for _ in range(2):
        budget.take("a")
    assert time.now == 1000
    budget.take("a")
    assert time.now == pytest.approx(1000.5)
    budget.take("b", 2)
    assert time.now == pytest.approx(1000.5)
    budget.pause("a", 60)
    with pytest.raises(errors.RateLimited) as caught:
        budget.take("a")
    assert BUDGET_WAIT_MAX_S < caught.value.retry_after_s <= 61
    time.sleep(61)
    budget.take("a")


def test_a_429_holds_back_the_next_call_without_the_network() -> None:
    calls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        return httpx.Response(429, headers={"Retry-After": "60"})

    http = client(answer, LocalBudget({"*": Limit(per_second=10, burst=10)}))
    for _ in range(3):
        with pytest.raises(errors.RateLimited) as caught:
            http.request("GET", "/a", operation="a")
        assert caught.value.retry_after_s == pytest.approx(60, abs=1)
    assert calls == ["/a"]


def test_what_is_refused_names_its_item() -> None:
    http = client(lambda _: httpx.Response(404))
    with pytest.raises(errors.Refused) as caught:
        http.request("GET", "/orders/7", operation="a", key="7")
    assert (caught.value.key, caught.value.reason) == ("7", "HTTP 404")
    assert http.request("GET", "/", operation="a", accept=frozenset({404})).status == 404


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", errors.RemoteUnavailable),
        (b"  \n", errors.RemoteUnavailable),
        (b"<html></html>", errors.RemoteUnavailable),
        (b'{"a": "b', errors.RemoteUnavailable),
        (b'{"a": 1', errors.RemoteUnavailable),
        (b'{"a": tr', errors.RemoteUnavailable),
        (b'{"a": {"b": 1}', errors.RemoteUnavailable),
        (b"[1, 2]", errors.ContractBroken),
        (b"[1, ", errors.RemoteUnavailable),
        (b"7", errors.ContractBroken),
        (b"OK", errors.ContractBroken),
        (b'{"a": 1} trailing', errors.ContractBroken),
        (b'{"a": NaN}', errors.ContractBroken),
        (b'{"a": Infinity}', errors.ContractBroken),
        (b'{"a":' * 100_000, errors.SyncError),
    ],
)
def test_what_is_no_json_object_has_its_error(body: bytes, expected: Any) -> None:
    with pytest.raises(expected):
        doc.load(body, "x")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists), st.data())
def test_every_cut_of_a_document_may_be_tried_again(value: Any, data: Any) -> None:
    body = json.dumps({"value": value, "next": {"a": 1}}).encode()
    cut = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(errors.RemoteUnavailable):
        doc.load(body[:cut], "x")


def test_amounts_are_never_binary() -> None:
    read = doc.load(b'{"a": 0.1, "b": "0.10", "c": 3, "d": 1e-7, "n": null}', "x")
    assert read.amount("a") == Decimal("0.1")
    assert read.amount("b") == Decimal("0.10")
    assert read.amount("c") == 3
    assert read.amount_or_none("n") is None
    for wrong in (b'{"a": true}', b'{"a": "1,000"}', b'{"a": "NaN"}', b'{"a": 1e30}', b"{}"):
        with pytest.raises(errors.ContractBroken):
            doc.load(wrong, "x").amount("a")


def test_messages_name_the_place_and_not_the_value() -> None:
    read = doc.load('{"people": [{"name": 7}, {"name": "見本"}, "花子"]}'.encode(), "order 1")
    people = read.each("people")
    with pytest.raises(errors.ContractBroken) as caught:
        next(people).text("name")
    assert caught.value.where == "order 1.people[0].name is int, not str"
    with pytest.raises(errors.ContractBroken) as caught:
        next(people).integer("name")
    assert "見本" not in caught.value.message
    with pytest.raises(errors.ContractBroken) as caught:
        list(people)
    assert "花子" not in caught.value.message
