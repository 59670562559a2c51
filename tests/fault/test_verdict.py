"""A storm that finds nothing must be able to find something: faults planted in a quiet house."""

import pytest
from rq.job import Job
from rq.serializers import JSONSerializer

from scripts.storm import verdict


class Up:
    """What the verdict wants of running servers."""

    def __init__(self, house, folder):
        self.settings = house.settings
        self.place = type("Place", (), {"log": folder})()


@pytest.fixture
def quiet(house, tmp_path):
    house.settle()
    for mall, listing in (("hinode-1", "sen/100"), ("minato-1", "SEN-100")):
        house.world.place_order(mall, [(listing, 2)], note="", is_paid=True, payment_method="card")
        house.pull(mall)
    house.settle()
    return Up(house, tmp_path)


def judged(house, up):
    return verdict.judge(up, house.world, house.shop_ids)


def test_a_quiet_house_has_no_findings(house, quiet):
    assert judged(house, quiet) == []
    assert verdict.unrest(quiet, house.world, house.shop_ids) == ""


def test_an_order_that_we_never_took_is_found(house, quiet):
    house.world.place_order("minato-1", [("GEN-200", 1)])
    assert any("lost" in finding for finding in judged(house, quiet))


def test_a_cancellation_that_we_missed_is_found(house, quiet):
    (order,) = house.world.malls["minato-1"].fake.orders.values()
    house.world.cancel("minato-1", order.order_no)
    assert any("cancelled there" in finding for finding in judged(house, quiet))


def test_a_wrong_level_is_found(house, quiet):
    house.world.malls["hinode-1"].fake.listings["gen/200"].level += 1
    assert any("gen/200: level" in finding for finding in judged(house, quiet))


def test_stock_that_was_taken_twice_is_found(house, quiet):
    house.admin.execute("alter table stock.stock_balance disable trigger all")
    house.admin.execute(
        "update stock.stock_balance set on_hand = on_hand + 1 where sku_id = (select min(sku_id) from stock.stock_balance)"
    )
    house.admin.execute("alter table stock.stock_balance enable trigger all")
    assert any(finding.startswith("check_") for finding in judged(house, quiet))


@pytest.mark.parametrize("kind", ["mail", "phone", "name", "credential"])
def test_a_person_or_a_key_in_a_log_is_found(house, quiet, kind):
    mall = house.world.malls["minato-1"].fake
    buyer = next(iter(mall.orders.values())).basket.buyer
    text = {
        "mail": buyer.email,
        "phone": buyer.phone.replace("-", ""),
        "name": f"{buyer.family_name} {buyer.given_name}",
        "credential": mall.credentials()["webhook_secret"],
    }[kind]
    (quiet.place.log / "web.log").write_text(f"oops {text}\n")
    assert judged(house, quiet) == [f"log web.log: a {kind}"]


def test_a_person_in_redis_is_found(house, quiet):
    buyer = next(iter(house.world.malls["minato-1"].fake.orders.values())).basket.buyer
    house.context.redis.set("cache", buyer.email)
    assert judged(house, quiet) == ["redis cache: a mail"]


def test_a_person_in_the_data_of_a_job_is_found(house, quiet):
    """RQ keeps what a job is given, and what it failed with, compressed."""
    buyer = next(iter(house.world.malls["minato-1"].fake.orders.values())).basket.buyer
    name = f"{buyer.family_name} {buyer.given_name}"
    job = Job.create(
        "pull_orders",
        args=[name],
        id="planted",
        connection=house.context.redis,
        serializer=JSONSerializer,
    )
    job.save()
    assert name.encode() not in (house.context.redis.dump("rq:job:planted") or b"")
    assert judged(house, quiet) == ["redis rq:job:planted: a name"]


@pytest.mark.parametrize("kind", ["hash", "list", "set", "zset", "stream"])
def test_a_person_in_redis_is_found_in_every_type(house, quiet, kind):
    buyer = next(iter(house.world.malls["minato-1"].fake.orders.values())).basket.buyer
    client = house.context.redis
    {
        "hash": lambda: client.hset("held", "who", buyer.email),
        "list": lambda: client.rpush("held", buyer.email),
        "set": lambda: client.sadd("held", buyer.email),
        "zset": lambda: client.zadd("held", {buyer.email: 1}),
        "stream": lambda: client.xadd("held", {"who": buyer.email}),
    }[kind]()
    assert judged(house, quiet) == ["redis held: a mail"]
