"""What can be wrong with a mall: settings that the server reads before each answer."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, fields
from email.utils import formatdate
from typing import Any, Final, Literal, get_args

RetryAfterForm = Literal["none", "seconds", "date"]
LATENCY_MAX_S: Final = 120.0
SECONDS_MAX: Final = 86_400


@dataclass(slots=True, kw_only=True)
class Faults:
    """The faults of one mall now; all off to begin with.

    Rates are between 0 and 1 and drawn per request. `rate_limited_s` counts from when it is set.
    `is_paused` is a mall closed for maintenance: 503 and a page of HTML.
    """

    latency_s: float = 0.0
    rate_limited_s: float = 0.0
    retry_after_form: RetryAfterForm = "seconds"
    error_rate: float = 0.0
    lost_answer_rate: float = 0.0
    cut_off_rate: float = 0.0
    duplicate_rate: float = 0.0
    reorder_rate: float = 0.0
    page_overlap: int = 0
    search_lag_s: float = 0.0
    is_paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What happens to one request: an answer instead of the mall's, or the mall's cut off or lost."""

    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    is_cut_off: bool = False
    is_lost: bool = False


class FaultBox:
    """The faults of one mall, set from the admin path and asked by the server."""

    def __init__(self, seed: int) -> None:
        self.faults = Faults()
        self._random = random.Random(seed)  # noqa: S311  # faults, not secrets
        self._limited_until = 0.0

    def set(self, **wanted: Any) -> Faults:  # noqa: ANN401  # fields by name
        """Change some faults; raises `ValueError` naming one that is not known or out of range."""
        known = {field.name: field for field in fields(Faults)}
        for name, value in wanted.items():
            if name not in known:
                message = f"no fault is called {name}"
                raise ValueError(message)
            now = getattr(self.faults, name)
            if not _fits(now, value):
                message = f"{name} cannot be {value!r}"
                raise ValueError(message)
            setattr(self.faults, name, type(now)(value))
        if "rate_limited_s" in wanted:
            self._limited_until = time.monotonic() + float(wanted["rate_limited_s"])
        return self.faults

    def clear(self) -> None:
        """Turn everything off."""
        self.faults = Faults()
        self._limited_until = 0.0

    def judge(self) -> Verdict:
        """Decide about one request, after the latency has passed."""
        faults = self.faults
        if faults.latency_s:
            time.sleep(min(faults.latency_s, LATENCY_MAX_S))
        if faults.is_paused:
            page = "<!doctype html><title>503</title><h1>メンテナンス中です</h1>"
            return Verdict(
                status=503,
                headers=(("Content-Type", "text/html; charset=utf-8"),),
                body=page.encode(),
            )
        left_s = self._limited_until - time.monotonic()
        if left_s > 0:
            return Verdict(status=429, headers=self._retry_after(left_s), body=b"{}")
        if self._random.random() < faults.error_rate:
            return Verdict(status=500, body=b'{"errors": [{"message": "internal"}]}')
        return Verdict(
            is_cut_off=self._random.random() < faults.cut_off_rate,
            is_lost=self._random.random() < faults.lost_answer_rate,
        )

    def _retry_after(self, left_s: float) -> tuple[tuple[str, str], ...]:
        seconds = int(left_s) + 1
        match self.faults.retry_after_form:
            case "none":
                return ()
            case "date":
                return (("Retry-After", formatdate(time.time() + seconds, usegmt=True)),)
            case _:
                return (("Retry-After", str(seconds)),)


def _fits(now: object, value: object) -> bool:
    if isinstance(now, bool) or isinstance(value, bool):
        return isinstance(now, bool) and isinstance(value, bool)
    if isinstance(now, str):
        return value in get_args(RetryAfterForm)
    return isinstance(value, (int, float)) and 0 <= value <= SECONDS_MAX
