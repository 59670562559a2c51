"""What a remote may answer instead of an answer, and what each must become."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import httpx

from sync import errors


def time_out(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


def cut_connection(request: httpx.Request) -> httpx.Response:
    raise httpx.RemoteProtocolError("cut", request=request)


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def slow_down(**headers: str) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(429, headers=headers)


DATE = {"Date": "Mon, 23 Nov 2026 00:00:00 GMT", "Retry-After": "Mon, 23 Nov 2026 00:00:09 GMT"}

# What a remote may answer instead of an answer, the error it must become, and when to come back.
FAULTS: Mapping[str, tuple[Callable[..., httpx.Response], type[errors.SyncError], float | None]] = {
    "401": (lambda _: httpx.Response(401), errors.CredentialsRefused, None),
    "403": (lambda _: httpx.Response(403), errors.PermissionMissing, None),
    "404": (lambda _: httpx.Response(404), errors.ContractBroken, None),
    "408": (lambda _: httpx.Response(408), errors.TimedOut, None),
    "422": (lambda _: httpx.Response(422), errors.ContractBroken, None),
    "429 in seconds": (slow_down(**{"Retry-After": "7"}), errors.RateLimited, 7),
    "429 until a date": (lambda _: httpx.Response(429, headers=DATE), errors.RateLimited, 9),
    "429 silent": (slow_down(), errors.RateLimited, 2),
    "429 for ever": (slow_down(**{"Retry-After": "9" * 40}), errors.RateLimited, 3600),
    "429 with nonsense": (slow_down(**{"Retry-After": "soon"}), errors.RateLimited, 2),
    "500": (lambda _: httpx.Response(500), errors.RemoteUnavailable, None),
    "503 with a time": (
        lambda _: httpx.Response(503, headers={"Retry-After": "5"}),
        errors.RemoteUnavailable,
        5,
    ),
    "time-out": (time_out, errors.TimedOut, None),
    "cut connection": (cut_connection, errors.RemoteUnavailable, None),
    "refused connection": (refuse, errors.RemoteUnavailable, None),
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
