"""Every table opens; what a role may not read it does not see; writing keeps what was typed."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.app.shopfront import ROLES, Person, errors_in

STATEMENTS_MAX = 12


def lists(person: Person) -> list[str]:
    """The addresses of the menu."""
    return re.findall(r'href="(/[a-z]+/[a-z0-9_]+/list/)"', person.get("/").text)


def relations(app: Flask) -> list[str]:
    return sorted(app.extensions["generations"].refresh().catalog.relations)


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the form that was not touched."""
    form = page[page.index('<form method="post" novalidate data-guard') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name[1]] = html.unescape(value[1]) if value else ""
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL
    ):
        found[name] = html.unescape(text)
    for name, options in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    return found


def test_every_table_opens_for_the_owner_in_few_statements(
    owner: Person, statements: list[str]
) -> None:
    addresses = lists(owner)
    assert len(addresses) > 60
    for address in addresses:
        for page in (address, address.replace("/list/", "/add")):
            statements.clear()
            answer = owner.get(page)
            assert answer.status_code in ((200,) if page == address else (200, 403)), page
            assert len(statements) <= STATEMENTS_MAX, (page, statements)
        for row in re.findall(r'data-row="([^"]+)"', owner.get(address).text)[:2]:
            statements.clear()
            assert owner.get(html.unescape(row)).status_code == 200, row
            assert len(statements) <= STATEMENTS_MAX, (row, statements)
            edit = html.unescape(row).replace("/show/", "/edit/")
            assert owner.get(edit).status_code in (200, 403), edit


@pytest.mark.parametrize("role", ROLES)
def test_screens_menu_and_rest_follow_the_grants_of_the_role(
    role: str, signed_in: Callable[[str], Person], app: Flask, admin: Any
) -> None:
    person = signed_in(role)
    granted = {
        row.name
        for row in admin.execute(
            """
            select class.relnamespace::regnamespace || '.' || class.relname as name from pg_class as class
            where class.relkind in ('r', 'p') and has_any_column_privilege(%(role)s, class.oid, 'select')
                and has_schema_privilege(%(role)s, class.relnamespace, 'usage')
            """,
            {"role": f"daicho_{role}"},
        ).fetchall()
    }
    menu = {address[1:-6].replace("/", ".") for address in lists(person)}
    tables = [
        name
        for name in relations(app)
        if app.extensions["generations"].refresh().catalog.relations[name].is_table
    ]
    assert menu & set(tables) == granted & set(tables)
    for name in tables:
        address = name.replace(".", "/")
        wanted = 200 if name in granted else 403
        assert person.get(f"/{address}/list/").status_code == wanted, name
        if wanted == 403 or name in ("catalog.sku", "sales.sales_order", "stock.stock_balance"):
            assert person.get(f"/api/v1/{address}/").status_code == wanted, name
            assert person.get(f"/lookup/{address}").status_code == wanted, name
    for view in menu - set(tables):
        assert person.get(f"/{view.replace('.', '/')}/list/").status_code == 200, view


def test_a_role_that_may_only_read_gets_no_form_and_no_button(
    signed_in: Callable[[str], Person],
) -> None:
    analyst = signed_in("analyst")
    page = analyst.get("/catalog/product/list/").text
    assert "/catalog/product/add" not in page
    assert "/act/" not in page
    assert analyst.get("/catalog/product/add").status_code == 403
    assert analyst.get("/catalog/product/edit/1").status_code == 403
    assert analyst.post("/catalog/product/delete/1").status_code == 403
    assert (
        analyst.post("/sales/sales_order/act/sales.order_cancel", {"rowid": "1"}).status_code == 403
    )


def test_a_form_holds_only_the_columns_that_may_be_written(
    signed_in: Callable[[str], Person], first_order: int
) -> None:
    page = signed_in("support").get(f"/sales/sales_order_party/edit/{first_order}").text
    assert 'name="staff_note"' in page
    assert 'name="buyer_name"' not in page


def test_a_row_is_added_changed_and_deleted(owner: Person, admin: Any) -> None:
    answer = owner.post(
        "/catalog/product/add",
        {
            "product_code": "new-1",
            "product_name": "新しい<b>商品</b>",
            "description": "一行\r\n二行",
        },
    )
    assert answer.status_code == 302
    address = answer.headers["Location"]
    page = owner.get(address).text
    assert "新しい&lt;b&gt;商品&lt;/b&gt;" in page
    assert "登録しました" in page
    edit = address.replace("/show/", "/edit/")
    fields = fields_of(owner.get(edit).text)
    assert owner.post(edit, fields | {"product_name": "直した商品"}).status_code == 302
    row = admin.execute(
        "select product_name, description from catalog.product where product_code = 'new-1'"
    ).fetchone()
    assert row == ("直した商品", "一行\n二行")


def test_a_refused_save_keeps_the_form_and_says_why_at_the_field(owner: Person) -> None:
    answer = owner.post("/catalog/product/add", {"product_code": "p1", "product_name": "同じ番号"})
    assert answer.status_code == 422
    assert 'value="同じ番号"' in answer.text
    (said,) = errors_in(answer.text)
    assert "コード" in said
    assert "SQL" not in answer.text
    assert "product_code_uq" not in answer.text


def test_wrong_types_are_sentences_at_their_fields(owner: Person) -> None:
    wrong = {
        "sku_code": "",
        "sku_name": "x" * 200_000,
        "list_price": "たかい",
        "on_sale_on": "明日",
        "oversell_limit": "99999999999999",
        "product_id": "'; drop table sales.sales_order; --",
        "tax_rate": "NaN",
        "handling_status": "no-such",
    }
    answer = owner.post("/catalog/sku/add", wrong)
    assert answer.status_code == 422
    assert len(errors_in(answer.text)) >= 7
    assert 'value="明日"' in answer.text
    assert "Traceback" not in answer.text


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(owner: Person, admin: Any) -> None:
    page = owner.get("/catalog/product/edit/20").text
    admin.execute("update catalog.product set product_name = 'ほかの人' where product_id = 20")
    answer = owner.post("/catalog/product/edit/20", fields_of(page) | {"product_name": "わたし"})
    assert answer.status_code == 409
    assert "ほかの人がこの行を変えました" in answer.text
    assert 'value="わたし"' in answer.text
    name = admin.execute(
        "select product_name from catalog.product where product_id = 20"
    ).fetchone()
    assert name == ("ほかの人",)


def test_a_row_that_is_referred_to_is_not_deleted(owner: Person, admin: Any, app: Flask) -> None:
    assert "消す" not in owner.get("/catalog/product/show/1").text
    admin.execute("grant delete on catalog.product to daicho_owner")
    app.extensions["generations"].refresh()
    try:
        assert "消す" in owner.get("/catalog/product/show/1").text
        assert owner.post("/catalog/product/delete/1").status_code == 302
        assert "ほかの行がこれを使っている" in owner.get("/catalog/product/show/1").text
    finally:
        admin.execute("revoke delete on catalog.product from daicho_owner")
        app.extensions["generations"].refresh()


def test_an_order_explains_itself_and_has_its_lines_holds_and_history(
    owner: Person, first_order: int, admin: Any
) -> None:
    admin.execute(
        "update sales.sales_order_party set staff_note = '確認' where sales_order_id = %s",
        [first_order],
    )
    page = owner.get(f"/sales/sales_order/show/{first_order}").text
    assert "なぜここにあるか" in page
    assert "引当待ち" in page
    for part in ("p1-s", "履歴", "sales.hold_place", "sales.order_cancel"):
        assert part in page, part
    # Nothing to ship yet
    assert "shipping.shipment_post" not in page
    assert "社内メモ" in owner.get(f"/sales/sales_order_party/history/{first_order}").text
    related = [owner.get(html.unescape(a)) for a in re.findall(r'data-lazy="([^"]+)"', page)]
    assert len(related) >= 4
    assert {answer.status_code for answer in related} == {200}
    assert "引当待ち" in "".join(answer.text for answer in related)


def test_a_slip_says_people_money_codes_and_its_past_in_words(
    owner: Person, first_order: int, admin: Any
) -> None:
    page = owner.get(f"/sales/sales_order/show/{first_order}").text
    first, _, folded = page.partition('<details class="fold">')
    for said in ("¥1,000", "¥2,000", "代金引換"):
        assert said in first, said
    assert "取込内容の要約" in folded
    assert 'href="/manual/sales.sales_order"' in first
    assert "取込内容の要約" not in first
    # Whose order it is stands beside it at once; what is empty does not
    assert "千代田区1-1" in folded
    assert "届け先建物" not in page
    assert re.search("ルール「[^a-z」]+」v1", page)
    change = "update sales.sales_order set payment_method = %s where sales_order_id = %s"
    admin.execute(change, ["card", first_order])
    try:
        past = owner.get(f"/sales/sales_order/history/{first_order}").text
        assert ">代金引換</span> → クレジットカード" in past
    finally:
        admin.execute(change, ["cod", first_order])


def test_hostile_text_is_shown_as_text(owner: Person) -> None:
    page = owner.get("/sales/sales_order_party/list/?q=<script>alert(1)</script>").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def counted(person: Person, address: str) -> Any:
    """What the page asks for after it is there: how many rows fit, and how many for each value."""
    return person.get(address.replace("/list/", "/list/counted.json")).get_json()


def rows_in(page: str) -> int:
    return page.count('name="rowid" value="') - page.count('type="hidden" name="rowid"')


def test_conditions_narrow_a_list_and_a_wrong_one_says_so(owner: Person) -> None:
    one = "/catalog/sku/list/?f.sku_code=p42-s"
    assert rows_in(owner.get(one).text) == counted(owner, one)["count"] == 1
    assert counted(owner, "/catalog/sku/list/?f.sku_id.from=1&f.sku_id.to=300")["count"] == 300
    late = "/sales/sales_order/list/?f.ordered_at.to=2026-10-31"
    assert rows_in(owner.get(late).text) == counted(owner, late)["count"] == 0
    wrong = owner.get("/catalog/sku/list/?f.sku_id=abc")
    assert wrong.status_code == 200
    assert 'role="alert"' in wrong.text
    assert rows_in(wrong.text) == 0
    assert owner.get("/catalog/sku/list/counted.json?f.sku_id=abc").status_code == 422
    for hostile in (
        "%00",
        "' or 1=1 --",
        "x" * 3000,
        "%F0%9F%8D%B5",
        "99999999999999999999",
        ":a0",
        "\\",
    ):
        assert owner.get(f"/catalog/sku/list/?q={hostile}&f.sku_id={hostile}").status_code == 200
        assert owner.get(f"/catalog/sku/list/?q={hostile}").status_code == 200
    assert owner.get("/catalog/sku/list/?after=-1&size=abc&sort=nope&dir=up").status_code == 200
    for mark in ("[]", "[1]", '["x"]', "[99999999999999999999]", "[" * 900, "{}", "null"):
        assert owner.get("/catalog/sku/list/", query_string={"after": mark}).status_code == 200


def walked(person: Person, address: str, way: str) -> list[str]:
    """The keys of every page, following the links of the pager from one end to the other."""
    found: list[str] = []
    for _ in range(50):
        page = person.get(address).text
        keys = re.findall(r'name="rowid" value="([^"]+)"', page)
        found = found + keys if way == "next" else keys + found
        link = re.search(rf'rel="{way}"[^>]*href="([^"]+)"', page)
        if link is None:
            return found
        address = html.unescape(link[1])
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("sort", ["sku_code", "gtin", "list_price", "on_sale_on"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_pages_by_key_show_every_row_once_in_both_directions(
    owner: Person, admin: Any, sort: str, direction: str
) -> None:
    admin.execute(
        "update catalog.sku set gtin = case when sku_id % 3 = 0 then lpad((4900000000000 + sku_id)::text, 13, '0') end,"
        " on_sale_on = case when sku_id % 4 = 0 then date '2026-01-01' + (sku_id % 7)::integer end"
    )
    admin.commit()
    start = f"/catalog/sku/list/?size=50&sort={sort}&dir={direction}"
    forth = walked(owner, start, "next")
    assert len(forth) == len(set(forth)) >= 300
    assert walked(owner, start + "&at=end", "prev") == forth
    values = admin.execute(
        f"select sku_id, {sort} from catalog.sku order by {sort} is null, {sort} {direction}, sku_id {direction}"
    ).fetchall()
    assert [int(key) for key in forth] == [row.sku_id for row in values]


def test_facets_count_what_the_conditions_leave(owner: Person) -> None:
    found = counted(owner, "/catalog/sku/list/?f.sku_id.to=10")
    assert found["facets"]["is_bundle"] == {"false": 10}
    assert found["count"] == 10
    assert not found["more"]


def test_the_columns_that_a_person_chose_stay_theirs(owner: Person, signed_in: Any) -> None:
    chosen = owner.post(
        "/catalog/sku/list/columns?f.is_bundle=false", {"column": ["sku_name", "gtin", "nope"]}
    )
    assert chosen.headers["Location"].endswith("/catalog/sku/list/?f.is_bundle=false")
    try:
        heads = re.findall(
            r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', owner.get("/catalog/sku/list/").text
        )
        assert len(heads) == 2
        others = signed_in("manager").get("/catalog/sku/list/").text
        assert len(re.findall(r'<th scope="col"', others)) > 4
    finally:
        owner.post("/catalog/sku/list/columns", {"standard": "1"})
    assert len(re.findall(r'<th scope="col"', owner.get("/catalog/sku/list/").text)) > 4


def test_one_cell_is_edited_in_place_and_only_where_granted(
    owner: Person, signed_in: Any, admin: Any
) -> None:
    address = "/catalog/sku/cell/7"
    control = owner.get(f"{address}?column=list_price").text
    seen = re.search(r'name="_seen" value="([^"]+)"', control)
    assert seen is not None
    given = {"column": "list_price", "list_price": "１，２３４円", "_seen": seen[1]}
    assert owner.post(address, given).get_json()["said"] == "¥1,234"
    assert owner.post(address, given).status_code == 409
    again = re.search(
        r'name="_seen" value="([^"]+)"', owner.get(f"{address}?column=list_price").text
    )
    assert again is not None
    wrong = owner.post(address, given | {"list_price": "-5", "_seen": again[1]})
    assert wrong.status_code == 422
    assert wrong.get_json()["message"]
    assert owner.get(f"{address}?column=sku_id").status_code == 403
    assert signed_in("warehouse").get(f"{address}?column=list_price").status_code == 403
    row = admin.execute("select list_price from catalog.sku where sku_id = 7").fetchone()
    assert row == (1234,)


def test_a_page_never_holds_a_whole_table(owner: Person) -> None:
    page = owner.get("/catalog/sku/add").text
    assert page.count("<option") < 60
    assert 'data-lookup="/lookup/catalog/product?key=product_id"' in page
    found = owner.get("/lookup/catalog/product?key=product_id&q=p299").get_json()["result"]
    assert [row["label"] for row in found] == ["p299 商品299"]


def test_labels_follow_the_language_that_was_chosen(owner: Person) -> None:
    assert "在庫" in owner.get("/stock/stock_balance/list/").text
    answer = owner.post("/language/en", {"next": "/stock/stock_balance/list/"})
    assert answer.headers["Location"] == "/stock/stock_balance/list/"
    try:
        page = owner.get("/stock/stock_balance/list/").text
        assert '<html lang="en"' in page
        assert "Available" in page
        assert "Awaiting stock" in owner.get("/").text
        assert owner.post("/catalog/product/add", {}).status_code == 422
    finally:
        owner.post("/language/ja", {"next": "/"})
    assert '<html lang="ja"' in owner.get("/").text


def test_unknown_addresses_are_a_sentence(owner: Person, nobody: Person) -> None:
    for address in (
        "/nope/nothing/list/",
        "/catalog/nothing/list/",
        "/nothing",
        "/catalog/product/show/99999999",
    ):
        answer = owner.get(address)
        assert answer.status_code == 404
        assert "せん" in answer.text
    assert owner.get("/catalog/product/show/%00abc").status_code == 404
    assert owner.get("/catalog/product/delete/1").status_code == 405
    assert nobody.get("/catalog/product/list/").status_code == 302


def test_words_of_ours_in_an_address_are_only_words(owner: Person) -> None:
    for name in ("method", "relation", "schema", "table", "_external", "_anchor"):
        answer = owner.get(f"/catalog/product/list/?{name}=x&q=p")
        assert answer.status_code == 200, name
        assert f"{name}=x" in answer.text, name


def test_a_search_is_saved_used_shared_and_removed(owner: Person, signed_in: Any) -> None:
    saved = owner.post(
        "/searches/catalog/sku",
        {
            "label": "束ねたもの",
            "condition": '{"all": [{"column": "is_bundle", "op": "in", "value": ["true"]}]}',
            "column": ["sku_code", "sku_name"],
            "sort": "-sku_code",
            "is_pinned": "1",
        },
    )
    number = saved.headers["Location"].rpartition("s=")[2]
    opened = owner.get(saved.headers["Location"])
    assert "f.is_bundle=true" in opened.headers["Location"]
    page = owner.get(opened.headers["Location"]).text
    assert page.count("束ねたもの") == 2  # the chip and the sidebar
    assert len(re.findall(r'<th scope="col"', page)) == 3
    other = signed_in("merchandiser")
    assert "束ねたもの" not in other.get("/catalog/sku/list/").text
    assert other.post(f"/searches/{number}/remove").status_code == 404
    twice = owner.post("/searches/catalog/sku", {"label": "束ねたもの", "condition": "{}"})
    assert "すでに" in owner.get(twice.headers["Location"]).text
    shared = owner.post(
        "/searches/catalog/sku", {"label": "みんなの", "condition": "{}", "is_shared": "1"}
    )
    assert "みんなの" in other.get("/catalog/sku/list/").text
    assert signed_in("warehouse").post("/searches/staff/account", {"label": "x"}).status_code == 403
    assert owner.post("/searches/catalog/sku", {"label": "y", "condition": "{"}).status_code == 400
    for one in (number, shared.headers["Location"].rpartition("s=")[2]):
        assert owner.post(f"/searches/{one}/remove").status_code == 302
    assert "束ねたもの" not in owner.get("/catalog/sku/list/").text


def test_a_saved_search_over_a_column_that_is_gone_says_so(owner: Person, admin: Any) -> None:
    admin.execute("alter table catalog.sku add column x_gone text")
    admin.execute("comment on column catalog.sku.x_gone is '消える列。 | A column that goes.'")
    admin.commit()
    condition = '{"all": [{"column": "x_gone", "op": "contains", "value": "a"}]}'
    saved = owner.post("/searches/catalog/sku", {"label": "消える", "condition": condition})
    admin.execute("alter table catalog.sku drop column x_gone")
    admin.commit()
    owner.app.extensions["generations"].refresh()
    page = owner.get(saved.headers["Location"])
    assert page.status_code == 200
    assert 'role="alert"' in page.text
    number = saved.headers["Location"].rpartition("s=")[2]
    assert owner.post(f"/searches/{number}/remove").status_code == 302


def test_a_condition_that_no_column_has_shows_no_row_and_a_sentence(owner: Person) -> None:
    for address in (
        "f.nope=1",
        "f.sku_name.zzz=a",
        "f.sku_name.is=zzz",
        "q=a%00b",
        "f.sku_id=a%00b",
    ):
        page = owner.get(f"/catalog/sku/list/?{address}")
        assert page.status_code == 200, address
        assert 'class="msg msg-stop"' in page.text, address
        assert "/catalog/sku/show/" not in page.text, address
        assert owner.get(f"/catalog/sku/list/counted.json?{address}").status_code == 422, address
    page = owner.get("/catalog/sku/list/?f.sku_id.from=abc").text
    assert "「SKU 番号」と比べられる値ではありません" in page
    assert "sku_id" not in page.partition('class="msg msg-stop"')[2].partition("</div>")[0]
    gone = owner.get("/catalog/sku/list/?s=987654", follow_redirects=True)
    assert "その検索は、消されたか、共有されていません" in gone.text


def test_a_search_whose_name_is_taken_keeps_its_conditions_and_its_name(owner: Person) -> None:
    condition = json.dumps({"all": [{"column": "sku_code", "op": "contains", "value": "p1"}]})
    given = {"label": "同じ名前", "condition": condition, "column": ["sku_code", "sku_name"], "sort": "-sku_code"}  # fmt: skip
    first = owner.post("/searches/catalog/sku", given)
    number = re.search(r"s=(\d+)", first.location)
    assert number
    again = owner.post("/searches/catalog/sku", given, follow_redirects=True)
    assert again.status_code == 200
    assert 'value="同じ名前"' in again.text
    assert 'data-open aria-labelledby="save-title"' in again.text
    for kept in ("f.sku_code=p1", "sort=sku_code", "dir=desc", "cols=sku_code,sku_name"):
        assert kept in again.request.url, kept
    assert owner.post(f"/searches/{number[1]}/remove").status_code == 302
