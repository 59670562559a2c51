"""The door: a nudge that is authentic and new asks for one pull; nothing else gets in."""

import json
import time

import pytest

from sync.channels.minato.fake import Fake as Minato
from sync.channels.minato.mapping import signature
from sync.door import BODY_MAX, create_door

SIGNING = Minato().credentials()["webhook_secret"]


@pytest.fixture
def door(house):
    made = create_door(house.settings)
    yield made.test_client()
    made.extensions["doorkeeper"].close()


def nudge(secret=SIGNING, *, at=None, delivery="d1", order="MT-1"):
    """What Minato sends."""
    body = json.dumps({"topic": "orders/updated", "orderId": order}).encode()
    stamp = str(int(time.time() if at is None else at))
    headers = {
        "X-Minato-Timestamp": stamp,
        "X-Minato-Delivery": delivery,
        "X-Minato-Signature": "v1=" + signature(stamp, body, secret=secret),
        "Content-Type": "application/json",
    }
    return body, headers


def pulls(house):
    return house.one(
        "select count(*) as n from transit.job_request where job = 'pull_orders' and done_at is null"
    ).n


def test_a_nudge_asks_for_one_pull(house, door):
    for delivery in ("d1", "d2"):
        body, headers = nudge(delivery=delivery)
        assert door.post("/minato-1", data=body, headers=headers).status_code == 202
    assert pulls(house) == 1
    assert house.one("select count(*) as n from transit.message").n == 0


def test_a_replay_is_known_again(house, door):
    body, headers = nudge()
    assert door.post("/minato-1", data=body, headers=headers).status_code == 202
    house.admin.execute("delete from transit.job_request")
    assert door.post("/minato-1", data=body, headers=headers).status_code == 409
    assert pulls(house) == 0


@pytest.mark.parametrize(
    ("shop", "change"),
    [
        ("minato-1", {"secret": "guessed"}),
        ("minato-1", {"at": time.time() - 3600}),
        ("minato-1", {"at": time.time() + 3600}),
        ("nobody", {}),
        ("hinode-1", {}),
        ("../minato-1", {}),
    ],
)
def test_a_forgery_gets_nothing(house, door, shop, change):
    body, headers = nudge(**change)
    answer = door.post(f"/{shop}", data=body, headers=headers)
    assert answer.status_code in {401, 404}
    assert pulls(house) == 0
    assert b"Traceback" not in answer.data


def test_an_unsigned_body_gets_nothing(house, door):
    body, _ = nudge()
    assert door.post("/minato-1", data=body).status_code == 401
    changed = body.replace(b"MT-1", b"MT-2")
    assert door.post("/minato-1", data=changed, headers=nudge()[1]).status_code == 401
    assert pulls(house) == 0


def test_what_is_too_large_is_refused(house, door):
    _, headers = nudge()
    answer = door.post("/minato-1", data=b"x" * (BODY_MAX + 1), headers=headers)
    assert answer.status_code == 413
    assert pulls(house) == 0


def test_the_door_says_that_it_is_there_and_sets_no_cookie(house, door):
    answer = door.get("/healthz")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert door.get("/minato-1").status_code == 405


def test_without_redis_a_nudge_still_asks(house, door, settings):
    from dataclasses import replace

    alone = create_door(replace(settings, redis_url="redis://127.0.0.1:1/0"))
    body, headers = nudge()
    assert alone.test_client().post("/minato-1", data=body, headers=headers).status_code == 202
    alone.extensions["doorkeeper"].close()
    assert pulls(house) == 1
