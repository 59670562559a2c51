"""The REST resources: same rights, same sentences, and no document that breaks them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

PRODUCT = "/api/v1/catalog/product/"


class Caller:
    """A program with a token."""

    def __init__(self, app: Flask, header: dict[str, str]) -> None:
        self.client, self.header = app.test_client(), header

    def __call__(self, method: str, address: str, **rest: Any) -> TestResponse:
        header = self.header | rest.pop("headers", {})
        return self.client.open(address, method=method, headers=header, **rest)


@pytest.fixture
def call(app: Flask, bearer: Callable[[str], dict[str, str]]) -> Iterator[Caller]:
    return Caller(app, bearer("owner"))


def test_a_row_is_made_read_changed_and_found(call: Caller) -> None:
    made = call("POST", PRODUCT, json={"product_code": "rest-1", "product_name": "茶"})
    assert made.status_code == 201
    address = PRODUCT + made.get_json()["id"]
    assert call("GET", address).get_json()["result"]["product_name"] == "茶"
    changed = call("PUT", address, json={"product_name": "紅茶"})
    assert changed.status_code == 200
    assert changed.get_json()["result"]["product_code"] == "rest-1"
    found = call(
        "GET",
        PRODUCT
        + "?q=(filters:!((col:product_code,opr:eq,value:rest-1)),columns:!(product_name),page_size:5)",
    ).get_json()
    assert found["count"] == 1
    assert found["result"] == [{"product_name": "紅茶"}]


def test_what_is_wrong_is_said_by_field(call: Caller) -> None:
    answer = call("POST", PRODUCT, json={"product_code": 5, "nope": 1})
    assert answer.status_code == 422
    said = answer.get_json()["message"]
    assert set(said) == {"product_code", "product_name", "nope"}
    doubled = call("POST", PRODUCT, json={"product_code": "p1", "product_name": "x"})
    assert doubled.status_code == 422
    assert list(doubled.get_json()["message"]) == ["product_code"]
    negative = call(
        "POST",
        "/api/v1/catalog/sku/",
        json={"sku_code": "neg", "sku_name": "x", "list_price": "-5"},
    )
    assert negative.status_code == 422
    assert "SQL" not in negative.text
    assert "psycopg" not in negative.text


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'"text"', b"[" * 200_000, b'{"product_name":NaN', b"\xff\xfe", b"null"],
)
def test_a_document_that_is_no_object_is_refused(call: Caller, body: bytes) -> None:
    answer = call("POST", PRODUCT, data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "{" in answer.get_json()["message"]


@pytest.mark.parametrize(
    "document",
    [
        {"product_code": "a\x00b", "product_name": "x"},
        {"product_code": "x" * 200_000, "product_name": "x"},
        {"product_code": True, "product_name": "x"},
        {"product_code": ["x"], "product_name": {"a": 1}},
        {"product_code": None, "product_name": "x"},
        {"product_id": 1, "product_code": "x", "product_name": "x"},
        {"version": 9, "product_code": "y", "product_name": "x"},
    ],
)
def test_hostile_values_are_refused_with_a_sentence(call: Caller, document: dict[str, Any]) -> None:
    answer = call("POST", PRODUCT, json=document)
    assert answer.status_code == 422
    assert isinstance(answer.get_json()["message"], dict)


@pytest.mark.parametrize(
    "argument",
    [
        "(((",
        "!!",
        "(filters:!((col:product_id,opr:eq,value:zz)))",
        "(order_column:nope)",
        "(filters:!((col:nope,opr:eq,value:1)))",
        "(" * 9000,
        "(page_size:1000000000)x",
    ],
)
def test_a_query_that_cannot_be_read_is_400(call: Caller, argument: str) -> None:
    assert call("GET", PRODUCT, query_string={"q": argument}).status_code == 400


def test_pages_have_a_limit(call: Caller) -> None:
    answer = call("GET", PRODUCT + "?q=(page_size:1000000)").get_json()
    assert len(answer["result"]) <= 1000


def test_tables_with_composite_keys_are_read_by_them(call: Caller, admin: Any) -> None:
    admin.execute(
        "insert into staff.account_shop select 1, shop_id from channel.shop on conflict do nothing"
    )
    listed = call("GET", "/api/v1/staff/account_shop/")
    assert listed.status_code == 200
    key = listed.get_json()["ids"][0]
    assert call("GET", f"/api/v1/staff/account_shop/{key}").status_code == 200
    for wrong in ("5", "[1]", "[1,2,3]", "[[]]", "{}", "x"):
        assert call("GET", f"/api/v1/staff/account_shop/{wrong}").status_code == 404


def test_views_and_what_may_not_be_written_say_so(call: Caller) -> None:
    assert call("GET", "/api/v1/report/order_count/").status_code == 200
    assert call("POST", "/api/v1/report/order_count/", json={}).status_code == 403
    assert call("POST", "/api/v1/sales/sales_order/", json={}).status_code == 403
    assert call("DELETE", "/api/v1/sales/sales_order/1").status_code == 403
    assert call("GET", "/api/v1/nope/nothing/").status_code == 404
    assert call("GET", PRODUCT + "99999999").status_code == 404


def test_an_action_by_rest_answers_with_the_functions_sentence(
    call: Caller, first_order: int
) -> None:
    address = f"/api/v1/sales/sales_order/{first_order}/act/sales.hold_place"
    assert call("POST", address, json={}).status_code == 422
    assert call("POST", address, json={"p_note": 5}).status_code == 422
    assert call("POST", address, json={"p_note": "見る", "p_other": "x"}).status_code == 422
    assert call("POST", address, json={"p_note": "見る"}).status_code == 200
    assert (
        call(
            "POST", "/api/v1/sales/sales_order/999999/act/sales.hold_place", json={"p_note": "x"}
        ).status_code
        == 422
    )
    assert (
        call(
            "POST", f"/api/v1/sales/sales_order/{first_order}/act/staff.checks_run", json={}
        ).status_code
        == 404
    )


def test_openapi_describes_one_table_and_no_more_than_may_be_read(
    call: Caller, app: Flask, bearer: Callable[[str], dict[str, str]]
) -> None:
    spec = call("GET", "/api/v1/_openapi?table=catalog.product").get_json()
    assert "/api/v1/catalog/product/" in spec["paths"]
    assert call("GET", "/api/v1/_openapi").get_json()["tables"]
    analyst = Caller(app, bearer("analyst"))
    assert analyst("GET", "/api/v1/_openapi?table=sales.sales_order_party").status_code == 404
