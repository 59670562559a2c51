"""Own columns and tables by the page: two web processes, forms, lists, search, REST, exports, and back again."""

import dataclasses
import html
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.generation import CHECK_S
from config import Settings
from sync import jobs
from tests.app.shopfront import Person
from tests.app.test_pages import fields_of

SHOWN_WITHIN_S = 15
PLAIN = {"kind": "text", "seen_by": "all", "writers": ["merchandiser"]}
KEY = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="


@pytest.fixture(scope="module")
def other(settings: Settings, app: Flask, owner_login: tuple[str, str]) -> Iterator[Person]:
    """The owner at another web process, which has seen the schema before it changed."""
    made = create_app(settings)
    person = Person(made)
    assert person.sign_in(*owner_login).status_code == 302
    assert person.get("/catalog/product/list/").status_code == 200
    yield person
    made.extensions["sessions"].remove()
    made.extensions["sessions"].engine.dispose()
    made.extensions["sessions"].watch.dispose()


@pytest.fixture
def tidy(admin: Any) -> Iterator[None]:
    """Takes away again what a test made: the database is shared."""
    yield
    for row in admin.execute("select own_column_id, removed_at from staff.own_column").fetchall():
        if row.removed_at is None:
            admin.execute("select staff.own_column_remove(%s)", [row.own_column_id])
        admin.execute("select staff.own_column_delete(%s)", [row.own_column_id])
    for row in admin.execute("select own_table_id, removed_at from staff.own_table").fetchall():
        if row.removed_at is None:
            admin.execute("select staff.own_table_remove(%s)", [row.own_table_id])
        admin.execute("select staff.own_table_delete(%s)", [row.own_table_id])
    time.sleep(CHECK_S + 0.1)


def made(owner: Person, admin: Any, table: str = "catalog.product", **given: Any) -> int:
    answer = owner.post("/own/add-column", {**PLAIN, "table_name": table, **given})
    assert answer.status_code == 302, re.findall(r'class="err".*', answer.text)
    return admin.execute("select max(own_column_id) from staff.own_column").fetchone()[0]


def soon(look: Callable[[], bool]) -> float:
    """How long it took until it was so."""
    began = time.monotonic()
    while not look():
        assert time.monotonic() - began < SHOWN_WITHIN_S
        time.sleep(0.2)
    return time.monotonic() - began


def test_a_column_is_added_used_removed_and_brought_back_in_two_processes(
    owner: Person, other: Person, admin: Any, tidy: None
) -> None:
    asked = owner.get("/own/add-column?table_name=catalog.product").text
    assert 'value="merchandiser" checked' in asked
    assert "赤 | Red のように" in asked
    number = made(
        owner, admin, label_ja="季節", label_en="Season", help_ja="いつ売るか", help_en="When it sells", kind="choice",
        choices="春 | Spring\r\n夏 | Summer\r\n", default_text="春 | Spring",
    )  # fmt: skip
    # Here at once, there within seconds, and nobody restarted anything
    assert "季節" in owner.get("/catalog/product/list/").text
    assert soon(lambda: "季節" in other.get("/catalog/product/list/").text) < SHOWN_WITHIN_S
    form = other.get("/catalog/product/add").text
    assert 'name="x_season"' in form
    assert "いつ売るか" in form
    assert '<option value="夏 | Summer">夏</option>' in form.replace(" selected", "")
    answer = other.post(
        "/catalog/product/add",
        {"product_code": "own-1", "product_name": "own", "x_season": "夏 | Summer"},
    )
    assert answer.status_code == 302
    assert other.post("/catalog/product/add", {"product_code": "own-2", "product_name": "o", "x_season": "冬"}).status_code == 422  # fmt: skip
    assert ">夏<" in owner.get("/catalog/product/list/?q=own-1").text
    query = {"q": "(filters:!((col:x_season,opr:eq,value:'夏 | Summer')),columns:!(product_code,x_season))"}  # fmt: skip
    for person in (owner, other):
        found = person.get("/api/v1/catalog/product/", query_string=query).get_json()
        assert found["result"] == [{"product_code": "own-1", "x_season": "夏 | Summer"}]
    spec = owner.get("/api/v1/_openapi?table=catalog.product").get_json()
    assert "x_season" in str(spec)
    page = owner.get("/own/").text
    assert "季節" in page
    assert "x_season" in page
    assert owner.post(f"/own/column-{number}/remove").status_code == 302
    page = owner.get("/own/").text
    assert f"/own/column-{number}/restore" in page
    assert "季節" not in owner.get("/catalog/product/list/").text
    soon(lambda: "季節" not in other.get("/catalog/product/list/").text)
    assert 'name="x_' not in other.get("/catalog/product/add").text
    assert other.get("/api/v1/catalog/product/", query_string=query).status_code == 400
    assert owner.post(f"/own/column-{number}/restore").status_code == 302
    found = owner.get("/api/v1/catalog/product/", query_string=query).get_json()
    assert found["result"] == [{"product_code": "own-1", "x_season": "夏 | Summer"}]


@pytest.mark.parametrize(
    "choices", [["one"], ["it's", "back\\slash", "a]'::text", "x, y", "a | b"]]
)
def test_choices_are_offered_as_they_were_written(
    owner: Person, app: Flask, admin: Any, tidy: None, choices: list[str]
) -> None:
    made(owner, admin, label_en="Odd", kind="choice", choices="\n".join(choices))
    relation = app.extensions["generations"].refresh().catalog.relations["catalog.product"]
    assert list(relation.columns["x_odd"].choices) == choices
    page = owner.get("/catalog/product/add").text
    assert all(f'<option value="{html.escape(one, quote=True)}"'.replace("&#x27;", "&#39;") in page for one in choices)  # fmt: skip


def test_a_hidden_column_is_nowhere_for_who_may_not_see_it(
    owner: Person, signed_in: Callable[[str], Person], admin: Any, tidy: None
) -> None:
    made(owner, admin, label_en="Margin", label_ja="粗利の目安", seen_by="some", readers=["merchandiser"])  # fmt: skip
    admin.execute("update catalog.product set x_margin = 'secret' where product_id = 1")
    merchandiser, analyst = signed_in("merchandiser"), signed_in("analyst")
    assert "secret" in merchandiser.get("/catalog/product/show/1").text
    assert 'name="x_margin"' in merchandiser.get("/catalog/product/edit/1").text
    for address in ("list/?q=p1", "show/1", "list/?f.x_margin=secret", "list/?sort=x_margin"):
        page = analyst.get(f"/catalog/product/{address}")
        assert page.status_code == 200, address
        assert "粗利の目安" not in page.text
        assert 'value="secret"' in page.text or "secret" not in page.text
    found = analyst.get("/api/v1/catalog/product/1")
    assert found.status_code == 200
    assert "x_margin" not in found.get_json()["result"]
    manager = signed_in("manager")
    assert "x_margin" not in manager.get("/catalog/product/edit/1").text
    answer = manager.client.put("/api/v1/catalog/product/1", json={"x_margin": "mine"}, headers={"X-CSRFToken": manager.token()})  # fmt: skip
    assert answer.status_code in (400, 422)
    assert manager.post("/catalog/product/edit/1", {"x_margin": "mine"}).status_code in (409, 422)
    row = admin.execute("select x_margin from catalog.product where product_id = 1").fetchone()
    assert row == ("secret",)


def test_a_report_view_has_a_sibling_with_the_column(
    owner: Person, signed_in: Callable[[str], Person], admin: Any, tidy: None
) -> None:
    number = made(owner, admin, "sales.sales_order", label_ja="目印", label_en="Mark", writers=["order_desk"])  # fmt: skip
    desk = signed_in("order_desk")
    order = admin.execute("select max(sales_order_id) from sales.sales_order").fetchone()[0]
    soon(lambda: 'name="x_mark"' in desk.get(f"/sales/sales_order/edit/{order}").text)
    fields = {"x_mark": "赤"}
    mark = re.search(r'name="_seen" value="([^"]+)"', desk.get(f"/sales/sales_order/edit/{order}").text)  # fmt: skip
    assert mark is not None
    answer = desk.post(f"/sales/sales_order/edit/{order}", fields | {"_seen": html.unescape(mark[1])})  # fmt: skip
    assert answer.status_code == 302, answer.text
    found = desk.get("/api/v1/own/sales_order/", query_string={"q": "(columns:!(sales_order_id,x_mark))"}).get_json()  # fmt: skip
    assert {"sales_order_id": order, "x_mark": "赤"} in found["result"]
    assert "赤" in desk.get("/own/sales_order/list/").text
    assert "x_mark" not in str(desk.get("/api/v1/report/sales_order/_info").get_json())
    owner.post(f"/own/column-{number}/remove")
    assert owner.get("/own/sales_order/list/").status_code == 404


def test_a_table_is_added_filled_and_pointed_to(
    owner: Person, other: Person, signed_in: Callable[[str], Person], admin: Any, tidy: None
) -> None:
    form = {"label_ja": "催事", "label_en": "Fair", "readers": ["merchandiser"], "writers": []}
    assert owner.post("/own/add-table", form | {"seen_by": "some"}).status_code == 302
    made(owner, admin, "own.fair", label_ja="始まり", label_en="Begins", kind="date", writers=[])
    made(owner, admin, label_ja="出す催事", label_en="Shown at", kind="reference", reference_table="own.fair")  # fmt: skip
    soon(lambda: other.get("/own/fair/list/").status_code == 200)
    answer = other.post("/own/fair/add", {"fair_name": "春の市", "begins": "2026-03-01"})
    assert answer.status_code == 302
    assert ">春の市</option>" in owner.get("/catalog/product/add").text
    row = admin.execute("select fair_id, begins::text from own.fair").fetchone()
    assert row.begins == "2026-03-01"
    answer = owner.post("/catalog/product/add", {"product_code": "fair-1", "product_name": "f", "x_shown_at": row.fair_id})  # fmt: skip
    assert answer.status_code == 302
    assert "春の市" in owner.get(answer.headers["Location"]).text
    merchandiser = signed_in("merchandiser")
    assert "春の市" in merchandiser.get("/own/fair/list/").text
    assert merchandiser.get("/own/fair/add").status_code == 403
    assert signed_in("analyst").get("/own/fair/list/").status_code == 403
    number = admin.execute("select own_table_id from staff.own_table").fetchone()[0]
    refused = owner.client.get(owner.post(f"/own/table-{number}/remove").headers["Location"]).text
    assert "参照しています" in refused
    assert owner.get("/own/fair/list/").status_code == 200


def test_an_export_has_the_column_for_who_sees_it(
    owner: Person, signed_in: Callable[[str], Person], admin: Any, settings: Settings, tidy: None
) -> None:
    made(owner, admin, label_en="Margin", label_ja="粗利の目安", seen_by="some", readers=["merchandiser"])  # fmt: skip
    admin.execute("update catalog.product set x_margin = 'secret'")
    context = jobs.begin(dataclasses.replace(settings, secret_keys=(KEY,)))
    try:
        for role, holds in (("merchandiser", True), ("analyst", False)):
            person = signed_in(role)
            wanted = ["product_code", "x_margin"] if holds else ["product_code"]
            answer = person.post("/export/catalog/product", {"column": wanted}, headers={"Accept": "application/json"})  # fmt: skip
            number = int(answer.get_json()["number"])
            jobs.run_request(number)
            with person.get(f"/jobs/{number}/file") as file:
                text = file.data.decode("utf-8-sig")
            assert ("secret" in text) is holds
            assert "p1" in text
    finally:
        context.close()


def test_a_column_that_comes_or_goes_is_no_change_of_a_row(
    owner: Person, admin: Any, tidy: None
) -> None:
    address = "/catalog/product/edit/7"
    before = fields_of(owner.get(address).text)
    number = made(owner, admin, label_en="Season", default_text="spring")
    assert owner.post(address, before | {"product_name": "商品7 先"}).status_code == 302
    during = fields_of(owner.get(address).text)
    assert during["x_season"] == "spring"
    owner.post(f"/own/column-{number}/remove")
    assert owner.post(address, during | {"product_name": "商品7 後"}).status_code == 302
    # What somebody really changed is told as ever
    assert owner.post(address, before | {"product_name": "遅い"}).status_code == 409


def test_a_view_that_is_in_the_way_is_named(owner: Person, admin: Any, tidy: None) -> None:
    number = made(owner, admin, label_en="Season")
    admin.execute("create view own.in_the_way as select product_id, x_season from catalog.product")
    try:
        owner.post(f"/own/column-{number}/remove")
        owner.post(f"/own/column-{number}/delete")
        assert "（own.in_the_way）が使っています" in owner.get("/own/").text
    finally:
        admin.execute("drop view own.in_the_way")
    assert owner.post(f"/own/column-{number}/delete").status_code == 302


def test_a_role_s_page_shows_own_tables_and_gives_no_right_on_own_columns(
    owner: Person, admin: Any, tidy: None
) -> None:
    form = {"label_ja": "催事", "label_en": "Fair", "seen_by": "some", "readers": ["merchandiser"], "writers": []}  # fmt: skip
    assert owner.post("/own/add-table", form).status_code == 302
    number = made(owner, admin, label_en="Season", label_ja="季節の目印")
    page = owner.get("/roles/merchandiser/").text
    assert 'title="own.fair"' in page
    owner.post("/roles/", {"staff_role": "fairs", "label": "催事係 | Fairs", "purpose": "催事 | Fairs", "copied_from": "merchandiser"})  # fmt: skip
    edit = owner.get("/roles/own_fairs/edit").text
    assert "own.fair" not in edit
    assert "x_season" not in edit
    version = re.search(r'name="version" value="(\d+)"', edit)
    assert version
    given = {"version": version[1], "grant": ["update:catalog.product:x_season"], "confirm": "1"}
    answer = owner.post("/roles/own_fairs/edit", given)
    assert answer.status_code == 422
    assert "独自の列の権限はここでは与えられません" in answer.text
    owner.post("/roles/own_fairs/end", {"version": version[1]})
    owner.post(f"/own/column-{number}/remove")


def test_nobody_else_has_the_page(
    signed_in: Callable[[str], Person], owner: Person, nobody: Person, admin: Any, tidy: None
) -> None:
    number = made(owner, admin, label_en="Season")
    assert 'href="/own/"' in owner.get("/").text
    for role in ("manager", "order_desk", "analyst"):
        person = signed_in(role)
        assert 'href="/own/"' not in person.get("/").text
        for address in ("/own/", "/own/add-column", "/own/add-table", f"/own/column-{number}", f"/own/column-{number}/ask"):  # fmt: skip
            assert person.get(address).status_code == 403, address
        assert person.post(f"/own/column-{number}/remove").status_code == 403
        assert person.post("/own/add-column", PLAIN | {"table_name": "catalog.sku", "label_en": "x"}).status_code == 403  # fmt: skip
    assert nobody.get("/own/").headers["Location"].startswith("/login/?next=")
    assert owner.client.post(f"/own/column-{number}/remove").status_code in (400, 403)
    assert admin.execute("select count(*) from staff.own_column where removed_at is null").fetchone() == (1,)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"label_ja": ""}, "名称がありません"),
        ({"label_ja": "安い @pii", "label_en": "Cheap"}, "使えない文字"),
        ({"label_ja": "安い|高い", "label_en": "Cheap"}, "「安い/高い Cheap」に使えない文字があります"),
        ({"label_ja": "季節"}, "コードがありません。 英語の名称から作ります。"),
        ({"label_en": "A", "default_text": "a" * 501}, "ほかは 500 文字まで"),
        ({"label_en": "A", "kind": "choice", "choices": "a\nb", "default_text": "c"}, "選択肢にありません"),
        ({"label_en": "A", "kind": "integer", "default_text": "abc"}, "この種類の値ではありません"),
        ({"label_en": "A", "kind": "nothing"}, "一覧から選びます"),
        ({"label_en": "A", "is_required": "1"}, "初期値が要ります"),
        ({"label_en": "A", "seen_by": "some", "readers": ["analyst"], "writers": ["merchandiser"]}, "見ない人"),
        ({"label_en": "A", "seen_by": "some", "readers": ["no; drop"]}, "ありません"),
        ({"label_en": "Product code", "code": "a" * 60}, "使えません"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    owner: Person, admin: Any, given: dict[str, Any], said: str
) -> None:
    typed = {"help_ja": '<script>alert("h")</script>', **PLAIN, **given}
    answer = owner.post("/own/add-column", typed | {"table_name": "catalog.product"})
    assert answer.status_code == 422
    assert said in answer.text
    assert "&lt;script&gt;alert" in answer.text
    assert "<script>alert" not in answer.text
    assert admin.execute("select count(*) from staff.own_column").fetchone() == (0,)


def test_forged_addresses_are_refused(owner: Person, admin: Any) -> None:
    for address in ("/own/column-0", "/own/column-999999", "/own/column-99999999999999999999", "/own/table-7", "/own/other-1", "/own/column-1/nothing", "/own/column-999999/ask"):  # fmt: skip
        assert owner.get(address).status_code in (302, 404, 405), address
    for address in ("/own/column-999999/remove", "/own/table-1/delete"):
        assert owner.post(address).status_code == 302
    assert "一覧を開き直します" in owner.get("/own/").text
    for table in ("staff.audit_log", "report.sales_order", "x; drop", ""):
        page = owner.post("/own/add-column", PLAIN | {"label_en": "x", "table_name": table})
        assert "どの表" in page.text or 'name="table_name"' in page.text
    assert admin.execute("select count(*) from staff.own_column").fetchone() == (0,)


def test_a_change_by_somebody_else_is_not_overwritten(
    owner: Person, admin: Any, tidy: None
) -> None:
    number = made(owner, admin, label_ja="季節", label_en="Season", help_ja="説明")
    page = owner.get(f"/own/column-{number}").text
    assert 'value="季節"' in page
    assert 'name="version" value="1"' in page
    typed = PLAIN | {"label_ja": "時期", "label_en": "Time", "version": "1"}
    assert owner.post(f"/own/column-{number}", typed).status_code == 302
    assert "時期" in owner.get("/catalog/product/list/").text
    late = owner.post(f"/own/column-{number}", typed | {"label_ja": "遅い"})
    assert late.status_code == 422
    assert "先に変えました" in late.text
    assert 'value="遅い"' in late.text
    owner.post(f"/own/column-{number}/remove")
    asked = owner.get(f"/own/column-{number}/ask").text
    assert "値 0件を完全に消します" in asked
    assert owner.post(f"/own/column-{number}/delete").status_code == 302
    assert owner.get(f"/own/column-{number}").status_code == 404


def test_what_was_made_in_sql_is_listed_and_works(owner: Person, admin: Any) -> None:
    admin.execute("""
        set role daicho_schema;
        create table own.by_hand (by_hand_id bigint generated always as identity primary key, sku_id bigint references catalog.sku, said text not null);
        comment on table own.by_hand is '手作りの表。 | Made by hand.';
        grant select, insert on own.by_hand to daicho_owner;
        alter table catalog.product add column x_shelf text;
        comment on column catalog.product.x_shelf is '棚。 | Shelf.';
        reset role;
    """)
    try:
        soon(lambda: "手作りの表" in owner.get("/").text)
        page = owner.get("/own/").text
        assert "手作りの表" in page
        assert "x_shelf" in page
        assert owner.post("/own/by_hand/add", {"said": "一", "sku_id": "1"}).status_code == 302
        assert "棚" in owner.get("/catalog/product/list/").text
        # Its reference names one of ours and takes nothing from it
        assert owner.get("/stock/stock_balance/list/").status_code == 200
    finally:
        admin.execute("drop table own.by_hand; alter table catalog.product drop column x_shelf")
