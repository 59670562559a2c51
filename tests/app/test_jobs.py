"""Jobs in one place: asked for by a list, seen by whoever asked, and their files fetched by nobody else."""

import dataclasses
import json
import re
from typing import Any

import pytest

from sync import jobs
from sync.shops import Context
from tests.app.shopfront import Person

EXPORT = "/export/catalog/sku"
KEY = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="


@pytest.fixture(scope="session")
def long_worker(settings: Any) -> Any:
    """What the worker of the lane `long` does, in this process."""
    context: Context = jobs.begin(dataclasses.replace(settings, secret_keys=(KEY,)))
    yield jobs.run_request
    context.close()


def a_job(person: Person, address: str = EXPORT, **form: Any) -> int:
    answer = person.post(address, form, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return int(answer.get_json()["number"])


def test_a_list_is_exported_and_fetched(owner: Person, long_worker: Any) -> None:
    number = a_job(owner, column=["sku_code", "product_id"], order="sku_code.desc")
    page = owner.get(f"/jobs/{number}")
    assert "順番待ち" in page.text
    assert owner.get(f"/jobs/{number}/file").status_code == 404
    assert owner.get("/jobs.json").get_json()["running"] >= 1
    long_worker(number)
    page = owner.get("/jobs/")
    assert f"/jobs/{number}/file" in page.text
    assert re.search(r"[0-9,]+行", page.text)
    file = owner.get(f"/jobs/{number}/file")
    assert file.status_code == 200
    assert file.mimetype == "text/csv"
    assert "attachment" in file.headers["Content-Disposition"]
    lines = file.data.decode("utf-8-sig").splitlines()
    file.close()
    assert lines[0].count(",") == 1
    assert "p99-s,p99 商品99" in lines[1:]
    assert len(lines) >= 301


def test_an_english_reader_gets_english_heads(signed_in: Any, long_worker: Any, admin: Any) -> None:
    manager = signed_in("manager")
    number = a_job(manager, format="xlsx", rowid=["1", "2"])
    long_worker(number)
    (row,) = admin.execute(
        "select answer, file_name, error from transit.job_request where job_request_id = %s",
        [number],
    ).fetchall()
    assert row.error is None
    assert row.answer["rows"] == 2
    assert row.file_name.endswith(".xlsx")


def test_the_file_is_for_who_asked_alone(
    owner: Person, signed_in: Any, nobody: Person, long_worker: Any
) -> None:
    desk = signed_in("order_desk")
    number = a_job(desk, rowid="1")
    long_worker(number)
    with desk.get(f"/jobs/{number}/file") as file:
        assert file.status_code == 200
    assert f'data-job="{number}"' in owner.get("/jobs/").text
    assert owner.get(f"/jobs/{number}/file").status_code == 404
    warehouse = signed_in("warehouse")
    assert f'data-job="{number}"' not in warehouse.get("/jobs/").text
    assert warehouse.get(f"/jobs/{number}").status_code == 404
    assert warehouse.get(f"/jobs/{number}/file").status_code == 404
    for address in ("/jobs/", "/jobs.json", f"/jobs/{number}/file"):
        assert nobody.get(address).status_code in (302, 401)


def test_a_job_is_cancelled_and_tried_again(owner: Person, signed_in: Any, admin: Any) -> None:
    desk = signed_in("order_desk")
    number = a_job(desk)
    assert signed_in("warehouse").post(f"/jobs/{number}/cancel").status_code == 302
    assert state(admin, number).cancelled_at is None
    assert desk.post(f"/jobs/{number}/cancel").status_code == 302
    assert state(admin, number).cancelled_at
    page = desk.get(f"/jobs/{number}").text
    assert "取消" in page
    assert f"/jobs/{number}/retry" in page
    desk.post(f"/jobs/{number}/retry")
    assert state(admin, number).done_at is None
    told = desk.post(f"/jobs/{number}/cancel", headers={"Accept": "application/json"})
    assert told.get_json()["message"]
    again = desk.post(f"/jobs/{number}/cancel", headers={"Accept": "application/json"})
    assert again.status_code == 404


def state(admin: Any, number: int) -> Any:
    return admin.execute(
        "select * from transit.job_request where job_request_id = %s", [number]
    ).fetchone()


@pytest.mark.parametrize(
    "form",
    [
        {"column": "nothing"},
        {"column": 'sku_id"; drop table x'},
        {"format": "exe"},
        {"order": "nothing"},
        {"order": "sku_id.sideways"},
        {"rowid": "abc"},
        {"rowid": "9" * 40},
        {"condition": "{"},
        {"condition": "[1]"},
        {"condition": '{"column": "nothing", "op": "eq", "value": 1}'},
        {"condition": '{"column": "sku_code", "op": "eq", "value": "\\u0000"}'},
        {"condition": "[" * 5000},
    ],
)
def test_what_cannot_be_exported_is_a_sentence(owner: Person, form: dict[str, str]) -> None:
    answer = owner.post(EXPORT, form, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert " | " not in answer.get_json()["message"]


def test_what_one_may_not_read_cannot_be_exported(owner: Person, signed_in: Any) -> None:
    assert signed_in("warehouse").post("/export/catalog/sku_cost").status_code == 403
    assert owner.post("/export/channel/shop_secret").status_code == 403
    assert owner.post("/export/pg_catalog/pg_authid").status_code == 404
    desk = signed_in("order_desk")
    refused = desk.post(
        "/export/transit/job_request",
        {"column": "arguments"},
        headers={"Accept": "application/json"},
    )
    assert refused.status_code == 422


def test_json_tells_what_ended_since(owner: Person, long_worker: Any) -> None:
    since = owner.get("/jobs.json").get_json()["at"]
    number = a_job(owner, rowid="1")
    long_worker(number)
    told = owner.get("/jobs.json", query_string={"since": since}).get_json()
    (job,) = [one for one in told["jobs"] if one["number"] == number]
    assert job["state"] == "done"
    assert job["file"] == f"/jobs/{number}/file"
    later = owner.get("/jobs.json", query_string={"since": told["at"]}).get_json()
    assert number not in [one["number"] for one in later["jobs"]]
    assert len(json.dumps(told)) < 20_000


def test_the_pages_of_one_job_ask_little_of_the_database(
    owner: Person, statements: list[str]
) -> None:
    owner.get("/jobs/")
    statements.clear()
    owner.get("/jobs.json")
    assert len(statements) <= 6


def test_strange_numbers_find_nothing(owner: Person) -> None:
    for number in (0, 99_999_999, 2**63, 2**70):
        assert owner.get(f"/jobs/{number}").status_code == 404
        assert owner.get(f"/jobs/{number}/file").status_code == 404
        assert owner.post(f"/jobs/{number}/cancel").status_code == 302


def test_every_role_sees_its_page(signed_in: Any) -> None:
    for role in ("analyst", "outside_warehouse", "accounting", "support"):
        assert signed_in(role).get("/jobs/").status_code == 200


def test_the_orders_list_is_exported_as_it_is_shown(
    owner: Person, signed_in: Any, admin: Any
) -> None:
    for person, has_names in ((owner, True), (signed_in("analyst"), False)):
        answer = person.post("/export/sales/sales_order", headers={"Accept": "application/json"})
        assert answer.status_code in (200, 202), answer.text
        number = answer.get_json()["number"]
        (arguments,) = admin.execute(
            "select arguments from transit.job_request where job_request_id = %s", [number]
        ).fetchone()
        heads = [column["head"] for column in arguments["columns"]]
        assert "なぜここ" in heads
        assert ("購入者名" in heads) == has_names
