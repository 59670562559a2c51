"""Cut what goes out into the batches that a shop accepts, and keep its answers in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from sync.contract import Outcome
from sync.errors import ContractBroken, SyncError

T = TypeVar("T")


def split(items: Sequence[T], batch_max: int) -> Iterator[Sequence[T]]:
    """Cut items into batches of at most `batch_max`. Order is kept: outcomes come by position."""
    for start in range(0, len(items), batch_max):
        yield items[start : start + batch_max]


def send_in_batches(
    items: Sequence[T],
    batch_max: int,
    *,
    key: Callable[[T], str],
    send: Callable[[Sequence[T]], Sequence[Outcome]],
) -> Sequence[Outcome]:
    """Send batch after batch; one outcome per item, in order.

    When a batch fails after others were answered, it and all behind it are `unknown`: the answers
    we have are not thrown away. When the first one fails its error is raised.
    """
    outcomes: list[Outcome] = []
    for batch in split(items, batch_max):
        try:
            answered = send(batch)
        except SyncError as error:
            if not outcomes:
                raise
            reason = type(error).__name__
            outcomes += [
                Outcome(key=key(item), status="unknown", reason=reason)
                for item in items[len(outcomes) :]
            ]
            return outcomes
        if [outcome.key for outcome in answered] != [key(item) for item in batch]:
            raise ContractBroken("the outcomes of a batch are not those of its items")
        outcomes += answered
    return outcomes
