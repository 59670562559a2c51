"""Forms keep what was typed, tell what others changed, and edit the lines that belong to a row."""

import html
import json
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.catalog import Argument
from app.fab import values
from tests.app.shopfront import Person, errors_in
from tests.app.test_pages import fields_of

SKU = "/catalog/sku/edit/111"


def opened(person: Person, address: str = SKU) -> dict[str, str]:
    return fields_of(person.get(address).text)


def test_the_second_of_two_editors_is_told_and_loses_nothing(
    owner: Person, signed_in: Any, admin: Any
) -> None:
    other = signed_in("merchandiser")
    mine, theirs = opened(owner), opened(other)
    assert other.post(SKU, theirs | {"sku_name": "彼の名", "list_price": "1500"}).status_code == 302
    answer = owner.post(SKU, mine | {"sku_name": "私の名", "gtin": "4901234567894"})
    assert answer.status_code == 409
    page = answer.text
    again = fields_of(page)
    # the page warns before what is not saved is left
    unsaved = re.search(r'data-unsaved-fields="([^"]*)"', page)
    assert unsaved
    assert json.loads(html.unescape(unsaved[1])) == ["sku_name", "gtin"]
    assert 'data-unsaved-fields="[]"' in owner.get(SKU).text
    # both changed the name: mine is kept and theirs is told; the price that I left alone is taken over
    assert again["sku_name"] == "私の名"
    assert "彼の名" in page
    assert again["list_price"] == "1500"
    assert again["gtin"] == "4901234567894"
    assert owner.post(SKU, again).status_code == 302
    row = admin.execute("select sku_name, list_price, gtin from catalog.sku where sku_id = 111")
    assert row.fetchone() == ("私の名", 1500, "4901234567894")


def test_a_broken_memory_of_the_form_is_only_a_conflict(owner: Person) -> None:
    for was in ("", "{", "[]", '{"sku_name": 1}', "[" * 5000):
        answer = owner.post(SKU, opened(owner) | {"_seen": "old", "_was": was})
        assert answer.status_code == 409, was


def test_lines_are_added_changed_and_removed_with_their_row(owner: Person, admin: Any) -> None:
    address = "/catalog/sku/edit/120"
    start = opened(owner, address) | {"is_bundle": "true"}
    new = {"l0-1-_key": "", "l0-1-sku_id": "121", "l0-1-quantity": "2"}
    more = {"l0-2-_key": "", "l0-2-sku_id": "122", "l0-2-quantity": "1"}
    blank = {"l0-3-_key": "", "l0-3-sku_id": "", "l0-3-quantity": ""}
    answer = owner.post(address, start | new | more | blank)
    assert answer.status_code == 302, re.findall(r"t-stop[^<]*<?[^<]*", answer.text)
    parts = (
        "select sku_id, quantity from catalog.bundle_component where bundle_sku_id = 120 order by 1"
    )
    assert admin.execute(parts).fetchall() == [(121, 2), (122, 1)]
    shown = opened(owner, address)
    assert shown["l0-0-quantity"] == "2"
    changed = shown | {"l0-0-quantity": "3", "l0-1-_removed": "1"}
    assert owner.post(address, changed).status_code == 302
    assert admin.execute(parts).fetchall() == [(121, 3)]


def test_a_refused_line_writes_nothing_and_stands_in_the_form(owner: Person, admin: Any) -> None:
    address = "/catalog/sku/edit/130"
    start = opened(owner, address) | {"is_bundle": "true", "sku_name": "途中"}
    for wrong in (
        {"quantity": "-1"},
        {"quantity": "abc"},
        {"quantity": "1,5"},
        {"sku_id": "99999999"},
    ):
        line = {"l0-1-_key": "", "l0-1-sku_id": "131", "l0-1-quantity": "2"}
        line |= {f"l0-1-{name}": value for name, value in wrong.items()}
        answer = owner.post(address, start | line)
        assert answer.status_code in (409, 422), wrong
        assert "t-stop" in answer.text
        assert next(iter(wrong.values())) in answer.text
    row = admin.execute("select sku_name, is_bundle from catalog.sku where sku_id = 130").fetchone()
    assert row == ("品p130", False)


def test_a_forged_key_reaches_no_row_of_another(owner: Person, admin: Any) -> None:
    first = "/catalog/sku/edit/140"
    line = {"l0-1-_key": "", "l0-1-sku_id": "141", "l0-1-quantity": "1"}
    assert owner.post(first, opened(owner, first) | {"is_bundle": "true"} | line).status_code == 302
    key = opened(owner, first)["l0-0-_key"]
    other = "/catalog/sku/edit/142"
    forged = {"l0-0-_key": html.unescape(key), "l0-0-_removed": "1", "l0-0-_seen": "x"}
    answer = owner.post(other, opened(owner, other) | forged)
    assert answer.status_code == 409
    rows = admin.execute(
        "select from catalog.bundle_component where bundle_sku_id = 140"
    ).fetchall()
    assert len(rows) == 1


def test_what_was_done_can_be_taken_back(owner: Person, admin: Any) -> None:
    address = "/catalog/sku/edit/150"
    owner.post(address, opened(owner, address) | {"sku_name": "書き直し"})
    page = owner.get("/catalog/sku/show/150").text
    undo = re.search(r'action="(/undo/\d+)"', page)
    assert undo is not None
    assert owner.post(undo[1]).status_code == 302
    row = admin.execute("select sku_name from catalog.sku where sku_id = 150").fetchone()
    assert row == ("品p150",)


def test_hostile_text_is_kept_and_shown_as_text(owner: Person) -> None:
    hostile = "<img src=x onerror=alert(1)>\u202e𠮷髙﨑🍵" + "あ" * 9_000 + "=cmd|' /C calc'!A0"
    add = owner.post(
        "/catalog/product/add",
        {"product_code": "h-1", "product_name": "害", "description": hostile},
    )
    assert add.status_code in (302, 422)
    page = owner.get(add.headers["Location"]).text if add.status_code == 302 else add.text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert errors_in(owner.post("/catalog/product/add", {"product_code": "\x01"}).text)
    assert json.dumps(hostile)


def typed(name: str, kind: str) -> Argument:
    return Argument(name="n", type=name, kind=kind, has_default=False)


@pytest.mark.parametrize(
    ("text", "found"),
    [("1,980", 1980), ("¥１，２３４，５６７円", 1234567), ("-1,000", -1000), ("1980", 1980)],
)
def test_a_comma_parts_groups_of_three(text: str, found: int) -> None:
    zone = ZoneInfo("Asia/Tokyo")
    for name, kind in (("integer", "integer"), ("numeric(12,2)", "numeric")):
        assert values.from_text(typed(name, kind), text, zone) == found


@pytest.mark.parametrize("text", ["1,5", "12,50", "1,2345", "1234,567", "1,234,", ",5"])
def test_another_comma_is_no_value(owner: Person, text: str) -> None:
    with owner.app.test_request_context():
        for name, kind in (("integer", "integer"), ("numeric(12,2)", "numeric")):
            with pytest.raises(values.NotAValue, match="1,980"):
                values.from_text(typed(name, kind), text, ZoneInfo("Asia/Tokyo"))


def test_two_editors_of_one_line_are_told_and_lose_nothing(
    owner: Person, signed_in: Any, admin: Any
) -> None:
    address, other = "/catalog/sku/edit/240", signed_in("merchandiser")
    start = opened(owner, address) | {"is_bundle": "true"}
    new = {"l0-1-_key": "", "l0-1-sku_id": "241", "l0-1-quantity": "2"}
    assert owner.post(address, start | new).status_code == 302
    mine, theirs = opened(owner, address), opened(other, address)
    assert other.post(address, theirs | {"l0-0-quantity": "5"}).status_code == 302
    pieces = "select quantity from catalog.bundle_component where bundle_sku_id = 240"
    # Neither typed over nor removed unseen
    for typed in ({"l0-0-quantity": "7"}, {"l0-0-_removed": "1"}):
        told = owner.post(address, mine | typed)
        assert told.status_code == 409
        assert "ほかの人がこの行を変えました" in told.text
        assert "5" in told.text.partition("ほかの人がこの行を変えました")[2][:80]
        assert admin.execute(pieces).fetchone() == (5,)
    # Told once, the next save is what its writer wants
    told = owner.post(address, mine | {"l0-0-quantity": "7"})
    assert owner.post(address, fields_of(told.text)).status_code == 302
    assert admin.execute(pieces).fetchone() == (7,)
