"""Own columns and tables: made by checked functions, seen by whom they are for, undone with their data."""

import uuid

import psycopg
import pytest

import sql
from sql.errors import DaichoError, NotAllowed
from tests.ledger.shop import BUYER, Draft, accept, order_id, receive
from tests.sql.own_things import add, add_table, change, sees


def test_a_column_is_there_with_its_comment_grants_and_row(owner, admin, staff, house):
    number = add(owner, help_ja="売る季節。", help_en="When it sells.")
    found = admin.execute("""
        select col_description('catalog.sku'::regclass, attnum) as said, atttypid::regtype::text as type
        from pg_attribute where attrelid = 'catalog.sku'::regclass and attname = 'x_season'
    """).fetchone()
    assert found == ("季節。売る季節。 | Season. When it sells.", "text")
    row = owner.execute("select * from staff.own_column").fetchone()
    assert (row.own_column_id, row.column_name, row.readers) == (number, "x_season", None)
    assert row.created_by is not None
    merchandiser, analyst = staff("merchandiser"), staff("analyst")
    merchandiser.execute("update catalog.sku set x_season = '春'")
    assert analyst.execute("select distinct x_season from catalog.sku").fetchall() == [("春",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        staff("purchasing").execute("update catalog.sku set x_season = '夏'")
    changes = admin.execute(
        "select change -> 'x_season' ->> 'new' as new from staff.audit_log where table_name = 'catalog.sku' and action = 'update'"
    ).fetchall()
    assert {one.new for one in changes} == {"春"}
    # Everybody who reads the table by all its columns still does
    assert analyst.execute("select * from catalog.sku limit 1").fetchone() is not None
    assert admin.execute("select * from report.check_access").fetchall() == []


def test_a_hidden_column_is_not_seen_and_breaks_nothing(owner, admin, staff, house):
    add(
        owner,
        label_en="Margin note",
        readers=["merchandiser", "accounting"],
        writers=["merchandiser"],
    )
    merchandiser, analyst = staff("merchandiser"), staff("analyst")
    merchandiser.execute("update catalog.sku set x_margin_note = 'secret'")
    for statement in (
        "select x_margin_note from catalog.sku",
        "select * from catalog.sku",
        "select to_jsonb(sku) from catalog.sku as sku",
        "select 1 from catalog.sku where x_margin_note = 'secret'",
        "select 1 from catalog.sku order by x_margin_note",
        "select x_margin_note from own.stock_available_x_margin_note",
        "copy (select x_margin_note from catalog.sku) to stdout",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            analyst.execute(statement)
    columns = ", ".join(
        row.attname
        for row in admin.execute(
            "select attname from pg_attribute where attrelid = 'catalog.sku'::regclass and attnum > 0 and attname !~ '^x_'"
        ).fetchall()
    )
    assert analyst.execute(f"select {columns} from catalog.sku limit 1").fetchone() is not None
    assert analyst.execute("select count(*) from report.stock_available").fetchone()[0] >= 0
    assert "accounting" in {
        role for role in ("accounting", "analyst", "support") if sees(admin, role, "catalog.sku", "x_margin_note")
    }  # fmt: skip
    assert not sees(admin, "manager", "catalog.sku", "x_margin_note", "update")
    # What a role could write before, it still can
    staff("manager").execute("update catalog.sku set sku_name = sku_name")
    merchandiser.execute(
        "insert into catalog.sku (sku_code, sku_name, x_margin_note) values ('n', 'n', 'n')"
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        staff("accounting").execute("update catalog.sku set x_margin_note = 'x'")


def test_only_the_owner_may_and_others_read_nothing_of_it(owner, staff, admin):
    number = add(owner)
    for role in ("manager", "order_desk", "merchandiser", "analyst"):
        with pytest.raises(NotAllowed):
            add(staff(role), label_en=f"By {role}")
        with pytest.raises(NotAllowed):
            sql.call(staff(role), "staff.own_column_remove", number)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            staff(role).execute("select * from staff.own_column")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute("update staff.own_column set readers = null")
    for helper in ("own_grant('catalog.sku')", "own_begin()", "own_views_keep(true)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(f"select staff.{helper}")


def test_who_has_left_changes_nothing(owner, admin):
    number = add(owner)
    admin.execute(
        "insert into staff.account (login_name, display_name, staff_role) values ('next', 'n', 'owner')"
    )
    admin.execute("update staff.account set ended_at = now() where login_name = 'owner'")
    with pytest.raises(NotAllowed, match="担当者ではありません"):
        sql.call(owner, "staff.own_column_remove", number)


def test_a_name_is_taken_once(owner, admin):
    admin.execute(
        "set role daicho_schema; alter table catalog.sku add column x_by_hand text; reset role"
    )
    with pytest.raises(DaichoError, match="もうある"):
        add(owner, code="by hand")
    number = add(owner, label_en="Season!!")
    for code in ("season", "x_season", "SEASON"):
        with pytest.raises(DaichoError, match="もうある"):
            add(owner, code=code)
    sql.call(owner, "staff.own_column_remove", number)
    with pytest.raises(DaichoError, match="外した列"):
        add(owner)
    sql.call(owner, "staff.own_column_delete", number)
    add(owner)


def test_a_reference_is_kept_and_empties_with_its_target(owner, admin):
    add_table(owner)
    add(owner, kind="reference", reference="own.visit")
    admin.execute("""
        insert into own.visit (visit_name) values ('one');
        insert into catalog.sku (sku_code, sku_name, x_season) select 's', 's', visit_id from own.visit;
    """)
    with pytest.raises(psycopg.errors.ForeignKeyViolation), admin.transaction():
        admin.execute("update catalog.sku set x_season = 99")
    with pytest.raises(DaichoError, match="参照"):
        sql.call(owner, "staff.own_table_remove", 1)
    owner.execute("delete from own.visit")
    assert admin.execute("select x_season from catalog.sku").fetchone() == (None,)


def test_what_was_removed_refuses_nothing_and_comes_back_with_its_values(
    owner, admin, staff, house
):
    number = add(
        owner,
        kind="choice",
        choices=["a", "b"],
        is_required=True,
        default="a",
        readers=["merchandiser"],
    )
    admin.execute("update catalog.sku set x_season = 'b'")
    sql.call(owner, "staff.own_column_remove", number)
    for role in ("owner", "manager", "merchandiser", "analyst"):
        assert not sees(admin, role, "catalog.sku", f"x_removed_{number}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), owner.transaction():
            owner.execute(f"select x_removed_{number} from catalog.sku")
    staff("merchandiser").execute(
        "insert into catalog.sku (sku_code, sku_name) values ('later', 'l')"
    )
    assert admin.execute("select to_regclass('own.stock_available_x_season')").fetchone() == (None,)
    row = owner.execute("select removed_at, removed_by from staff.own_column").fetchone()
    assert None not in row
    with pytest.raises(DaichoError, match="その状態"):
        sql.call(owner, "staff.own_column_remove", number)
    sql.call(owner, "staff.own_column_restore", number)
    values = {
        row.sku_code: row.x_season
        for row in admin.execute("select sku_code, x_season from catalog.sku")
    }
    assert values.pop("later") == "a"
    assert set(values.values()) == {"b"}
    assert sees(admin, "merchandiser", "catalog.sku", "x_season")
    assert not sees(admin, "analyst", "catalog.sku", "x_season")
    with pytest.raises(psycopg.errors.CheckViolation), admin.transaction():
        admin.execute("update catalog.sku set x_season = 'c'")
    with pytest.raises(DaichoError, match="その状態"):
        sql.call(owner, "staff.own_column_delete", number)
    sql.call(owner, "staff.own_column_remove", number)
    sql.call(owner, "staff.own_column_delete", number)
    found = admin.execute(
        "select count(*) from pg_attribute where attrelid = 'catalog.sku'::regclass and attname ~ '^x_'"
    ).fetchone()
    assert found == (0,)
    # And the table is granted as a whole again
    assert admin.execute(
        "select has_table_privilege('daicho_merchandiser', 'catalog.sku', 'update')"
    ).fetchone()[0]
    assert staff("analyst").execute("select * from catalog.sku limit 1").fetchone() is not None


def test_a_reference_whose_target_went_meanwhile_comes_back_empty(owner, admin):
    add_table(owner)
    number = add(owner, kind="reference", reference="own.visit")
    admin.execute("""
        insert into own.visit (visit_name) values ('one'), ('two');
        insert into catalog.sku (sku_code, sku_name, x_season) select visit_name, 's', visit_id from own.visit;
    """)
    sql.call(owner, "staff.own_column_remove", number)
    owner.execute("delete from own.visit where visit_name = 'one'")
    sql.call(owner, "staff.own_column_restore", number)
    assert admin.execute("select sku_code, x_season from catalog.sku order by 1").fetchall() == [("one", None), ("two", 2)]  # fmt: skip


def test_a_change_says_what_it_is_now(owner, admin, staff, house):
    number = add(owner, kind="choice", choices=["a", "b"])
    admin.execute("update catalog.sku set x_season = 'b'")
    with pytest.raises(DaichoError, match="行が使っています"):
        change(owner, number, choices=["a"])
    change(
        owner,
        number,
        choices=["b", "c"],
        label_ja="時期",
        label_en="Time",
        help_ja="いつ",
        help_en="When",
        readers=["merchandiser"],
    )
    said = admin.execute(
        "select col_description('catalog.sku'::regclass, attnum) from pg_attribute where attrelid = 'catalog.sku'::regclass and attname = 'x_season'"
    ).fetchone()[0]
    assert said == "時期。いつ @choice | Time. When @choice"
    admin.execute("update catalog.sku set x_season = 'c'")
    assert not sees(admin, "analyst", "catalog.sku", "x_season")
    change(owner, number, readers=None)
    assert sees(admin, "analyst", "catalog.sku", "x_season")
    assert staff("analyst").execute("select * from catalog.sku limit 1").fetchone() is not None
    with pytest.raises(DaichoError, match="先に変えました"):
        change(owner, number, version=1)
    log = admin.execute(
        "select count(*) from staff.audit_log where table_name = 'staff.own_column'"
    ).fetchone()
    assert log[0] >= 3


def test_personal_data_is_forgotten_and_never_logged(owner, admin, worker, house):

    with pytest.raises(DaichoError, match="必須にできません"):
        add(owner, "sales.sales_order_party", is_required=True, default="x", writers=[])
    number = add(
        owner,
        "sales.sales_order_party",
        label_ja="担当者の印象",
        label_en="Impression",
        writers=["order_desk"],
    )
    accept(
        worker,
        house,
        Draft(
            no="P-1",
            lines=(("a", 1),),
            more=(
                ("buyer", BUYER),
                ("identities", [{"identity_kind": "email", "identity_key": str(uuid.uuid4())}]),
            ),
        ),
    )
    order = order_id(worker, house, "P-1")
    admin.execute("update sales.sales_order_party set x_impression = '山田さん'")
    log = admin.execute(
        "select change ->> 'x_impression' from staff.audit_log where table_name = 'sales.sales_order_party' order by 1 desc limit 1"
    ).fetchone()
    assert log == ("@pii",)
    add(owner, "customer.customer_party", label_en="Taste", writers=[])
    admin.execute("update customer.customer_party set x_taste = '甘いもの'")
    # What is out of sight is forgotten as well
    sql.call(owner, "staff.own_column_remove", number)
    sql.call(worker, "customer.forget", order)
    sql.call(owner, "staff.own_column_restore", number)
    assert admin.execute("select x_impression from sales.sales_order_party").fetchall() == [(None,)]
    assert admin.execute("select x_taste from customer.customer_party").fetchall() == [(None,)]


TABLES_AT_WORK = (
    "sales.sales_order",
    "sales.sales_order_party",
    "sales.sales_order_line",
    "customer.customer",
    "catalog.sku",
)


def test_sessions_that_were_at_work_go_on(owner, admin, worker, house):
    """A worker's prepared plans and its functions' row types outlive the change of a table."""

    receive(worker, house, "main", a=50)
    numbers = []
    for turn in range(7):
        accept(worker, house, Draft(no=f"S-{turn}", lines=(("a", 1),)))
        order = order_id(worker, house, f"S-{turn}")
        sql.call(worker, "sales.order_cancel", order, "buyer")
        sql.call(worker, "customer.forget", order)
        for table in TABLES_AT_WORK:
            number = add(
                owner,
                table,
                label_en=f"Turn {turn}",
                readers=None if table == "catalog.sku" else ["order_desk"],
                writers=["order_desk"] if turn % 2 else [],
            )
            numbers.append(number)
        if turn == 4:
            for number in numbers[:5]:
                sql.call(owner, "staff.own_column_remove", number)
        if turn == 5:
            for number in numbers[:5]:
                sql.call(owner, "staff.own_column_delete", number)
    assert admin.execute("select count(*) from report.check_access").fetchone() == (0,)


def test_an_own_table_has_what_a_table_of_the_house_has(owner, admin, staff):
    number = add_table(owner, help_ja="店に来た人", help_en="Who came")
    add(
        owner,
        "own.visit",
        code="count",
        kind="integer",
        label_ja="人数",
        label_en="Count",
        writers=["order_desk"],
    )
    desk, support = staff("order_desk"), staff("support")
    desk.execute("insert into own.visit (visit_name, count) values ('朝', 2)")
    desk.execute("update own.visit set count = 3")
    assert support.execute("select visit_name, count, version from own.visit").fetchall() == [
        ("朝", 3, 2)
    ]
    for role, statement in (
        ("support", "update own.visit set visit_name = 'x'"),
        ("support", "update own.visit set count = 1"),
        ("support", "delete from own.visit"),
        ("analyst", "select 1 from own.visit"),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            staff(role).execute(statement)
    actions = admin.execute(
        "select action from staff.audit_log where table_name = 'own.visit' order by audit_log_id"
    ).fetchall()
    assert [row.action for row in actions] == ["insert", "update"]
    assert admin.execute("select obj_description('own.visit'::regclass)").fetchone() == (
        "来店。店に来た人 | Visit. Who came",
    )
    with pytest.raises(psycopg.errors.CheckViolation), owner.transaction():
        owner.execute("insert into own.visit (visit_name) values ('')")
    sql.call(owner, "staff.own_table_remove", number)
    assert admin.execute("select to_regclass('own.visit')").fetchone() == (None,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), owner.transaction():
        owner.execute(f"select * from own.removed_{number}")
    with pytest.raises(DaichoError, match="もうある"):
        add_table(owner)
    sql.call(owner, "staff.own_table_restore", number)
    assert support.execute("select visit_name, count from own.visit").fetchall() == [("朝", 3)]
    sql.call(owner, "staff.own_table_remove", number)
    sql.call(owner, "staff.own_table_delete", number)
    assert admin.execute("select count(*) from staff.own_column").fetchone() == (0,)
    add_table(owner)


def test_narrowing_a_table_narrows_its_columns(owner, admin):
    number = add_table(owner)
    add(owner, "own.visit", readers=["order_desk", "support"], writers=["order_desk"])
    sql.call(
        owner,
        "staff.own_table_change",
        number,
        1,
        "来店",
        "Visit",
        None,
        None,
        ["support"],
        ["support"],
    )
    row = owner.execute("select readers, writers from staff.own_column").fetchone()
    assert (sorted(row.readers), sorted(row.writers)) == (["owner", "support"], ["owner"])
    assert not sees(admin, "order_desk", "own.visit", "visit_name")


def test_a_busy_table_is_refused_in_time_and_nothing_is_half_done(owner, admin, fresh_database):
    with sql.connect(fresh_database.admin) as busy, busy.transaction():
        busy.execute("lock table catalog.sku in access share mode")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            owner.execute(
                "select staff.own_column_add('catalog.sku', 'a', 'text', 'あ', 'a', null, null, null, null, false, null, null, '{}')"
            )
    assert admin.execute("select count(*) from staff.own_column").fetchone() == (0,)
    add(owner)
