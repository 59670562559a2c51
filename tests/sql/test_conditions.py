"""A condition is one SQL expression: it finds what it says, and no value gets out of its quotes."""

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sql
from config import PROJECT
from sql.errors import ConditionNotUnderstood, NotThere
from sql.load import statements_of
from tests.ledger.shop import Draft, House, accept

TABLE = "own.thing"
HOSTILE = (
    "'; drop table own.thing; --",
    "\\'; select 1 --",
    "$$; select 1; $$",
    "%",
    "_",
    "100%_\\",
    "\\",
    "'",
    "''",
    '"',
    "a:b :c ::d",
    "%(name)s %s {0}",
    "🍵絵文字👨‍👩‍👧",
    "\r\n\t\x01",
    "髙﨑𠮷野家",
    "x" * 10_000,
)


@pytest.fixture
def things(db: Any) -> Any:
    """A table with a column of each kind; row 1 is full, row 2 empty, row 3 in between."""
    db.execute("""
        create table own.thing (
            thing_id bigint primary key, label base.bilingual, thing_note text, "select" text, amount base.money, pieces smallint,
            share double precision, is_on boolean, key uuid, made_on date, made_at timestamptz, local_at timestamp, opens time, tags text[], "a:b" text
        );
        insert into own.thing values
            (1, '茶 | Tea', '100%_\\ it''s', 'from', 1980.5, 7, 0.5, true, '00000000-0000-0000-0000-000000000001', base.today(),
                (base.today() + time '23:30') at time zone 'Asia/Tokyo', base.today() + time '23:30', '09:30', '{a}', 'x'),
            (2, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
            (3, '珈琲 | Coffee', '', 'GROUP', 20, 3, 1, false, '00000000-0000-0000-0000-000000000003', base.today() - 7,
                now() - interval '3 hours', now() at time zone 'Asia/Tokyo', '18:00', '{}', 'y');
    """)
    return db


def compiled(connection: Any, condition: object, relation: str = TABLE) -> str:
    return sql.value(connection, "access.condition_sql", relation, sql.Json(condition))


def found(connection: Any, condition: object) -> list[int]:
    text = compiled(connection, condition)
    return [
        row[0]
        for row in connection.execute(
            f"select thing_id from own.thing where {text} order by 1"
        ).fetchall()
    ]


def leaf(column: str, op: str, *value: Any) -> dict[str, Any]:
    return {"column": column, "op": op, **({"value": value[0]} if value else {})}


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ({}, [1, 2, 3]),
        (None, [1, 2, 3]),
        ({"all": []}, [1, 2, 3]),
        ({"any": []}, []),
        (leaf("thing_id", "eq", 1), [1]),
        (leaf("thing_id", "in", [1, 3, 3]), [1, 3]),
        (leaf("thing_id", "in", []), []),
        (leaf("amount", "eq", "1980.5"), [1]),
        (leaf("amount", "ne", 20), [1, 2]),
        (leaf("amount", "eq", None), [2]),
        (leaf("amount", "in", [20, None]), [2, 3]),
        (leaf("amount", "gt", 20), [1]),
        (leaf("amount", "ge", 20), [1, 3]),
        (leaf("amount", "lt", 1980.5), [3]),
        (leaf("amount", "le", 1980.5), [1, 3]),
        (leaf("pieces", "between", [3, 6]), [3]),
        (leaf("share", "le", 0.5), [1]),
        (leaf("is_on", "eq", True), [1]),
        (leaf("is_on", "ne", "true"), [2, 3]),
        (leaf("key", "in", ["00000000-0000-0000-0000-000000000003"]), [3]),
        (leaf("thing_note", "empty"), [2, 3]),
        (leaf("thing_note", "filled"), [1]),
        (leaf("tags", "empty"), [2]),
        (leaf("select", "eq", "from"), [1]),
        (leaf("a:b", "eq", "y"), [3]),
        (leaf("select", "starts", "gr"), [3]),
        (leaf("label", "contains", "TEA"), [1]),
        (leaf("thing_note", "contains", "%_\\"), [1]),
        (leaf("thing_note", "contains", "0_"), []),
        (leaf("thing_note", "starts", "1%"), []),
        (leaf("opens", "ge", "12:00"), [3]),
        (leaf("made_on", "eq", "@today"), [1]),
        (leaf("made_on", "le", "@today-7"), [3]),
        (leaf("made_on", "between", ["@today-7", "@today+1"]), [1, 3]),
        ({"all": [leaf("made_at", "ge", "@today"), leaf("thing_id", "eq", 1)]}, [1]),
        (leaf("made_at", "gt", "@today"), []),
        (leaf("made_at", "lt", "@now-2h"), [3]),
        (leaf("made_at", "lt", "@now-200m"), []),
        (leaf("made_at", "ge", "@now-1d"), [1, 3]),
        ({"not": leaf("made_at", "ge", "2000-1-1")}, [2]),
        (leaf("local_at", "gt", "@today"), []),
        ({"all": [leaf("amount", "gt", 0), leaf("is_on", "eq", False)]}, [3]),
        ({"any": [leaf("amount", "gt", 100), leaf("amount", "empty")]}, [1, 2]),
        ({"not": leaf("amount", "gt", 100)}, [2, 3]),
        ({"not": {"not": leaf("amount", "gt", 100)}}, [1]),
        ({"not": {"any": [leaf("amount", "gt", 100), {"all": []}]}}, []),
        ({"op": "search", "value": "cof"}, [3]),
        ({"op": "search", "value": "it's　tea"}, [1]),
        ({"op": "search", "value": "tea coffee"}, []),
        ({"op": "search", "value": "ＴＥＡ"}, [1]),
        ({"op": "search", "value": "  "}, [1, 2, 3]),
        ({"op": "search", "value": "%"}, [1]),
    ],
    ids=lambda value: json.dumps(value, ensure_ascii=False)[:60],
)
def test_a_condition_finds_what_it_says(things, condition, ids):
    assert found(things, condition) == ids


@pytest.mark.parametrize("op", ["eq", "le", "in", "between", "gt"])
def test_a_day_among_moments_is_the_whole_day_in_the_shops_zone(things, op):
    today = things.execute("select base.today()::text").fetchone()[0]
    value = {"in": [today], "between": [today, today]}.get(op, today)
    ids = found(things, {"all": [leaf("made_at", op, value), leaf("thing_id", "eq", 1)]})
    assert ids == ([] if op == "gt" else [1])
    things.execute(
        "update base.setting set value = '\"Pacific/Kiritimati\"' where setting_code = 'time_zone'"
    )
    moment = f"{today}T23:30"
    assert found(things, leaf("made_at", "eq", moment + "+09:00")) == [1]
    assert found(things, leaf("made_at", "eq", moment)) == []


def test_relative_times_are_read_when_the_condition_runs(things):
    text = compiled(things, leaf("made_on", "eq", "@today-3"))
    things.execute("update own.thing set made_on = base.today() - 3 where thing_id = 2")
    assert things.execute(f"select thing_id from own.thing where {text}").fetchall() == [(2,)]
    assert "2026" not in text


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:20])
@pytest.mark.parametrize("op", ["eq", "contains", "starts", "in", "search"])
def test_hostile_text_is_found_as_it_is_and_nothing_else_happens(things, text, op):
    things.execute("update own.thing set thing_note = %s where thing_id = 2", (text,))
    condition = {
        "in": leaf("thing_note", "in", [text]),
        "search": {"op": "search", "value": text},
    }.get(op, leaf("thing_note", op, text))
    assert 2 in found(things, condition)
    assert things.execute("select count(*) from own.thing").fetchone()[0] == 3
    if op in ("eq", "in"):
        assert found(things, condition) == [2]


def test_a_nul_is_refused_by_json_itself(things):
    with pytest.raises(sql.errors.Refused):
        compiled(things, leaf("thing_note", "eq", "a\x00b"))


def nested(depth: int) -> object:
    return leaf("thing_id", "eq", 1) if depth == 0 else {"not": nested(depth - 1)}


@pytest.mark.parametrize(
    ("condition", "column"),
    [
        (leaf("nope", "eq", 1), "nope"),
        (leaf('x" = 1 or true --', "eq", 1), 'x" = 1 or true --'),
        (leaf("xmin", "eq", 1), "xmin"),
        (leaf("amount", "contains", "1"), "amount"),
        (leaf("amount", "= 1 or 1", "1"), "amount"),
        (leaf("tags", "eq", "a"), "tags"),
        (leaf("amount", "eq", "12a"), "amount"),
        (leaf("amount", "eq", "NaN"), "amount"),
        (leaf("amount", "eq", "1" * 61), "amount"),
        (leaf("amount", "gt", None), "amount"),
        (leaf("amount", "eq"), "amount"),
        (leaf("amount", "eq", {"a": 1}), "amount"),
        (leaf("amount", "in", 1), "amount"),
        (leaf("amount", "in", [[1]]), "amount"),
        (leaf("amount", "in", list(range(1001))), "amount"),
        (leaf("amount", "between", [1]), "amount"),
        (leaf("pieces", "eq", 40_000), "pieces"),
        (leaf("pieces", "eq", 1.5), "pieces"),
        (leaf("is_on", "eq", "perhaps"), "is_on"),
        (leaf("key", "eq", "1"), "key"),
        (leaf("made_on", "eq", "2026-02-30"), "made_on"),
        (leaf("made_on", "eq", "infinity"), "made_on"),
        (leaf("made_on", "eq", "@today; drop"), "made_on"),
        (leaf("made_on", "eq", "@now"), "made_on"),
        (leaf("made_at", "eq", "@now-1y"), "made_at"),
        (leaf("made_at", "eq", "2026-11-24T25:00"), "made_at"),
        (leaf("made_at", "eq", "now"), "made_at"),
        (leaf("opens", "eq", "allballs"), "opens"),
        (leaf("thing_note", "eq", "x" * 10_001), "thing_note"),
        (leaf("thing_note", "starts", ["x"]), "thing_note"),
        ({"op": "search", "value": 1}, None),
        ({"op": "search"}, None),
        ({"op": "search", "value": "x" * 10_001}, "label"),
        ({"op": "eq", "value": 1}, ""),
        ([], None),
        ("true", None),
        (1, None),
        ({"all": {}}, None),
        ({"all": [], "any": []}, None),
        ({"all": [1]}, None),
        ({"column": "amount", "op": "eq", "value": 1, "or": 1}, None),
        ({"sql": "true"}, None),
        (nested(8), None),
        ({"any": [leaf("thing_id", "eq", n) for n in range(200)]}, None),
        ({"any": [leaf("thing_note", "eq", "x" * 9_999) for n in range(21)]}, None),
    ],
    ids=lambda value: json.dumps(value, ensure_ascii=False)[:60],
)
def test_what_is_no_condition_is_refused_with_a_sentence(things, condition, column):
    with pytest.raises(ConditionNotUnderstood) as refused, sql.transaction(things):
        compiled(things, condition)
    error = refused.value
    assert error.message.count(" | ") == 1
    assert " | " in error.hint
    assert (error.column or None) == (column or None)


def test_the_limits_themselves_are_allowed(things):
    assert found(things, nested(7)) == [2, 3]
    assert found(things, {"any": [leaf("thing_id", "eq", n) for n in range(199)]}) == [1, 2, 3]
    assert found(things, leaf("thing_id", "in", list(range(1000)))) == [1, 2, 3]


@pytest.mark.parametrize(
    "relation",
    ["pg_catalog.pg_authid", "pg_authid", "own.none", "own", "", "own.thing; --", "access.x", None],
)
def test_only_relations_of_the_house_are_there(things, relation):
    with pytest.raises(NotThere), sql.transaction(things):
        compiled(things, {}, relation)


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(HOSTILE[:14]),
    st.sampled_from(["@today-1", "@now", "2026-11-24", "7", "true"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12),
)  # fmt: skip
LEAVES = st.fixed_dictionaries(
    {
        "column": st.sampled_from(
            ["thing_id", "label", "select", "amount", "is_on", "made_at", "made_on", "key", "a:b"]
        ),
        "op": st.sampled_from(
            [
                "eq",
                "ne",
                "in",
                "contains",
                "starts",
                "lt",
                "le",
                "gt",
                "ge",
                "between",
                "empty",
                "filled",
            ]
        ),
        "value": SCALARS | st.lists(SCALARS, max_size=3),
    }
) | st.fixed_dictionaries({"op": st.just("search"), "value": SCALARS})
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tree=TREES)
def test_any_tree_is_refused_or_runs_and_its_opposite_finds_the_rest(things, tree):
    try:
        with sql.transaction(things):
            text = compiled(things, tree)
    except ConditionNotUnderstood:
        return
    # One level more than the tree has may be one too many
    opposite = (
        compiled(things, {"not": tree}) if depth_of(tree) < 8 else f"not coalesce({text}, false)"
    )
    there = things.execute(f"select thing_id from own.thing where {text}").fetchall()
    rest = things.execute(f"select thing_id from own.thing where {opposite}").fetchall()
    assert sorted(there + rest) == [(1,), (2,), (3,)]


def test_a_number_is_judged_by_its_own_column_whatever_was_compared_before(things):
    with sql.transaction(things):
        compiled(things, leaf("amount", "eq", 1.5))
        with pytest.raises(ConditionNotUnderstood), sql.transaction(things):
            compiled(things, leaf("thing_id", "eq", 0.5))
        compiled(things, leaf("amount", "eq", 1.5))


def depth_of(tree: Any) -> int:
    inner = tree.get("all") or tree.get("any") or ([tree["not"]] if "not" in tree else [])
    return 1 + max(map(depth_of, inner), default=0)


def test_a_test_with_a_value_out_of_its_quotes_fails(things):
    """The hostile test can fail: a compiler that pastes values in is caught by it."""
    body = things.execute(
        "select pg_get_functiondef('access.condition_value_sql'::regproc)"
    ).fetchone()[0]
    things.execute(body.replace("format('%L::text', v_text)", "format('''%s''::text', v_text)"))
    with pytest.raises((psycopg.Error, AssertionError)), sql.transaction(things):
        test_hostile_text_is_found_as_it_is_and_nothing_else_happens(things, HOSTILE[0], "eq")


# Counting and facets run with the caller's rights.


@pytest.fixture
def orders(worker: Any, house: House, admin: Any) -> Iterator[Any]:
    accept(worker, house, *(Draft(no=f"A-{n}", lines=(("a", 1),)) for n in range(4)))
    accept(worker, house, *(Draft(no=f"B-{n}", shop="two", lines=(("a", 1),)) for n in range(2)))
    return admin


def test_rows_are_counted_up_to_a_limit(orders):
    count = lambda condition, limit: sql.value(  # noqa: E731
        orders, "access.rows_count", "sales.sales_order", sql.Json(condition), limit
    )
    assert count({}, 100) == 6
    assert count(leaf("external_order_no", "starts", "a-"), 100) == 4
    assert count({}, 5) == 5
    assert count({}, 0) == count({}, -1) == 0
    assert count({}, 2**31 - 1) == 6


def test_facets_say_values_counts_and_whether_there_is_more(orders, house):
    def facets(limit: int) -> list[Any]:
        return sql.call(
            orders, "access.facets", "report.sales_order", sql.Json({}), ["shop_id", "paid_at"], limit
        )  # fmt: skip

    one, two = (str(house.shops[name]) for name in ("one", "two"))
    rows = facets(100)
    assert [tuple(row) for row in rows if row.column_name == "shop_id"] == [
        ("shop_id", one, 4, False),
        ("shop_id", two, 2, False),
    ]
    assert {row.column_name for row in rows} == {"shop_id", "paid_at"}
    assert sum(row.rows for row in facets(3) if row.column_name == "shop_id") == 3
    assert all(row.is_limited for row in facets(3))
    with pytest.raises(ConditionNotUnderstood), sql.transaction(orders):
        sql.call(orders, "access.facets", "sales.sales_order", sql.Json({}), ['x"'], 1)
    assert sql.call(orders, "access.facets", "sales.sales_order", sql.Json({}), [], 1) == []


def test_what_the_caller_may_not_see_is_not_counted_and_is_no_column(
    orders, as_staff, house, admin
):
    analyst = as_staff("analyst")
    personal = leaf("buyer_name", "contains", "山")
    for call in (
        ("access.rows_count", "sales.sales_order_party", sql.Json(personal), 10),
        ("access.facets", "sales.sales_order_party", sql.Json({}), ["buyer_name"], 10),
        ("access.condition_sql", "sales.sales_order_party", sql.Json(personal)),
    ):
        with pytest.raises(ConditionNotUnderstood):
            sql.call(analyst, *call)
    desk = as_staff("order_desk")
    assert (
        sql.value(desk, "access.rows_count", "sales.sales_order_party", sql.Json(personal), 10) == 6
    )
    admin.execute("update staff.account set sees_all_shops = false where staff_role = 'order_desk'")
    assert sql.value(desk, "access.rows_count", "sales.sales_order", sql.Json({}), 10) == 0
    admin.execute(
        "insert into staff.account_shop select account_id, %s from staff.account where staff_role = 'order_desk'",
        (house.shops["two"],),
    )
    assert sql.value(desk, "access.rows_count", "sales.sales_order", sql.Json({}), 10) == 2


def test_a_search_looks_where_a_row_is_called_by_code_name_or_number(db):
    def columns(relation: str) -> list[str]:
        return db.execute("select access.search_columns(%s::regclass)", (relation,)).fetchone()[0]

    assert columns("catalog.sku") == ["sku_code", "sku_name", "gtin", "currency_code"]
    assert columns("sales.sales_order")[:2] == ["order_no", "currency_code"]
    assert columns("staff.audit_log") == ["table_name"]
    assert columns("transit.sku_changed") == []
    db.execute("create table own.fair (fair_id bigint, fair_name text, held_at text)")
    assert columns("own.fair") == ["fair_name", "held_at"]
    for relation in ("report.sales_order_buyer", "staff.account", "transit.message"):
        assert 0 < len(columns(relation)) <= 6


def test_the_examples_of_the_manual_run(orders, as_staff):
    text = (PROJECT / "docs" / "howto" / "search-with-conditions.md").read_text(encoding="utf-8")
    examples = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 3
    desk = as_staff("order_desk")
    for example in examples:
        for statement in statements_of(example):
            desk.execute(statement[1])
    assert desk.execute("select search_name from staff.saved_search").fetchall() == [
        ("Large and on hold",)
    ]
