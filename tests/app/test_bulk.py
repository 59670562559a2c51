"""Bulk changes by the page: looked at first, done as a job, undone as a whole."""

import json
from typing import Any

import pytest

from tests.app.shopfront import Person, take_order
from tests.app.test_jobs import long_worker, state

__all__ = ["long_worker"]

JSON = {"Accept": "application/json"}
SKU = "/bulk/catalog/sku"
SOME = json.dumps({"column": "sku_code", "op": "in", "value": ["p11-s", "p12-s", "p13-s"]})


def prices(admin: Any) -> list[Any]:
    rows = admin.execute(
        "select list_price from catalog.sku where sku_code in ('p11-s', 'p12-s', 'p13-s') order by sku_code"
    ).fetchall()
    return [row[0] for row in rows]


def test_a_change_is_looked_at_done_and_undone(owner: Person, long_worker: Any, admin: Any) -> None:
    before = prices(admin)
    chosen = {"condition": SOME, "all": "1", "change": "1", "rowid": "1"}
    page = owner.post(f"{SKU}/preview", chosen)
    assert '<option value="list_price"' in page.text
    page = owner.post(f"{SKU}/preview", {**chosen, "column": "list_price"})
    assert 'name="value"' in page.text
    page = owner.post(f"{SKU}/preview", {**chosen, "column": "list_price", "value": "many"})
    assert page.status_code == 422
    assert 'value="many"' in page.text
    page = owner.post(f"{SKU}/preview", {**chosen, "column": "list_price", "value": "2,500"})
    assert page.status_code == 200
    assert "合う行 3、変わる行 3" in page.text
    assert "2,500" in page.text
    assert prices(admin) == before
    asked = owner.post(f"{SKU}/run", {**chosen, "column": "list_price", "value": "2,500"})
    assert asked.status_code == 302
    number = int(asked.location.rpartition("/")[2])
    long_worker(number)
    assert state(admin, number).error is None
    assert prices(admin) == [2500] * 3
    page = owner.get(f"/jobs/{number}")
    change_no = state(admin, number).answer["change_no"]
    assert f"/undo/{change_no}" in page.text
    owner.post(f"/undo/{change_no}")
    assert prices(admin) == before
    assert f'/undo/{change_no}"' not in owner.get(f"/jobs/{number}").text  # offered once


def test_the_preview_tells_what_would_be_refused_and_keeps_nothing(
    owner: Person, admin: Any
) -> None:
    before = prices(admin)
    looked = owner.post(
        f"{SKU}/preview",
        {"condition": SOME, "column": "list_price", "value": "-1"},
        headers=JSON,
    ).get_json()
    assert (looked["of_all"], looked["differing"], looked["tried"]) == (3, 3, 3)
    assert len(looked["refused"]) == 3
    # Rows are called as people call them
    assert looked["refused"][0]["row"] == "p11-s 品p11"
    assert looked["rows"][0]["row"] == "p11-s 品p11"
    assert " | " not in looked["refused"][0]["reason"]
    assert looked["rows"][0]["changes"][0]["new"] == "-1"
    assert prices(admin) == before
    count = admin.execute(
        'select count(*) from staff.audit_log where change @> \'{"list_price": {"new": -1}}\''
    ).fetchone()[0]
    assert count == 0


def test_chosen_rows_and_several_columns(owner: Person, long_worker: Any, admin: Any) -> None:
    answer = owner.post(
        f"{SKU}/run",
        {"rowid": ["21", "22"], "column": ["sku_name", "list_price"], "value": ["二つ", "7"]},
        headers=JSON,
    )
    number = answer.get_json()["number"]
    long_worker(number)
    rows = admin.execute("select sku_id from catalog.sku where sku_name = '二つ'").fetchall()
    assert sorted(row[0] for row in rows) == [21, 22]
    assert (
        owner.post(f"/undo/{state(admin, number).answer['change_no']}", headers=JSON).get_json()[
            "undone"
        ]
        == 2
    )


def test_an_action_on_all_matching_orders(
    owner: Person, house: Any, long_worker: Any, admin: Any
) -> None:
    import sql

    with sql.connect(house.worker, account_id=1) as worker:
        orders = [take_order(worker, f"B-{place}") for place in range(3)]
    chosen = {
        "condition": json.dumps({"column": "external_order_no", "op": "starts", "value": "B-"}),
        "all": "1",
        "action": "sales.order_cancel",
    }
    page = owner.post("/bulk/sales/sales_order/preview", chosen)
    assert 'name="p_cancel_reason"' in page.text
    page = owner.post("/bulk/sales/sales_order/preview", {**chosen, "confirm": "1"})
    assert page.status_code == 422
    given = {**chosen, "confirm": "1", "p_cancel_reason": "buyer"}
    page = owner.post("/bulk/sales/sales_order/preview", given)
    assert "合う行 3" in page.text
    assert 'name="p_cancel_reason" value="buyer"' in page.text
    open_orders = "select count(*) from sales.sales_order where cancelled_at is null and sales_order_id = any(%s)"
    assert admin.execute(open_orders, [orders]).fetchone()[0] == 3
    asked = owner.post("/bulk/sales/sales_order/run", given, headers=JSON)
    number = asked.get_json()["number"]
    long_worker(number)
    assert state(admin, number).answer["acted"] == 3
    assert admin.execute(open_orders, [orders]).fetchone()[0] == 0
    assert "/undo/" not in owner.get(f"/jobs/{number}").text


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"all": "", "condition": "{}"},
        {"condition": SOME, "column": "sku_id", "value": "1"},
        {"condition": SOME, "column": "version", "value": "1"},
        {"condition": SOME, "column": "nothing", "value": "1"},
        {"condition": SOME, "column": ["list_price"], "value": ["1", "2"]},
        {"condition": SOME, "column": ["list_price", "list_price"], "value": ["1", "2"]},
        {"condition": SOME, "column": "list_price", "value": "abc"},
        {"condition": SOME, "column": "sku_name", "value": "a\x00b"},
        {"condition": "{", "column": "list_price", "value": "1"},
        {"condition": '{"column": "x", "op": "eq"}', "column": "list_price", "value": "1"},
        {"rowid": "abc", "column": "list_price", "value": "1"},
        {"rowid": "1; drop table x", "column": "list_price", "value": "1"},
    ],
)
@pytest.mark.parametrize("step", ["preview", "run"])
def test_what_cannot_be_is_refused_with_a_sentence(
    owner: Person, step: str, form: dict[str, Any]
) -> None:
    answer = owner.post(f"{SKU}/{step}", form, headers=JSON)
    assert answer.status_code == 422, answer.text
    assert answer.get_json()["message"]
    assert " | " not in answer.get_json()["message"]


def test_only_what_the_role_may_change(owner: Person, signed_in: Any, nobody: Person) -> None:
    warehouse = signed_in("warehouse")
    form = {"condition": SOME, "column": "list_price", "value": "1"}
    assert warehouse.post(f"{SKU}/preview", form).status_code == 403
    assert warehouse.post(f"{SKU}/run", form).status_code == 403
    orders = "/bulk/sales/sales_order/run"
    act = {"rowid": "1", "action": "sales.order_cancel", "p_cancel_reason": "buyer"}
    assert warehouse.post(orders, act).status_code == 403
    for name in ("customer.forget_all", "transit.outgoing_set"):
        unknown = owner.post(orders, {**act, "action": name}, headers=JSON)
        assert unknown.status_code == 422
        assert "この一覧にない操作" in unknown.json["message"]
    assert owner.post("/bulk/channel/shop_secret/run", form).status_code == 403
    assert owner.post("/bulk/pg_catalog/pg_class/run", form).status_code == 404
    assert (
        owner.post("/bulk/report/sales_order/run", {"condition": "{}"}, headers=JSON).status_code
        == 422
    )
    assert nobody.post(f"{SKU}/run", form).status_code in (302, 401)


def test_rows_that_are_not_there_change_nothing(
    owner: Person, long_worker: Any, admin: Any
) -> None:
    answer = owner.post(
        f"{SKU}/run",
        {"rowid": ["999999", "-5"], "column": "list_price", "value": "1"},
        headers=JSON,
    )
    number = answer.get_json()["number"]
    long_worker(number)
    assert state(admin, number).answer.get("changed", 0) == 0
