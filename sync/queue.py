"""The doorbell: names of jobs in Redis, and nothing else. Emptied at any time, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

LANES: Final = ("now", "orders", "push", "slow", "long", "mail")
ALLOWED: Final[Mapping[str, str]] = {
    "run_request": "sync.jobs.run_request",
    "push_stock": "sync.jobs.push_stock",
    "push_shipments": "sync.jobs.push_shipments",
    "send_mails": "sync.jobs.send_mails",
    "fetch_mail": "sync.jobs.fetch_mail",
}
NAME_S: Final = 50
"""How long a name is taken while its job is queued or running. Longer than a lease (45 s)."""

FAILURE_S: Final = 60
SOCKET_TIMEOUT_S: Final = 30
CONNECT_TIMEOUT_S: Final = 5
PREFIX: Final = "daicho:at:"


class JobRefused(PermissionError):
    """この関数は列から実行できません。 | This function may not be run from the queue."""


class OurJob(Job):
    """A job that runs functions of `sync.jobs` alone, with whole numbers as arguments.

    Whoever can write to Redis can write any name there: the serializer does not stop them.
    """

    @property
    def func(self) -> Callable[..., Any]:
        """Return the function, or raise `JobRefused`."""
        if self.func_name not in ALLOWED.values():
            raise JobRefused(self.func_name)
        if self.kwargs or not all(type(one) is int for one in self.args):
            raise JobRefused(f"{self.func_name}: only ids")
        found = super().func
        if found is None:
            raise JobRefused(self.func_name)
        return found


def connect(redis_url: str) -> Redis:
    """Open a client of the Redis at an address."""
    return Redis.from_url(
        redis_url, socket_connect_timeout=CONNECT_TIMEOUT_S, health_check_interval=15
    )


def lane(redis: Redis, name: str) -> Queue:
    """Return the queue of a lane."""
    return Queue(
        name, connection=redis, serializer=JSONSerializer, job_class=OurJob, default_timeout=-1
    )


def ask(redis: Redis, lane_name: str, job: str, one_id: int) -> bool:
    """Put a job's name into a lane; False when it is queued or running already.

    The name and the job end after `NAME_S`, so that a worker's death delays nothing for longer.
    """
    if not redis.set(name_key(job, one_id), b"1", nx=True, ex=NAME_S):
        return False
    lane(redis, lane_name).enqueue_call(
        ALLOWED[job],
        args=(one_id,),
        timeout=-1,
        ttl=NAME_S,
        result_ttl=0,
        failure_ttl=FAILURE_S,
        description=f"{job} {one_id}",
    )
    return True


def free(redis: Redis, job: str, one_id: int) -> None:
    """Give a name back: the job has ended."""
    redis.delete(name_key(job, one_id))


def name_key(job: str, one_id: int) -> str:
    """Name the key that says a job is queued or running."""
    return f"{PREFIX}{job}-{one_id}"
