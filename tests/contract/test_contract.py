"""The digest and the shapes of what crosses the border."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import contract
from sync.batches import send_in_batches, split
from sync.errors import ContractBroken, Refused, RemoteUnavailable

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def a_line(**choices: Any) -> contract.OrderLineDraft:
    known: dict[str, Any] = {
        "external_listing_no": "tea/1",
        "line_name": "茶",
        "quantity": 1,
        "unit_price": Decimal(1080),
    }
    return contract.OrderLineDraft(**{**known, **choices})


def a_draft(**choices: Any) -> contract.OrderDraft:
    known: dict[str, Any] = {
        "external_order_no": "A-1",
        "changed_at": NOW,
        "ordered_at": NOW,
        "currency_code": "JPY",
        "payment_method": "card",
        "lines": (a_line(), a_line(quantity=2)),
    }
    return contract.OrderDraft(**{**known, **choices})


LINES = st.lists(
    st.builds(
        a_line,
        external_listing_no=st.text(max_size=4),
        line_name=st.text(max_size=4),
        quantity=st.integers(1, 3),
        unit_price=st.decimals(0, 100, places=2),
    ),
    max_size=5,
)


@given(LINES, st.randoms())
def test_the_order_of_lines_does_not_matter(lines: list[Any], chance: Any) -> None:
    shuffled = list(lines)
    chance.shuffle(shuffled)
    assert a_draft(lines=lines).digest == a_draft(lines=tuple(shuffled)).digest


@given(LINES, LINES)
def test_different_lines_have_different_digests(ours: list[Any], theirs: list[Any]) -> None:
    def key(line: Any) -> str:
        return repr(line)

    same = sorted(ours, key=key) == sorted(theirs, key=key)
    assert (a_draft(lines=ours).digest == a_draft(lines=theirs).digest) >= same
    if not same and sorted(map(_by_value, ours)) != sorted(map(_by_value, theirs)):
        assert a_draft(lines=ours).digest != a_draft(lines=theirs).digest


def _by_value(line: Any) -> tuple[Any, ...]:
    return (line.external_listing_no, line.line_name, line.quantity, line.unit_price)


def test_equal_lines_count_each() -> None:
    assert a_draft(lines=(a_line(),)).digest != a_draft(lines=(a_line(), a_line())).digest


def test_time_of_change_is_no_change() -> None:
    assert a_draft().digest == a_draft(changed_at=NOW + timedelta(days=1)).digest


def test_amounts_and_times_are_compared_by_value() -> None:
    japan = timezone(timedelta(hours=9))
    assert a_draft(total=Decimal("10.0")).digest == a_draft(total=Decimal("10.00")).digest
    assert a_draft(ordered_at=NOW).digest == a_draft(ordered_at=NOW.astimezone(japan)).digest
    assert a_draft(total=Decimal(0)).digest != a_draft(total=None).digest


@pytest.mark.parametrize("name", [f.name for f in fields(contract.OrderDraft)])
def test_every_field_counts(name: str) -> None:
    others: dict[str, Any] = {
        "changed_at": None,
        "ordered_at": NOW + timedelta(seconds=1),
        "paid_at": NOW,
        "is_cancelled": True,
        "payment_method": "cod",
        "tax_inclusive": False,
        "requested_delivery_on": date(2026, 12, 1),
        "is_gift": True,
        "buyer": contract.PartyDraft(kana="カ"),
        "recipient": contract.PartyDraft(company="カ"),
        "lines": (a_line(line_option="赤"), a_line(quantity=2)),
        "fees": (contract.OrderFeeDraft(fee_kind="other", amount=None),),
        "payments": (
            contract.PaymentDraft(
                external_payment_no="1", paid_at=NOW, amount=Decimal(1), payment_method="card"
            ),
        ),
        "cancellations": (
            contract.CancellationDraft(
                external_cancellation_no="C1",
                external_order_no=None,
                external_line_no=None,
                external_listing_no="tea/1",
                quantity=1,
                unit_price=None,
                cancelled_at=NOW,
            ),
        ),
    }
    if name == "changed_at":
        return
    other = others.get(name, Decimal(7) if name in {"tax_total", "total"} else "other")
    assert replace(a_draft(), **{name: other}).digest != a_draft().digest


@pytest.mark.parametrize(
    "build",
    [
        lambda: a_line(quantity=1.0),
        lambda: a_line(quantity=True),
        lambda: a_line(quantity="1"),
        lambda: a_line(unit_price=1080),
        lambda: a_line(unit_price=10.8),
        lambda: a_line(tax_rate=0.08),
        lambda: a_line(tax_rate=Decimal("NaN")),
        lambda: a_draft(total=Decimal("Infinity")),
        lambda: a_draft(ordered_at=datetime(2026, 1, 1)),  # noqa: DTZ001
        lambda: a_draft(paid_at="2026-01-01"),
        lambda: a_draft(payment_method="barter"),
        lambda: contract.OrderFeeDraft(fee_kind="bribe", amount=None),  # type: ignore[arg-type]
        lambda: contract.Outcome(key="a", status="maybe"),  # type: ignore[arg-type]
        lambda: contract.StockLevel(external_listing_no="a", level=1.5),  # type: ignore[arg-type]
        lambda: contract.Raw(external_no="a", changed_at=None, body="text"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_shape_is_refused(build: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        build()


def test_split_keeps_order_and_size() -> None:
    assert [list(part) for part in split(range(5), 2)] == [[0, 1], [2, 3], [4]]
    assert list(split([], 2)) == []


def test_a_refusal_of_the_first_batch_is_raised_and_a_later_one_is_unknown() -> None:
    def send(batch: Any) -> Any:
        if batch[0] >= 2:
            raise RemoteUnavailable
        return [contract.Outcome(key=str(item), status="done") for item in batch]

    outcomes = send_in_batches(range(5), 2, key=str, send=send)
    assert [item.status for item in outcomes] == ["done", "done", *["unknown"] * 3]
    with pytest.raises(RemoteUnavailable):
        send_in_batches(range(2, 5), 2, key=str, send=send)


def test_outcomes_of_other_items_break_the_contract() -> None:
    with pytest.raises(ContractBroken):
        send_in_batches(["a"], 2, key=str, send=lambda _: [])


def test_errors_say_their_sentence_in_both_languages() -> None:
    def below(kind: type) -> set[type]:
        return {kind} | {found for child in kind.__subclasses__() for found in below(child)}

    for kind in below(contract_errors().SyncError):
        if kind.__module__ in {"sync.errors", "sync.registry"}:
            assert " | " in " ".join((kind.__doc__ or "").split()), kind
            hint = kind.hint_default  # type: ignore[attr-defined]
            assert not hint or " | " in hint
    assert Refused("A-1", "CANCELLED").message == "A-1: CANCELLED"


def contract_errors() -> Any:
    from sync import errors

    return errors
