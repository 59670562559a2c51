"""The thin HTTP edge of a simulated mall, as a WSGI program."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, cast

from sync import doc

REQUEST_MAX: Final = 1024 * 1024

Environ = Mapping[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a simulated mall sees of a request. Header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any] | None:
        """Return the body as a JSON object, or None when it is none."""
        try:
            value: object = json.loads(self.body or b"{}")
        except ValueError:
            return None
        return cast("dict[str, Any]", value) if isinstance(value, dict) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a simulated mall says."""

    status: int = 200
    body: Mapping[str, object] = field(default_factory=dict[str, object])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def serve(
    environ: Environ, start_response: StartResponse, answer: Callable[[Request], Answer]
) -> Iterable[bytes]:
    """Run one WSGI request through `answer`."""
    size = int(environ.get("CONTENT_LENGTH") or 0)
    if size > REQUEST_MAX:
        given = Answer(status=413, body={"error": "too large"})
    else:
        headers = {
            name[5:].replace("_", "-").lower(): str(value)
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        headers["content-type"] = str(environ.get("CONTENT_TYPE", ""))
        given = answer(
            Request(
                method=environ["REQUEST_METHOD"],
                path=environ.get("PATH_INFO", "/"),
                query=environ.get("QUERY_STRING", ""),
                headers=headers,
                body=environ["wsgi.input"].read(size) if size else b"",
            )
        )
    body = doc.dump(given.body)
    status = HTTPStatus(given.status)
    start_response(
        f"{status.value} {status.phrase}",
        [
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Length", str(len(body))),
            *given.headers.items(),
        ],
    )
    return [body]
