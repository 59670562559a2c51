"""What an own column or table may be: every kind, no hostile name, no number beyond the limit."""

import psycopg
import pytest

import sql
from sql.errors import DaichoError
from tests.sql.own_things import add, add_table


@pytest.mark.parametrize(
    "table",
    [
        "stock.stock_entry", "staff.audit_log", "channel.shop_secret", "transit.message", "staff.account", "staff.own_column", "base.setting",
        "report.sales_order", "pg_catalog.pg_class", "catalog.sku; drop table catalog.sku", "no.such", "", None,
    ],
)  # fmt: skip
def test_what_takes_no_column_is_refused(db, table):
    with pytest.raises(DaichoError, match="列は加えられません"), db.transaction():
        add(db, table)


@pytest.mark.parametrize(
    ("given", "column"),
    [
        ({"label_ja": "安い @pii", "label_en": "Cheap"}, "label"),
        ({"label_ja": "a | b"}, "label"),
        ({"label_ja": "季節。春"}, "label"),
        ({"label_ja": "季\n\x01節"}, "label"),
        ({"label_en": "Season \u202egnp.exe"}, "label"),
        ({"label_ja": "あ" * 61}, "label"),
        ({"label_ja": " ", "label_en": ""}, "label"),
        ({"help_ja": "@key(a)"}, "help"),
        ({"help_en": "x" * 501}, "help"),
        ({"label_ja": "季節", "label_en": None}, "code"),
        ({"code": "!!"}, "code"),
        ({"code": "1st"}, "code"),
        ({"code": "a" * 39}, "code"),
        ({"code": "removed_1"}, "code"),
        ({"kind": "jsonb"}, "kind"),
        ({"kind": "choice", "choices": []}, "choices"),
        ({"kind": "choice", "choices": ["x" * 101]}, "choices"),
        ({"kind": "choice", "choices": [str(n) for n in range(101)]}, "choices"),
        ({"kind": "choice", "choices": ["a"], "default": "b"}, "default_text"),
        ({"kind": "integer", "default": "1; drop table catalog.sku"}, "default_text"),
        ({"kind": "integer", "default": "99999999999999999999"}, "default_text"),
        ({"kind": "amount", "default": "NaN"}, "default_text"),
        ({"kind": "date", "default": "tomorrow"}, "default_text"),
        ({"kind": "text", "default": "x" * 501}, "default_text"),
        ({"is_required": True}, "default_text"),
        ({"kind": "reference", "reference": "staff.account"}, "reference_table"),
        ({"kind": "reference", "reference": "catalog.bundle_component"}, "reference_table"),
        ({"kind": "reference", "reference": None}, "reference_table"),
        ({"readers": ["nobody"]}, "readers"),
        ({"readers": ["system"]}, "readers"),
        ({"readers": ["web"]}, "readers"),
        ({"readers": ["function"]}, "readers"),
        ({"readers": ["accounting"], "writers": ["merchandiser"]}, "writers"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_at_its_field(db, given, column):
    with pytest.raises(DaichoError) as caught, db.transaction():
        add(db, **given)
    assert caught.value.column == column
    assert " | " in caught.value.message
    assert " | " in caught.value.hint
    assert db.execute("select count(*) from staff.own_column").fetchone()[0] == 0


def test_a_role_that_does_not_see_the_table_gets_no_column_of_it(owner):
    with pytest.raises(DaichoError, match="この表を見ません"):
        add(owner, "catalog.sku_cost", readers=["support"], writers=[])


@pytest.mark.parametrize(
    "hostile",
    ["'; drop table catalog.sku; --", '"; drop table catalog.sku; --', "<script>alert(1)</script>", "%s %1$I {x}", "$$ end; $$", "\\'", "外字\ue000", "絵文字🍵", "ＡＢＣ"],
)  # fmt: skip
def test_hostile_words_are_words(db, hostile):
    number = add(db, label_ja=hostile, label_en=hostile, code="odd", help_ja=hostile, kind="choice", choices=[hostile], default=hostile)  # fmt: skip
    said = db.execute(
        "select col_description('catalog.sku'::regclass, attnum) from pg_attribute where attrelid = 'catalog.sku'::regclass and attname = 'x_odd'"
    ).fetchone()[0]
    assert said == f"{hostile}。{hostile} @choice | {hostile}. {hostile} @choice"
    db.execute("insert into catalog.sku (sku_code, sku_name) values ('h', 'h')")
    assert db.execute("select x_odd from catalog.sku where sku_code = 'h'").fetchone()[0] == hostile
    sql.call(db, "staff.own_column_remove", number)
    sql.call(db, "staff.own_column_restore", number)
    assert db.execute("select x_odd from catalog.sku where sku_code = 'h'").fetchone()[0] == hostile


KINDS = [
    ({"kind": "text"}, "text", "x" * 500, "x" * 501),
    ({"kind": "text"}, "text", "x", "a\nb"),
    ({"kind": "long_text"}, "text", "a\nb", "x" * 10_001),
    ({"kind": "integer"}, "bigint", 2**53, "x"),
    ({"kind": "amount"}, "base.money", "1.25", "1.23456"),
    ({"kind": "yes_no"}, "boolean", True, "maybe"),
    ({"kind": "date"}, "date", "2026-11-24", "no day"),
    ({"kind": "moment"}, "timestamp with time zone", "2026-11-24 10:00+09", "no time"),
    ({"kind": "choice", "choices": ["赤 | Red", "青 | Blue"]}, "text", "赤 | Red", "green"),
]


@pytest.mark.parametrize(("given", "type_", "good", "bad"), KINDS)
def test_each_kind_holds_its_values_and_refuses_others(db, given, type_, good, bad):
    add(db, **given)
    found = db.execute(
        "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'catalog.sku'::regclass and attname = 'x_season'"
    ).fetchone()
    assert found == (type_,)
    db.execute(
        "insert into catalog.sku (sku_code, sku_name, x_season) values ('s', 's', %s)", [good]
    )
    with pytest.raises(psycopg.Error) as caught, db.transaction():
        db.execute("update catalog.sku set x_season = %s", [bad])
    if caught.value.sqlstate == "23514" and caught.value.diag.constraint_name.startswith("own_"):
        said = db.execute(
            "select obj_description(oid, 'pg_constraint') from pg_constraint where conname = %s",
            [caught.value.diag.constraint_name],
        ).fetchone()[0]
        assert "季節" in said
        assert "Season" in said


@pytest.mark.parametrize("code", ["sku", "account", "sales_order", "order", "user", "own_column", "pg_class", "removed_3", "a_x_b", "visit"])  # fmt: skip
def test_a_table_takes_no_name_that_means_something_else(db, code):
    db.execute("create view own.visit as select 1 as one")
    with pytest.raises(DaichoError), db.transaction():
        add_table(db, code)


def test_limits_hold(db):
    db.execute("""
        insert into staff.own_table (table_name, label, readers, writers) select 'own.t' || n, 'x', '{owner}', '{owner}' from generate_series(1, 50) as n;
        insert into staff.own_column (table_name, column_name, kind, label, writers)
        select 'catalog.sku', 'x_t' || n, 'text', 'x', '{owner}' from generate_series(1, 40) as n;
    """)
    with pytest.raises(DaichoError, match="40"), db.transaction():
        add(db)
    with pytest.raises(DaichoError, match="50"), db.transaction():
        add_table(db)
