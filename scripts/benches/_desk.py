"""Somebody at a desk: an application in this process, signed in, whose pages are timed."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app import create_app
from app.people import owner_make
from scripts.benches import Context, Database
from scripts.benches.startup import settings_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A signed-in reader, and the statements that their pages send."""

    app: Flask
    client: FlaskClient
    sent: list[str] = field(default_factory=list[str])

    def page(self, address: str) -> Any:
        """One page; an answer that is no page measures nothing."""
        answer = self.client.get(address)
        if answer.status_code != 200:
            message = f"{address} answered {answer.status_code}: {answer.text[:300]}"
            raise AssertionError(message)
        return answer

    def median_ms(self, address: str, rounds: int) -> float:
        """The median of so many pages, after one that warms up."""
        self.page(address)
        took = []
        for _ in range(rounds):
            began = time.perf_counter()
            self.page(address)
            took.append((time.perf_counter() - began) * 1000)
        return statistics.median(took)

    def statements(self, address: str) -> int:
        """How many statements a page sends."""
        self.sent.clear()
        self.page(address)
        return len(self.sent)


@contextmanager
def desk(context: Context, database: Database) -> Iterator[Desk]:
    """An owner's desk over this database."""
    settings = settings_for(context, database)
    login = owner_make(settings)
    assert login is not None  # noqa: S101 - the database is new
    app = create_app(settings)
    sessions = app.extensions["sessions"]
    made = Desk(app=app, client=app.test_client())
    event.listen(
        sessions.engine, "before_cursor_execute", lambda *given: made.sent.append(given[2])
    )
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', made.client.get("/login/").text)
    assert token  # noqa: S101 - a page without its form measures nothing
    answer = made.client.post(
        "/login/", data={"csrf_token": token[1], "username": login[0], "password": login[1]}
    )
    assert answer.status_code == 302, answer.text[:300]  # noqa: S101 - nobody is at the desk
    try:
        yield made
    finally:
        sessions.remove()
        sessions.engine.dispose()
        sessions.watch.dispose()
