"""Every resource and function of the whole schema, for the least role that may and for one that may not.

What is asked comes from the live catalogue: a new table or function is asked about from its first day.
"""

import json
import re
import time
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.test import TestResponse

from app.api.openapi import document, of_one
from app.api.shapes import Json
from app.catalog import Catalog, Function, Rights
from app.screens import SCREENS
from tests.app.shopfront import ROLES, another_address

BASE = "/api/v1"
STATEMENTS_MAX = 12
JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")
RAW = re.compile(
    r"psycopg|sqlalchemy|\bselect\b.*\bfrom\b|traceback|\[SQL", re.IGNORECASE | re.DOTALL
)
MADE_BY_TESTS = re.compile(r"^own\.")


class Problems(dict[str, str]):
    """What was wrong, by what was asked."""

    def note(self, asked: str, problem: str) -> None:
        if problem:
            self[asked] = problem


class House:
    """The catalogue, what each role holds, and callers of each role in either language."""

    def __init__(self, app: Flask, passwords: dict[str, tuple[str, str]]) -> None:
        self.client = app.test_client()
        generation = app.extensions["generations"].refresh()
        prefix = app.config["ROLE_PREFIX"]
        self.catalog: Catalog = generation.catalog
        self.held: dict[str, Rights] = {r: generation.rights(prefix + r) for r in ROLES}
        # From the one that holds least
        self.roles = sorted(ROLES, key=lambda r: (len(self.held[r].read), r))
        self.header = {role: self._token(*passwords[role]) for role in ROLES}

    def _token(self, login: str, password: str) -> dict[str, str]:
        answer = self.client.post(
            f"{BASE}/security/login",
            json={"username": login, "password": password, "provider": "db"},
            environ_base={"REMOTE_ADDR": another_address()},
        )
        return {"Authorization": f"Bearer {answer.get_json()['access_token']}"}

    def least(self, verb: str, full: str) -> str | None:
        return next((r for r in self.roles if full in getattr(self.held[r], verb)), None)

    def without(self, verb: str, full: str) -> str | None:
        return next((r for r in self.roles if full not in getattr(self.held[r], verb)), None)

    def call(
        self, role: str, method: str, address: str, said: str = "en", **rest: Any
    ) -> TestResponse:
        header = self.header[role] | {"Accept-Language": said}
        return self.client.open(f"{BASE}{address}", method=method, headers=header, **rest)


@pytest.fixture(scope="module")
def house_of(app: Flask, passwords: dict[str, tuple[str, str]]) -> House:
    return House(app, passwords)


def path(full: str) -> str:
    return "/" + full.replace(".", "/") + "/"


def refused(answer: TestResponse, *statuses: int) -> str:
    """What is wrong with a refusal, or nothing: a status of these, a sentence in English, no SQL."""
    if answer.status_code not in statuses:
        return f"{answer.status_code} {answer.text[:200]}"
    said = answer.get_json()["message"]
    words = json.dumps(said, ensure_ascii=False)
    if not said or JAPANESE.search(words) or " | " in words or RAW.search(words):
        return f"says {words[:200]}"
    return ""


def test_every_resource_is_read_by_the_least_role_that_may_and_refused_to_another(
    house_of: House, statements: list[str]
) -> None:
    wrong = Problems()
    asked = 0
    for full in house_of.catalog.relations:
        if (role := house_of.least("read", full)) is not None:
            statements.clear()
            answer = house_of.call(role, "GET", path(full), query_string={"size": 5, "labels": "1"})
            asked += 1
            if answer.status_code != 200 or len(statements) > STATEMENTS_MAX:
                wrong[full] = f"{answer.status_code} {len(statements)} {answer.text[:300]}"
                continue
            for key in answer.get_json().get("ids", [])[:1]:
                row = house_of.call(role, "GET", path(full) + key)
                if (
                    row.status_code != 200
                    or row.get_json()["id"] != key
                    or "ETag" not in row.headers
                ):
                    wrong[full] = f"{key}: {row.status_code} {row.text[:200]}"
            told = house_of.call(role, "GET", path(full) + "_info")
            words = json.dumps(told.get_json(), ensure_ascii=False)
            if JAPANESE.search(words) and not MADE_BY_TESTS.match(full):
                wrong[full] = f"untranslated: {words}"
        if (role := house_of.without("read", full)) is not None:
            wrong.note(f"{full} by {role}", refused(house_of.call(role, "GET", path(full)), 403))
    assert asked > 80
    assert wrong == {}


def test_every_resource_is_written_by_whom_it_is_granted_and_by_nobody_else(
    house_of: House,
) -> None:
    wrong = Problems()
    for full in house_of.catalog.relations:
        tries: list[tuple[str, str, str, Any]] = [
            ("insert", "POST", path(full), {"nope": 1}),
            ("update", "PUT", path(full) + "0", {"nope": 1}),
            ("delete", "DELETE", path(full) + "x", None),
        ]
        for verb, method, address, body in tries:
            role = house_of.least(verb, full)
            if role is not None and full in house_of.held[role].read:
                answer = house_of.call(role, method, address, json=body)
                wrong.note(f"{method} {full} by {role}", refused(answer, 403, 404, 422))
            if (role := house_of.without(verb, full)) is not None:
                answer = house_of.call(role, method, address, json=body)
                wrong.note(f"{method} {full} by {role}", refused(answer, 403))
    assert wrong == {}


@pytest.mark.parametrize(
    "value", [None, "x", -1, [], {"a": "\x00"}, "1); drop table x; --", 10**30]
)
def test_no_document_breaks_a_resource(house_of: House, value: Any) -> None:
    wrong = Problems()
    for full, relation in house_of.catalog.relations.items():
        role = house_of.least("insert", full)
        if role is None or full not in house_of.held[role].read:
            continue
        body = {
            name: value for name in relation.columns if name in house_of.held[role].insert[full]
        }
        answer = house_of.call(role, "POST", path(full), json=body)
        if answer.status_code != 201:
            wrong.note(f"{full} by {role}", refused(answer, 403, 404, 409, 422))
    assert wrong == {}


def functions(house: House) -> list[Function]:
    return list(house.catalog.functions.values())


def test_every_function_is_called_by_whom_it_is_granted_and_by_nobody_else(
    house_of: House,
) -> None:
    wrong = Problems()
    called = 0
    for function in functions(house_of):
        address = f"/call/{function.full}"
        if (role := house_of.least("execute", function.full)) is not None:
            called += 1
            answer = house_of.call(role, "POST", address, json={"nope": 1})
            wrong.note(f"{function.full} by {role}", refused(answer, 422))
            answer = house_of.call(role, "POST", address, data=b"{")
            wrong.note(f"{function.full} by {role}: no JSON", refused(answer, 415))
        if (role := house_of.without("execute", function.full)) is not None:
            answer = house_of.call(role, "POST", address, json={})
            wrong.note(f"{function.full} by {role}", refused(answer, 403))
    assert called > 30
    assert wrong == {}


@pytest.mark.parametrize("value", [None, "", "x", "\U0001f375" * 50, "'; --", -1, 10**15])
def test_no_argument_breaks_a_function(house_of: House, value: Any) -> None:
    wrong = Problems()
    for function in functions(house_of):
        role = house_of.least("execute", function.full)
        if role is None or not function.arguments:
            continue
        body = {argument.name: value for argument in function.arguments}
        answer = house_of.call(role, "POST", f"/call/{function.full}", json=body)
        if answer.status_code != 200:
            wrong.note(f"{function.full} by {role}", refused(answer, 403, 404, 409, 422))
    assert wrong == {}


def wanted_operations(house: House, role: str) -> set[tuple[str, str]]:
    """What a role may ask, from its rights: (method, address)."""
    held, found = house.held[role], set[tuple[str, str]]()
    for full, readable in held.read.items():
        relation = house.catalog.relations[full]
        base = f"{BASE}{path(full)}"
        found |= {("get", base), ("get", f"{base}_info")}
        keyed = bool(relation.key) and set(relation.key) <= readable
        if keyed:
            found.add(("get", f"{base}{{pk}}"))
            actions = set(SCREENS.of(relation).actions) & held.execute
            found |= {("post", f"{base}{{pk}}/act/{name}") for name in actions}
            if full in held.delete:
                found.add(("delete", f"{base}{{pk}}"))
        found |= {("post", base)} if full in held.insert else set()
        found |= {("put", f"{base}{{pk}}")} if keyed and full in held.update else set()
    return found | {("post", f"{BASE}/call/{full}") for full in held.execute}


@pytest.mark.parametrize("role", ROLES)
def test_the_description_holds_all_that_a_role_may_and_no_more(
    app: Flask, house_of: House, role: str
) -> None:
    spec = house_of.call(role, "GET", "/_openapi").get_json()
    said = {
        (method, address)
        for address, one in spec["paths"].items()
        for method in one
        if method != "parameters"
    }
    own = {one for one in said if "/security/" in one[1] or one[1].endswith(("/_openapi", "/find"))}
    wanted = wanted_operations(house_of, role)
    missing = {
        one
        for one in wanted - said
        # All that is granted may be what the database writes itself
        if one[0] not in ("post", "put") or "/call/" in one[1]
    }
    assert missing == set()
    assert said - own - wanted == set()
    assert len(own) == 4
    router = app.url_map.bind("localhost")
    for method, address in said:
        try:
            router.match(address.replace("{pk}", "1"), method=method.upper())
        except (NotFound, MethodNotAllowed) as error:
            pytest.fail(f"{method} {address}: {error}")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_description_is_complete_in_words_and_made_quickly(
    house_of: House, language: str
) -> None:
    begun = time.process_time()
    spec = document(house_of.catalog, house_of.held["owner"], SCREENS, language)
    took = time.process_time() - begun
    assert took < 1.0, took
    refs = set(re.findall(r'"\$ref": "#/components/(\w+)/([^"]+)"', json.dumps(spec)))
    assert [one for one in refs if one[1] not in spec["components"][one[0]]] == []
    assert {path for path in spec["paths"] if not path.startswith("/api/v1/")} == set()
    names = [
        one["operationId"]
        for p in spec["paths"].values()
        for k, one in p.items()
        if k != "parameters"
    ]
    assert len(names) == len(set(names))
    text = json.dumps(spec, ensure_ascii=False)
    assert " | " not in text
    calls = [one["post"]["requestBody"] for path, one in spec["paths"].items() if "/call/" in path]
    asked = {
        name: said["title"]
        for one in calls
        for name, said in one["content"]["application/json"]["schema"]["properties"].items()
    }
    if language == "ja":
        assert {name: said for name, said in asked.items() if not JAPANESE.search(said)} == {
            "p_sku_id": "SKU"
        }
    if language == "en":
        shown = {
            full: schema
            for full, schema in spec["components"]["schemas"].items()
            if not MADE_BY_TESTS.match(full)
        }
        titles = re.findall(
            r'"(?:title|summary|description)": "([^"]*)"', json.dumps(shown, ensure_ascii=False)
        )
        assert [one for one in titles if JAPANESE.search(one)] == []


@pytest.mark.parametrize(
    "full", ["catalog.product", "sales.sales_order", "stock.stock_balance", "channel.shop"]
)
def test_the_description_is_valid(house_of: House, full: str) -> None:
    """By parts: the validator takes a minute for the whole, whose parts are all alike."""
    spec = document(house_of.catalog, house_of.held["owner"], SCREENS, "en")
    validate(of_one(spec, full))


def test_the_description_of_functions_is_valid(house_of: House) -> None:
    held = house_of.held["owner"]
    nothing = replace(held, read={}, insert={}, update={}, delete=frozenset())
    validate(document(house_of.catalog, nothing, SCREENS, "ja"))


def test_the_description_is_kept_until_it_changes(house_of: House) -> None:
    first = house_of.call("owner", "GET", "/_openapi")
    assert first.headers["Cache-Control"] == "private, no-cache"
    mark = {"If-None-Match": first.headers["ETag"]}
    header = house_of.header["owner"] | {"Accept-Language": "en"} | mark
    begun = time.perf_counter()
    assert house_of.client.get(f"{BASE}/_openapi", headers=header).status_code == 304
    assert time.perf_counter() - begun < 1.0
    other = house_of.call("owner", "GET", "/_openapi", said="ja")
    assert other.headers["ETag"] != first.headers["ETag"]
    assert house_of.call("analyst", "GET", "/_openapi").headers["ETag"] != first.headers["ETag"]


def test_the_description_of_one_table_is_no_more_than_may_be_read(house_of: House) -> None:
    one = house_of.call("owner", "GET", "/_openapi?table=catalog.product").get_json()
    assert set(one["paths"]) == {
        f"{BASE}/catalog/product/{end}" for end in ("", "_info", "{pk}")
    } | {p for p in one["paths"] if "/act/" in p}
    validate(one)
    table = "sales.sales_order_party"
    assert house_of.call("analyst", "GET", f"/_openapi?table={table}").status_code == 404
    assert house_of.client.get(f"{BASE}/_openapi").status_code == 401


class Described:
    """Answers held against what the description says of them."""

    def __init__(self, spec: Json) -> None:
        self.spec = spec

    def problems(self, method: str, address: str, answer: TestResponse) -> list[str]:
        responses = self.spec["paths"][f"{BASE}{address}"][method]["responses"]
        if str(answer.status_code) not in responses:
            return [f"{method} {address} answered {answer.status_code}: {answer.text[:200]}"]
        found = responses[str(answer.status_code)]
        if "$ref" in found:
            found = self.spec["components"]["responses"][found["$ref"].rpartition("/")[2]]
        schema = found["content"]["application/json"]["schema"] | {
            "components": self.spec["components"]
        }
        errors = Draft202012Validator(schema).iter_errors(answer.get_json())
        return [f"{method} {address}: {one.json_path} {one.message[:200]}" for one in errors]


def test_answers_are_as_described(house_of: House) -> None:
    described = Described(house_of.call("owner", "GET", "/_openapi").get_json())
    wrong: list[str] = []
    for full in house_of.held["owner"].read:
        address = path(full)
        listed = house_of.call("owner", "GET", address, query_string={"labels": "1", "size": "50"})
        wrong += described.problems("get", address, listed)
        for key in listed.get_json().get("ids", [])[:3]:
            row = house_of.call("owner", "GET", address + key, query_string={"labels": "1"})
            wrong += described.problems("get", address + "{pk}", row)
        nothing = house_of.call("owner", "GET", address, query_string={"f.nope": "1"})
        wrong += described.problems("get", address, nothing)
    assert wrong == []


def a_value(schema: Json) -> st.SearchStrategy[Any]:
    """Values that a schema lets through."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = schema.get("type", ["string", "integer", "null"])
    made = {
        "string": st.text(max_size=20),
        "integer": st.integers(-5, 2**33),
        "number": st.floats(-1e9, 1e9),
        "boolean": st.booleans(),
        "null": st.none(),
        "array": st.lists(st.text(max_size=5), max_size=3),
    }
    if schema.get("format") == "date":
        return st.dates().map(str)
    return st.one_of(*(made[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds)))


def a_document(schema: Json) -> st.SearchStrategy[dict[str, Any]]:
    needed = schema.get("required", [])
    fields = {name: a_value(one) for name, one in schema["properties"].items()}
    return st.fixed_dictionaries(
        {name: fields[name] for name in needed},
        optional={name: one for name, one in fields.items() if name not in needed},
    )


@pytest.mark.parametrize(
    "full",
    ["catalog.product", "catalog.sku", "channel.shop", "staff.saved_search", "sales.hold_rule"],
)
def test_documents_made_from_the_description_go_round(house_of: House, full: str) -> None:
    spec = house_of.call("owner", "GET", "/_openapi").get_json()
    described, address = Described(spec), path(full)
    change = spec["components"]["schemas"].get(f"{full}.change")

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def round_trip(data: st.DataObject) -> None:
        body = data.draw(a_document(spec["components"]["schemas"][f"{full}.new"]))
        made = house_of.call("owner", "POST", address, json=body)
        assert described.problems("post", address, made) == []
        if made.status_code != 201:
            return
        key = made.get_json()["id"]
        row = house_of.call("owner", "GET", address + key)
        assert described.problems("get", address + "{pk}", row) == []
        for name, value in body.items():
            if isinstance(value, str | bool) and "\r" not in str(value):
                assert row.get_json()["result"][name] == value or value == "", name
        if change:
            body = data.draw(a_document(change))
            body.pop("version", None)
            header = house_of.header["owner"] | {"If-Match": row.headers["ETag"]}
            answer = house_of.client.put(f"{BASE}{address}{key}", json=body, headers=header)
            assert described.problems("put", address + "{pk}", answer) == []

    round_trip()


def test_a_count_by_rest_is_the_count_by_sql(house_of: House, admin: Any) -> None:
    rows = admin.execute("select count(*) from catalog.product").fetchone()[0]
    found = house_of.call("owner", "GET", path("catalog.product")).get_json()
    assert found["count"] == rows
