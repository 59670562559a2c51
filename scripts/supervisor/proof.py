"""Prove that every part answers."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import redis

import sql
from config import Settings
from scripts.servers.ports import HOST
from scripts.world.ports import world_urls

ANSWER_S = 60.0
JOB_S = 30.0
POLL_S = 0.1
OK = 200


class NoAnswer(Exception):
    """A part did not answer; the text says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is asked, which processes' logs tell why it failed, and the question."""

    name: str
    logs: tuple[str, ...]
    ask: Callable[[Settings], None]


def database_answers(settings: Settings) -> None:
    for url in (settings.web_database_url, settings.worker_database_url):
        with _told(), sql.connect(url) as connection:
            connection.execute("select 1")


def valkey_answers(settings: Settings) -> None:
    with redis.Redis.from_url(settings.redis_url, socket_timeout=5) as client:
        try:
            client.ping()
        except redis.RedisError as error:
            raise NoAnswer(type(error).__name__) from error


def web_answers(settings: Settings) -> None:
    """Wait for the first page, then look at the page of the login."""
    base = f"http://{HOST}:{settings.port}"
    until = time.monotonic() + ANSWER_S
    with httpx.Client(base_url=base, timeout=10, follow_redirects=True, trust_env=False) as client:
        while True:
            try:
                ready = client.get("/readyz")
                break
            except httpx.TransportError as error:
                if time.monotonic() > until:
                    raise NoAnswer(f"{base}/readyz: {type(error).__name__}") from error
            time.sleep(POLL_S)
        login = client.get("/login/")
    for page in (ready, login):
        if page.status_code != OK:
            raise NoAnswer(f"{page.url}: {page.status_code}")
    if "password" not in login.text:
        raise NoAnswer(f"{login.url}: no field for a password")


def job_travels(settings: Settings) -> None:
    """Ask for a job on the lane of people who wait, and wait for its answer."""
    word = f"check {time.time_ns()}"
    with _told(), sql.connect(settings.database_url) as connection:
        (asked,) = connection.execute(
            "insert into transit.job_request (job, arguments) values ('echo', %s)"
            " returning job_request_id",
            [sql.Json({"word": word})],
        ).fetchall()
        until = time.monotonic() + JOB_S
        while time.monotonic() < until:
            (request,) = connection.execute(
                "select done_at, answer, error from transit.job_request where job_request_id = %s",
                [asked.job_request_id],
            ).fetchall()
            if request.done_at is not None:
                if request.error or word not in str(request.answer):
                    raise NoAnswer(f"job {asked.job_request_id}: {request.error or request.answer}")
                return
            time.sleep(POLL_S)
    raise NoAnswer(f"job {asked.job_request_id}: {JOB_S:.0f} s")


def world_answers(settings: Settings) -> None:
    """Ask each simulated mall for anything at all."""
    until = time.monotonic() + ANSWER_S
    with httpx.Client(timeout=5, trust_env=False) as client:
        for name, url in world_urls(settings.data).items():
            while True:
                try:
                    client.get(url)
                    break
                except httpx.TransportError as error:
                    if time.monotonic() > until:
                        raise NoAnswer(f"{name}: {type(error).__name__}") from error
                time.sleep(POLL_S)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the database says into an answer that is missing."""
    try:
        with sql.errors.translated():
            yield
    except sql.errors.DatabaseError as error:
        raise NoAnswer(str(error.__cause__ or error).splitlines()[0]) from error


PROOFS = (
    Proof(name="postgres", logs=("postgres",), ask=database_answers),
    Proof(name="valkey", logs=("valkey",), ask=valkey_answers),
    Proof(name="web", logs=("web",), ask=web_answers),
    Proof(name="job", logs=("dispatch", "worker-now"), ask=job_travels),
)
DEMO_PROOFS = (*PROOFS, Proof(name="world", logs=("world",), ask=world_answers))
