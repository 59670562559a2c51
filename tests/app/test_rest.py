"""The REST resources: same rights, same sentences, and no document that breaks them."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError
from werkzeug.test import TestResponse

from app.asking import generation
from app.errors import refusal
from tests.app.shopfront import another_address

JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")
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
        == 404
    )
    assert (
        call(
            "POST", f"/api/v1/sales/sales_order/{first_order}/act/staff.checks_run", json={}
        ).status_code
        == 404
    )


def test_a_called_function_answers_with_its_rows(call: Caller, first_order: int) -> None:
    found = call("POST", "/api/v1/call/sales.order_explain", json={"p_sales_order_id": first_order})
    assert found.status_code == 200, found.text
    assert {"step", "reason", "label"} <= set(found.get_json()["result"][0])
    nothing = call("POST", "/api/v1/call/sales.order_cancel", json={"p_sales_order_id": 99999999})
    assert nothing.status_code in (404, 422)
    assert call("POST", "/api/v1/call/sales.nothing", json={}).status_code == 404
    assert call("GET", "/api/v1/call/sales.order_explain").status_code == 405


def test_rows_are_read_page_by_page_to_the_last(call: Caller) -> None:
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        asked = {"size": "70", "sort": "product_name", "dir": "desc", "cols": "product_code"}
        asked |= {"after": after, "search": "商品"} if after else {"search": "商品"}
        found = call("GET", PRODUCT, query_string=asked).get_json()
        assert all(set(row) == {"product_code"} for row in found["result"])
        assert ("count" in found) is not bool(after)
        seen += found["ids"]
        after = found["after"]
    assert len(seen) == len(set(seen)) >= 300


def test_an_address_asks_as_a_list_does(call: Caller) -> None:
    def ids(**asked: str) -> list[str]:
        found = call("GET", PRODUCT, query_string={"size": "1000", **asked})
        assert found.status_code == 200, found.text
        return found.get_json()["ids"]

    (one,) = ids(**{"f.product_code.eq": "p17"})
    assert ids(where='{"all":[{"column":"product_code","op":"eq","value":"p17"}]}') == [one]
    both = {"any": [{"column": "product_code", "op": "in", "value": ["p17", "p18"]}]}
    assert len(ids(where=json.dumps(both))) == 2
    assert ids(**{"f.product_id.from": one, "f.product_id.to": one}) == [one]
    assert ids(search="商品17", **{"f.product_code.eq": "p17"}) == [one]


@pytest.mark.parametrize(
    "asked",
    [
        {"f.nope": "1"},
        {"f.product_code.nope": "1"},
        {"where": "{"},
        {"where": '{"nope": 1}'},
        {"where": '{"column": "product_code", "op": "eq", "value": "a\\u0000"}'},
        {"where": "[" * 9000},
        {"search": "a\x00b"},
        {"f.product_id": "99999999999999999999999"},
        {"f.product_id": "1 or 1=1"},
        {"cols": "product_code,nope"},
        {"sort": "nope"},
        {"dir": "sideways"},
        {"size": "0"},
        {"size": "-1"},
        {"size": "９９９９９９９９９９９"},
        {"after": "[1]x"},
        {"after": '["x", 1]'},
        {"nope": "1"},
        {"q": "(page:99999,page_size:1000)"},
    ],
)
def test_what_cannot_be_asked_is_refused_and_never_left_out(
    call: Caller, asked: dict[str, str]
) -> None:
    answer = call("GET", PRODUCT, query_string=asked, headers={"Accept-Language": "en"})
    assert answer.status_code == 400, answer.text
    said = answer.get_json()["message"]
    assert said
    assert not JAPANESE.search(said)
    assert "psycopg" not in said


def test_everything_is_searched_under_the_callers_rights(
    call: Caller, app: Flask, bearer: Callable[[str], dict[str, str]]
) -> None:
    found = call("GET", "/api/v1/find", query_string={"q": "商品17"}).get_json()["result"]
    product = next(one for one in found if one["kind"] == "product")
    assert call("GET", product["resource"]).get_json()["result"]["product_code"] == "p17"
    people = {"q": "山田"}
    assert call("GET", "/api/v1/find", query_string=people).get_json()["result"]
    analyst = Caller(app, bearer("analyst"))
    assert analyst("GET", "/api/v1/find", query_string=people).get_json()["result"] == []
    for words in ("", "a", "x" * 500, "a\x00b"):
        assert call("GET", "/api/v1/find", query_string={"q": words}).status_code == 400


def test_labels_say_what_references_stand_for(call: Caller) -> None:
    asked = {"labels": "1", "f.sku_code.eq": "p1-s"}
    found = call("GET", "/api/v1/catalog/sku/", query_string=asked).get_json()
    product = str(found["result"][0]["product_id"])
    assert found["labels"]["product_id"][product] == "p1 商品1"
    row = call("GET", f"/api/v1/catalog/sku/{found['ids'][0]}?labels=1&cols=product_id").get_json()
    assert row["labels"] == {"product_id": {product: "p1 商品1"}}


def test_the_second_of_two_writers_is_told(call: Caller) -> None:
    made = call("POST", PRODUCT, json={"product_code": "rest-lock", "product_name": "茶"})
    address = PRODUCT + made.get_json()["id"]
    seen = call("GET", address)
    version = seen.get_json()["result"]["version"]
    mine = {"If-Match": seen.headers["ETag"]}
    first = call("PUT", address, json={"product_name": "紅茶"}, headers=mine)
    assert first.status_code == 200
    second = call("PUT", address, json={"product_name": "緑茶"}, headers=mine)
    assert second.status_code == 409
    old = call("PUT", address, json={"product_name": "緑茶", "version": version})
    assert old.status_code == 409
    now = first.get_json()["result"]["version"]
    assert call("PUT", address, json={"product_name": "緑茶", "version": now}).status_code == 200
    assert call("DELETE", address, headers=mine).status_code in (403, 409)
    assert call("GET", address).get_json()["result"]["product_name"] == "緑茶"


@pytest.mark.parametrize(("wanted", "is_english"), [("en-GB,en;q=0.8", True), ("ja", False)])
def test_refusals_come_in_the_callers_language(
    call: Caller, app: Flask, wanted: str, is_english: bool
) -> None:
    header = {"Accept-Language": wanted}
    said = [
        call("POST", PRODUCT, json={}, headers=header).get_json()["message"]["product_code"][0],
        call("POST", PRODUCT, json={"product_code": None}, headers=header).get_json()["message"][
            "product_code"
        ][0],
        call("POST", "/api/v1/report/order_count/", json={}, headers=header).get_json()["message"],
        call("GET", PRODUCT + "99999999", headers=header).get_json()["message"],
        call("GET", "/api/v1/nope/nothing/", headers=header).get_json()["message"],
        call("PATCH", PRODUCT, headers=header).get_json()["message"],
        call("POST", PRODUCT, data=b"x", headers=header).get_json()["message"],
    ]
    bare = app.test_client()
    elsewhere = {"REMOTE_ADDR": another_address()}
    said.append(bare.get(PRODUCT, headers=header).get_json()["message"])
    for body in ({}, {"username": "x", "password": "y", "provider": "db"}):
        answer = bare.post(
            "/api/v1/security/login", json=body, headers=header, environ_base=elsewhere
        )
        assert answer.status_code in (400, 401)
        said.append(answer.get_json()["message"])
    assert [bool(JAPANESE.search(one)) for one in said] == [not is_english] * len(said), said


def test_a_column_of_the_shops_own_is_asked_for_written_and_described(
    call: Caller, app: Flask, admin: Any
) -> None:
    admin.execute(
        "alter table catalog.product add column x_shelf text;"
        "comment on column catalog.product.x_shelf is '棚番号。 | Shelf number.'"
    )
    try:
        app.extensions["generations"].refresh()
        given = {"product_code": "rest-x", "product_name": "茶", "x_shelf": "A-1"}
        assert call("POST", PRODUCT, json=given).status_code == 201
        asked = {"f.x_shelf": "A-1", "cols": "x_shelf"}
        assert call("GET", PRODUCT, query_string=asked).get_json()["result"] == [{"x_shelf": "A-1"}]
        english = {"Accept-Language": "en"}
        spec = call("GET", "/api/v1/_openapi", headers=english).get_json()
        said = spec["components"]["schemas"]["catalog.product"]["properties"]["x_shelf"]
        assert said["title"] == "Shelf number"
    finally:
        admin.execute("alter table catalog.product drop column x_shelf")
        app.extensions["generations"].refresh()


def test_a_json_argument_reaches_the_function_as_it_was_written(call: Caller, admin: Any) -> None:
    document = {"n": [1, "二"], "deep": {"x": None}}
    body = {"p_lane": "slow", "p_job": "refresh_holds", "p_arguments": document}
    answer = call("POST", "/api/v1/call/transit.job_ask", json=body)
    assert answer.status_code == 200, answer.text
    (number,) = answer.get_json()["result"][0].values()
    kept = admin.execute(
        "delete from transit.job_request where job_request_id = %s returning arguments", [number]
    ).fetchone()
    assert kept == (document,)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ProgrammingError("select", {}, psycopg.ProgrammingError("cannot adapt type 'dict'")), 500),
        (OperationalError("select", {}, psycopg.OperationalError("connection refused")), 503),
        (InterfaceError("select", {}, psycopg.InterfaceError("connection is closed")), 503),
    ],
)
def test_only_a_lost_connection_is_called_one(app: Flask, error: DBAPIError, status: int) -> None:
    with app.test_request_context("/"):
        why = refusal(error, generation().catalog)
    assert why.status == status
    assert ("つながりません" in why.sentence) is (status == 503)
