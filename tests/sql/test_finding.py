"""Finding in everything: by a part of what one knows, and never more than one may see."""

import re
from typing import Any

import pytest

import sql
from sql.errors import ConditionNotUnderstood
from tests.ledger.shop import BUYER, Draft, accept, order_id, receive

HANAKO = {
    **BUYER,
    "name": "髙橋 花子",
    "kana": "たかはし はなこ",
    "phone": "+81 90-1234-5678",
    "email": "Hanako.T@Example.jp",
}
TARO = {
    **BUYER,
    "name": "渡邉太郎",
    "kana": "ワタナベタロウ",
    "phone": "0699998888",
    "email": "taro@example.jp",
}
COMPANY = {
    **BUYER,
    "name": "林 葵",
    "kana": "ハヤシアオイ",
    "company": "株式会社みどり商店",
    "phone": "075-111-2222",
    "email": "aoi@example.jp",
}


@pytest.fixture
def found(worker, admin, house) -> Any:
    """Orders of three people in two shops, one of them shipped; what somebody finds by some words."""
    receive(worker, house, a=9, b=9)

    def draft(no: str, buyer: Any, recipient: Any, **more: Any) -> Draft:
        identity = {
            "identity_key": f"00000000-0000-0000-0000-0000000000{len(no):02}",
            "identity_kind": "email",
        }
        return Draft(
            no=no,
            lines=(("a", 1),),
            more=(("buyer", buyer), ("recipient", recipient), ("identities", [identity])),
            **more,
        )

    accept(
        worker,
        house,
        draft("300012-20261124-0012345", HANAKO, TARO),
        draft("ab-77", TARO, TARO, shop="two"),
        draft("C-1", COMPANY, COMPANY),
    )
    sql.call(
        worker, "shipping.shipment_post", order_id(worker, house, "C-1"), "yamato", "1234-5678-9012"
    )
    admin.execute(
        "update catalog.sku set sku_code = 'TEA-RED', sku_name = '深蒸し茶 100g', gtin = '4901111111115' where sku_code = 'a'"
    )
    admin.execute(
        "insert into catalog.product (product_code, product_name) values ('TEA', '深蒸し茶')"
    )

    def find(connection: Any, words: str, limit: int = 20) -> list[tuple[str, str]]:
        rows = sql.call(connection, "access.find", words, limit)
        assert all(row.title for row in rows), rows
        return [(row.kind, row.title) for row in rows]

    return find


def orders(rows: list[tuple[str, str]]) -> set[str]:
    return {title.partition(" ")[2] for kind, title in rows if kind == "order"}


MALL = "300012-20261124-0012345"


BY_A_PART: dict[str, set[str]] = {
    "高橋": {MALL},
    "髙橋花子": {MALL},
    "高橋　花子": {MALL},
    "花子 高橋": {MALL},
    "ﾀｶﾊｼ": {MALL},
    "はなこ": {MALL},
    "渡辺": {MALL, "ab-77"},
    "太郎": {MALL, "ab-77"},
    "林葵": {"C-1"},
    "みどり商店": {"C-1"},
    "高橋太郎": set(),
    "090-1234-5678": {MALL},
    "０９０１２３４": {MALL},
    "+81 90 1234": {MALL},
    "5678": {MALL},
    "9999": {MALL, "ab-77"},
    "75111": {"C-1"},
    "678": set(),
    "hanako.t@example.jp": {MALL},
    "HANAKO": {MALL},
    "taro@": {"ab-77"},
    "300012-20261124-0012345": {MALL},
    "300012-2026": {MALL},
    "012345": {MALL},
    "AB-77": {"ab-77"},
    "ab-7": {"ab-77"},
    "b-77": {"ab-77"},
    "林": {"C-1"},
    "葵": set(),
    "": set(),
    " 　": set(),
    "%": set(),
    "__": set(),
    "'; drop table sales.sales_order; --": set(),
    "\\": set(),
    "x" * 10_000: set(),
    "🍵🍵": set(),
    "9" * 60: set(),
}


def test_orders_are_found_by_a_part_of_what_one_knows(found, as_staff):
    desk = as_staff("order_desk")
    assert {words: orders(found(desk, words)) for words in BY_A_PART} == BY_A_PART


def test_order_nos_tracking_nos_goods_and_customers_are_found(found, as_staff, worker, house):
    desk = as_staff("order_desk")
    number = order_id(worker, house, "ab-77", "two")
    for words in (f"D{number:08}", f"d{number}", str(number)):
        assert orders(found(desk, words)) == {"ab-77"}
    for words in ("123456789012", "1234-5678-9012", "1234-56", "9012"):
        assert ("shipment", "1234-5678-9012") in found(desk, words)
    assert ("sku", "TEA-RED") in found(desk, "tea-r")
    assert found(desk, "ea-re") == [("sku", "TEA-RED")]
    assert ("sku", "TEA-RED") in found(desk, "4901111111115")
    assert ("sku", "TEA-RED") in found(desk, "1111115")
    assert found(desk, "深蒸") == [("sku", "TEA-RED"), ("product", "TEA")]
    assert found(desk, "ＴＥＡ")[0] == ("sku", "TEA-RED")
    assert ("customer", "髙橋 花子") in found(desk, "高橋")
    assert ("customer", "髙橋 花子") in found(desk, "5678")


def test_the_best_come_first_and_no_more_than_asked_for(found, as_staff):
    desk = as_staff("order_desk")
    rows = sql.call(desk, "access.find", "渡辺", 20)
    ranks = [row.rank for row in rows if row.kind == "order"]
    assert ranks == sorted(ranks, reverse=True)
    assert len(found(desk, "太郎", 1)) == len({kind for kind, _ in found(desk, "太郎", 20)})
    for limit in (0, -1):
        assert found(desk, "太郎", limit) == []
    assert len(found(desk, "太郎", 2**31 - 1)) <= 200


def test_one_kanji_finds_whose_name_begins_with_it(found, as_staff):
    desk = as_staff("order_desk")
    assert orders(found(desk, "林")) == {"C-1"}
    assert orders(found(desk, " 髙")) == orders(found(desk, "高")) == {MALL}
    assert orders(found(desk, "渡")) == orders(found(desk, "渡辺"))
    # a letter in the middle of a name, and one that is no word
    assert orders(found(desk, "花")) == orders(found(desk, "h")) == set()


def test_a_role_without_personal_data_finds_by_numbers_alone(found, as_staff):
    analyst = as_staff("analyst")
    for words in ("高橋", "5678", "hanako.t@example.jp", "taro@"):
        assert [row for row in found(analyst, words) if row[0] in ("order", "customer")] == []
    rows = sql.call(analyst, "access.find", MALL, 5)
    assert [row.kind for row in rows] == ["order"]
    assert "橋" not in str(rows)
    assert sql.call(analyst, "access.find_people", "高橋", 5) == []
    assert found(as_staff("merchandiser"), "深蒸") == [("sku", "TEA-RED"), ("product", "TEA")]
    assert found(as_staff("purchasing"), "高橋") == []


def test_only_one_s_shops_are_found_also_by_the_functions_beneath(found, as_staff, admin, house):
    desk = as_staff("order_desk")
    admin.execute("update staff.account set sees_all_shops = false where staff_role = 'order_desk'")
    assert found(desk, "渡辺") == found(desk, MALL) == found(desk, "5678") == []
    admin.execute(
        "insert into staff.account_shop select account_id, %s from staff.account where staff_role = 'order_desk'",
        (house.shops["two"],),
    )
    assert orders(found(desk, "渡辺")) == {"ab-77"}
    assert found(desk, "高橋") == found(desk, MALL) == found(desk, "1234-5678") == []
    for relation in ("sales.sales_order", "sales.sales_order_party", "customer.customer_party"):
        for words in ("高橋", "5678", MALL, "hanako"):
            keys = desk.execute(
                "select (access.keys_found(%s::regclass, %s)).keys", (relation, words)
            ).fetchone()[0]
            assert keys in (None, []), (relation, words)
    for function in ("access.find_people", "access.find_numbers"):
        for words in ("高橋", "5678", MALL, "123456789012", "hanako"):
            assert sql.call(desk, function, words, 50) == [], (function, words)


def test_an_outside_warehouse_finds_nobody_whose_parcel_has_left(found, as_staff):
    outside = as_staff("outside_warehouse")
    assert orders(found(outside, "渡辺")) == {MALL, "ab-77"}
    assert orders(found(outside, "みどり")) == set()
    assert sql.call(outside, "access.find_people", "みどり", 5) == []
    assert orders(found(outside, "C-1")) == {"C-1"}


def listed(connection: Any, relation: str, words: str, column: str) -> set[Any]:
    """What the search box of a list finds."""
    searched = sql.Json({"op": "search", "value": words})
    condition = sql.value(connection, "access.condition_sql", relation, searched)
    rows = connection.execute(f"select {column} from {relation} where {condition}").fetchall()
    assert sql.value(connection, "access.rows_count", relation, searched, 5000) == len(rows)
    return {row[0] for row in rows}


IN_LARGE_LISTS = (
    ("sales.sales_order.external_order_no", MALL, {MALL}),
    ("sales.sales_order.external_order_no", "300012-2026", {MALL}),
    ("sales.sales_order.external_order_no", "0012345", {MALL}),
    ("sales.sales_order.external_order_no", "ab-77", {"ab-77"}),
    ("sales.sales_order.external_order_no", "b-7", {"ab-77"}),
    ("sales.sales_order.external_order_no", "300012-2026 012345", {MALL}),
    ("sales.sales_order.external_order_no", "300012-2026 ab-77", set()),
    ("sales.sales_order.external_order_no", "nothing", set()),
    ("report.sales_order.external_order_no", "012345", {MALL}),
    ("shipping.shipment.tracking_no", "5678-9012", {"1234-5678-9012"}),
    ("shipping.shipment.tracking_no", "12345678", {"1234-5678-9012"}),
    ("sales.sales_order_party.buyer_name", "渡辺", {"渡邉太郎", "髙橋 花子"}),
    ("sales.sales_order_party.buyer_name", "はなこ", {"髙橋 花子"}),
    ("sales.sales_order_party.buyer_name", "0751112222", {"林 葵"}),
    ("sales.sales_order_party.buyer_name", "HANAKO.T@", {"髙橋 花子"}),
    ("customer.customer_party.customer_name", "みどり商店", {"林 葵"}),
    ("customer.customer_party.customer_name", "aoi@example.jp", {"林 葵"}),
    ("customer.customer_party.customer_name", "佐藤", set()),
)


def test_the_search_of_a_large_list_finds_by_its_indexes(found, as_staff, admin):
    desk = as_staff("order_desk")
    keys = """
        select found.keys from unnest(string_to_array(%s, ' ')) as word
        cross join access.keys_found(%s::regclass, word) as found
    """
    for place, words, values in IN_LARGE_LISTS:
        relation, _, column = place.rpartition(".")
        by_keys = [row[0] is not None for row in desk.execute(keys, (words, relation))]
        assert by_keys == [len(word) > 3 or not word.isascii() for word in words.split(" ")], words
        assert listed(desk, relation, words, column) == values, (place, words)
    admin.execute("update staff.account set sees_all_shops = false")
    for place, words, _ in IN_LARGE_LISTS:
        relation, _, column = place.rpartition(".")
        assert listed(desk, relation, words, column) == set(), (place, words)


def test_a_list_is_searched_by_reading_where_no_index_serves(found, as_staff, admin, worker, house):
    desk = as_staff("order_desk")
    # An administrator is nobody whose scope could be asked; a word that most rows hold
    assert listed(admin, "sales.sales_order", MALL, "external_order_no") == {MALL}
    many = [Draft(no=f"BULK-{n:05}", lines=(("a", 1),)) for n in range(1001)]
    accept(worker, house, *many[:500])
    accept(worker, house, *many[500:])
    bulk = {draft.no for draft in many}
    assert listed(desk, "sales.sales_order", "BULK-", "external_order_no") == bulk
    assert listed(desk, "sales.sales_order", "BULK-0100", "external_order_no") == {"BULK-01000"}
    assert listed(desk, "sales.sales_order_party", "山田", "sales_order_id") == listed(
        admin, "sales.sales_order_party", "山田", "sales_order_id"
    )
    admin.execute("alter table sales.sales_order add column x_bench_note text")
    admin.execute(
        "update sales.sales_order set x_bench_note = 'BULK-01000 too' where external_order_no = 'C-1'"
    )
    admin.execute("grant select (x_bench_note) on sales.sales_order to daicho_order_desk")
    assert listed(desk, "sales.sales_order", "BULK-01000", "external_order_no") == {
        "BULK-01000",
        "C-1",
    }


def test_a_role_that_sees_no_people_searches_lists_by_what_it_sees(found, as_staff):
    analyst = as_staff("analyst")
    assert listed(analyst, "sales.sales_order", MALL, "external_order_no") == {MALL}
    refused = "select access.people_found('sales.sales_order_party'::regclass, '高橋')"
    assert analyst.execute(refused).fetchone() == (None,)


def test_customers_are_found_by_who_sees_customers_and_nobody_else(found, as_staff, admin):
    desk = as_staff("order_desk")
    found_now = [kind for kind, _ in found(desk, "みどり商店")]
    assert set(found_now) == {"order", "customer"}
    admin.execute("revoke select on customer.customer_party from daicho_order_desk")
    assert {row.kind for row in sql.call(desk, "access.find_people", "みどり商店", 5)} == {"order"}
    asked = "select access.people_found('customer.customer_party'::regclass, 'みどり商店')"
    assert desk.execute(asked).fetchone() == (None,)
    admin.execute("revoke select on sales.sales_order_party from daicho_order_desk")
    assert sql.call(desk, "access.find_people", "みどり商店", 5) == []


def test_ids_that_somebody_made_up_show_nothing_hidden(found, as_staff, admin, worker, house):
    """The part that reads with the asker's rights is asked with hits of one's own making."""
    analyst = as_staff("analyst")
    number = order_id(worker, house, MALL)
    forged = [{"kind": "order", "id": number, "rank": 1, "by_person": True}]
    assert sql.call(analyst, "access.find_orders", sql.Json(forged), 5) == []
    admin.execute("update staff.account set sees_all_shops = false")
    forged[0]["by_person"] = False
    assert sql.call(analyst, "access.find_orders", sql.Json(forged), 5) == []


def test_a_forgotten_person_is_not_found(found, as_staff, worker, house):
    desk = as_staff("order_desk")
    for number, shop in ((MALL, "one"), ("ab-77", "two"), ("C-1", "one")):
        sql.call(worker, "customer.forget", order_id(worker, house, number, shop))
    for words in ("高橋", "渡辺", "はなこ", "5678", "9999", "hanako", "みどり", "林葵"):
        assert [row for row in found(desk, words) if row[0] != "shipment"] == [], words
    assert orders(found(desk, MALL)) == {MALL}


def test_a_corrected_name_is_found_and_the_old_one_is_not(found, as_staff):
    desk = as_staff("order_desk")
    desk.execute(
        "update sales.sales_order_party set buyer_name = '齋藤一', buyer_kana = null where buyer_name like '髙橋%'"
    )
    assert orders(found(desk, "斉藤")) == {MALL}
    assert orders(found(desk, "高橋")) == set()


def test_parts_are_found_through_their_indexes(found, admin):
    """At a million orders a scan would take minutes; here the planner is only asked whether it could."""
    admin.execute("set enable_seqscan = off")
    index = "explain select from {} where {}"
    terms = admin.execute(
        "select pg_get_expr(indexprs, indrelid) from pg_index where indexrelid = 'sales.sales_order_party_terms_ix'::regclass"
    ).fetchone()[0]
    plan = admin.execute(
        index.format("sales.sales_order_party", f"{terms} @> '{{高橋}}'")
    ).fetchall()
    assert "sales_order_party_terms_ix" in str(plan)
    # What a function asks is the index's own expression, or the index is of no use to it
    for function in ("access.find_people", "access.people_found"):
        body = admin.execute("select pg_get_functiondef(%s::regproc)", (function,)).fetchone()[0]
        written = re.findall(r"(base\.search_terms\(\n.*?\)) @> ", body, re.DOTALL)
        assert len(written) == 2, function
        for text, table in zip(
            written, ("sales.sales_order_party", "customer.customer_party"), strict=True
        ):
            plan = admin.execute(
                index.format(f"{table} as party", f"{text} @> '{{高橋}}'")
            ).fetchall()
            assert f"{table.partition('.')[2]}_terms_ix" in str(plan), function


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("髙橋　花子", "高橋花子"),
        ("ﾊﾞﾅﾅ", "バナナ"),
        ("ばなな", "バナナ"),
        ("ＡＢＣ abc", "abcabc"),
        ("渡邊", "渡辺"),
        ("𠮷野家", "吉野家"),
        ("①", "1"),
        ("Ｗｉ-Ｆｉ・ＴＶ", "wi-fitv"),
        (None, None),
    ],
)
def test_texts_that_are_the_same_to_a_person_are_the_same(db, text, plain):
    assert db.execute("select base.search_text(%s)", (text,)).fetchone()[0] == plain


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("03-1234-5678", "0312345678"),
        ("０３（１２３４）５６７８", "0312345678"),
        ("+81 3 1234 5678", "0312345678"),
        ("+81-(0)3-1234", "031234"),
        ("+1 212 555", "1212555"),
        ("内線なし", ""),
    ],
)
def test_phones_are_their_digits(db, text, digits):
    assert db.execute("select base.search_digits(%s)", (text,)).fetchone()[0] == digits


def test_the_list_of_orders_is_searched_by_people_too(found, as_staff, admin, worker, house):
    desk = as_staff("order_desk")
    for words, numbers in (
        ("渡辺", {MALL, "ab-77"}),
        ("みどり商店", {"C-1"}),
        ("0751112222", {"C-1"}),
        ("hanako.t@example.jp", {MALL}),
        ("林", {"C-1"}),
    ):
        assert listed(desk, "sales.sales_order", words, "external_order_no") == numbers, words
    # Who sees no names finds none, and too many are said to be too many
    assert listed(as_staff("analyst"), "sales.sales_order", "渡辺", "external_order_no") == set()
    many = [Draft(no=f"BULK-{n:05}", lines=(("a", 1),)) for n in range(1001)]
    accept(worker, house, *many[:500])
    accept(worker, house, *many[500:])
    with pytest.raises(ConditionNotUnderstood, match="受注が多すぎます"):
        listed(desk, "sales.sales_order", "山田", "external_order_no")
