"""Everything in the schemas says in both languages what it is: labels, help and errors come from it."""

import re
from typing import Any

from sql.load import SCHEMAS

FORM = re.compile(r"\S.* \| \S.*", re.DOTALL)
JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")
LATIN_WORDS = {"SKU", "CSV"}

# Of constraints those that staff can meet; keys and references are named by their columns.
EVERYTHING = """
with house as (select oid, nspname from pg_namespace where nspname = any(%(schemas)s))
select 'schema ' || nspname, obj_description(oid, 'pg_namespace') from house
union all
select
    case class.relkind when 'v' then 'view ' when 'S' then 'sequence ' else 'table ' end || class.oid::regclass,
    obj_description(class.oid, 'pg_class')
from pg_class as class
join house on house.oid = class.relnamespace
where class.relkind in ('r', 'p', 'v', 'm', 'S') and not exists (
    select from pg_depend as part
    where part.classid = 'pg_class'::regclass and part.objid = class.oid and part.deptype in ('a', 'i') and class.relkind = 'S'
)
union all
select format('column %%s.%%I', class.oid::regclass, attribute.attname), col_description(class.oid, attribute.attnum)
from pg_class as class
join house on house.oid = class.relnamespace
join pg_attribute as attribute on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped
where class.relkind in ('r', 'p', 'v', 'm')
union all
select 'function ' || function.oid::regprocedure, obj_description(function.oid, 'pg_proc')
from pg_proc as function
join house on house.oid = function.pronamespace
union all
select format('constraint %%I of %%s', con.conname, case con.conrelid when 0 then con.contypid::regtype::text else con.conrelid::regclass::text end),
    obj_description(con.oid, 'pg_constraint')
from pg_constraint as con
join house on house.oid = con.connamespace
where con.contype in ('c', 'u', 'x')
union all
select 'type ' || type.oid::regtype, obj_description(type.oid, 'pg_type')
from pg_type as type
join house on house.oid = type.typnamespace
where type.typtype in ('d', 'e')
"""


def is_bilingual(text: str | None) -> bool:
    if not text or not FORM.fullmatch(text):
        return False
    japanese, _, english = text.partition(" | ")
    japanese_is_one = bool(JAPANESE.search(japanese)) or japanese.split("。")[0] in LATIN_WORDS
    return japanese_is_one and not JAPANESE.search(english)


def without_comment(db: Any) -> list[str]:
    found = db.execute(EVERYTHING, {"schemas": list(SCHEMAS)}).fetchall()
    assert len(found) > 500
    return [f"{name}: {text}" for name, text in found if not is_bilingual(text)]


def test_everything_is_commented_in_both_languages(db):
    assert without_comment(db) == []


def test_what_is_not_commented_is_found(db):
    db.execute("""
        create table own.planted (planted_id bigint, constraint planted_ck check (planted_id > 0));
        comment on table own.planted is 'English alone';
        create view report.planted as select 1 as one;
        create function sales.planted() returns integer language sql begin atomic select 1; end;
        comment on column report.stock_available.on_hand is 'On hand. | 実在庫。';
    """)
    assert {line.partition(":")[0] for line in without_comment(db)} == {
        "table own.planted",
        "column own.planted.planted_id",
        "constraint planted_ck of own.planted",
        "view report.planted",
        "column report.planted.one",
        "function sales.planted()",
        "column report.stock_available.on_hand",
    }


def test_lookups_have_labels_in_both_languages(db):
    tables = db.execute(
        """
        select class.oid::regclass::text, attribute.attname
        from pg_attribute as attribute
        join pg_class as class on class.oid = attribute.attrelid and class.relkind = 'r'
        where attribute.atttypid = 'base.bilingual'::regtype and class.relnamespace::regnamespace::text = any(%s)
        """,
        [list(SCHEMAS)],
    ).fetchall()
    assert len(tables) > 20
    wrong = [
        (table, column, text)
        for table, column in tables
        for (text,) in db.execute(f"select {column} from {table}").fetchall()
        if not is_bilingual(text)
    ]
    assert wrong == []


def test_personal_columns_are_tagged_wherever_they_show(db):
    """A view that shows a personal column says so as well: rights and audit read the tag."""
    personal = db.execute(
        """
        with recursive shown as (
            select class.oid as relid, attribute.attname
            from pg_attribute as attribute
            join pg_class as class on class.oid = attribute.attrelid and class.relkind = 'r'
            where col_description(attribute.attrelid, attribute.attnum) like '%%@pii%%'
        )
        select distinct view.oid::regclass::text || '.' || column_of.attname
        from shown
        join pg_depend as used on used.refobjid = shown.relid and used.classid = 'pg_rewrite'::regclass
        join pg_attribute as source on source.attrelid = shown.relid and source.attname = shown.attname and source.attnum = used.refobjsubid
        join pg_rewrite as rule on rule.oid = used.objid
        join pg_class as view on view.oid = rule.ev_class and view.relnamespace::regnamespace::text = any(%s)
        join pg_attribute as column_of on column_of.attrelid = view.oid and column_of.attname = shown.attname
        where coalesce(col_description(view.oid, column_of.attnum), '') not like '%%@pii%%'
        """,
        [list(SCHEMAS)],
    ).fetchall()
    assert personal == []
    assert db.execute("""
        select col_description('report.sales_order_buyer'::regclass, attnum) like '%%@pii%%'
        from pg_attribute where attrelid = 'report.sales_order_buyer'::regclass and attname = 'buyer_name'
    """).fetchone() == (True,)
