"""Whoever logs in over TCP gets what the role's grants and the account's scope say, and no more.

Each role is tried as a person with one shop and one warehouse of two: it reads all it can, disguises
itself, calls every function it may with ids of others, and writes wherever it may write.
"""

import psycopg
import pytest

import sql
from scripts.servers.urls import url_for
from sql.errors import DatabaseError, NotThere
from sql.load import SCHEMAS, STAFF_ROLES
from tests.ledger.shop import BUYER, findings, order_id
from tests.rights.people import (
    OWN_NAME,
    called,
    disguised,
    leaked,
    others_rows,
    person,
    seen,
    tricks,
    written,
)

PERSONAL = (OWN_NAME, BUYER["email"], BUYER["phone"], BUYER["address_line1"])
SEE_PEOPLE = {
    "owner",
    "manager",
    "order_desk",
    "support",
    "warehouse",
    "accounting",
    "outside_warehouse",
}


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_nothing_out_of_scope_is_seen_or_changed(arranged, role):
    database, admin, world = arranged
    untouched = others_rows(admin, world)
    with person(admin, database.admin, world, role) as login:
        before = seen(login)
        assert before["catalog.sku"]
        assert leaked(before, world) == []
        assert tricks(login, world) == []
        assert disguised(login, before, role) == []
        assert called(login, world) == []
        assert written(login, world) == []
        assert leaked(seen(login), world) == []
    assert others_rows(admin, world) == untouched


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_people_are_seen_by_those_who_work_with_them(arranged, role):
    database, admin, world = arranged
    with person(admin, database.admin, world, role) as login:
        text = str(seen(login))
    assert any(mark in text for mark in PERSONAL) == (role in SEE_PEOPLE)


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_who_has_left_sees_nothing_of_shops(arranged, role):
    database, admin, world = arranged
    with person(admin, database.admin, world, role, ended=True) as login:
        found = seen(login)
    assert found.get("sales.sales_order", []) == []
    assert found["channel.shop"] == []
    assert not any(mark in str(found) for mark in PERSONAL)


def test_own_orders_are_seen_and_worked_on(own_house):
    database, admin, _, world = own_house
    number = world.own["sales_order_id"]
    with person(admin, database.admin, world, "warehouse") as login:
        assert login.execute("select count(*) from report.sales_order").fetchone()[0] == 3
        assert sql.value(login, "shipping.shipment_post", number, "yamato", "1") > 0
        with pytest.raises(NotThere):
            sql.call(login, "shipping.shipment_post", world.other["sales_order_id"], "yamato", "1")
    assert findings(admin) == {}


def test_an_outside_warehouse_sees_people_until_the_parcel_has_left(own_house):
    database, admin, worker, world = own_house
    number = world.own["sales_order_id"]
    ask = (
        "select (select count(*) from sales.sales_order where sales_order_id = %(id)s),"
        " (select count(*) from sales.sales_order_party where sales_order_id = %(id)s),"
        " (select count(*) from report.sales_order_buyer where sales_order_id = %(id)s)"
    )
    # A clerk held it for a word with the buyer, and let it go
    admin.execute(
        "insert into sales.hold (sales_order_id, hold_reason, note, released_at, label)"
        " values (%s, 'manual', %s, now(), '保留 | Held')",
        (number, OWN_NAME),
    )
    notes = "select note from sales.hold where sales_order_id = %s and note is not null"
    with person(admin, database.admin, world, "outside_warehouse") as login:
        login.row_factory = psycopg.rows.tuple_row
        assert login.execute(ask, {"id": number}).fetchone() == (1, 1, 1)
        assert login.execute(notes, (number,)).fetchall() == [(OWN_NAME,)]
        sql.call(login, "shipping.shipment_post", number, "yamato", "1")
        assert login.execute(ask, {"id": number}).fetchone() == (1, 0, 0)
        assert login.execute(notes, (number,)).fetchall() == []
        waiting = world.own["waiting_order_id"]
        assert login.execute(ask, {"id": waiting}).fetchone() == (1, 1, 1)
        sql.call(worker, "sales.order_cancel", waiting, "buyer")
        assert login.execute(ask, {"id": waiting}).fetchone() == (1, 0, 0)


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_what_people_typed_of_an_order_is_read_by_those_who_work_with_people(own_house, role):
    database, admin, _, world = own_house
    number = world.own["waiting_order_id"]
    admin.execute(
        "insert into sales.hold (sales_order_id, hold_reason, note, label) values (%s, 'manual', %s, '保留 | Held')",
        (number, OWN_NAME),
    )
    with person(admin, database.admin, world, role) as login:
        text = str(seen(login)["sales.hold"]) if "sales.hold" in seen(login) else ""
        assert (OWN_NAME in text) == (role in SEE_PEOPLE)
        if text:
            said = sql.call(login, "sales.order_explain", number)
            (held,) = [row for row in said if row.reason == "manual"]
            assert held.evidence == ({"note": OWN_NAME} if role in SEE_PEOPLE else {})


def test_a_wrong_password_and_a_role_without_login_are_refused(arranged, server):
    database, admin, world = arranged
    with person(admin, database.admin, world, "owner") as login:
        for name, password in (
            (login.info.user, "no"),
            ("daicho_owner", ""),
            ("daicho_function", ""),
        ):
            with pytest.raises(DatabaseError):
                sql.connect(url_for(database.admin, name, password, database.name))
    stored = admin.execute(
        "select bool_and(rolpassword like 'SCRAM-SHA-256$%') from pg_authid where rolpassword is not null"
    ).fetchone()
    assert stored[0]


def test_the_web_login_is_nobody_until_it_says_who(arranged):
    database, admin, world = arranged
    account_id = admin.execute(
        "insert into staff.account (login_name, display_name, staff_role) values ('desk', 'desk', 'order_desk')"
        " returning account_id"
    ).fetchone()[0]
    admin.execute(
        "insert into staff.account_shop values (%s, %s)", (account_id, world.own["shop_id"])
    )
    admin.execute(
        "insert into staff.account_warehouse values (%s, %s)",
        (account_id, world.own["warehouse_id"]),
    )
    with sql.connect(database.web) as web:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("select count(*) from sales.sales_order")
        for stated, orders in ((account_id, 3), (999_999, 0), ("", 0)):
            with web.transaction():
                web.execute("select set_config('daicho.account_id', %s, true)", (str(stated),))
                web.execute("set local role daicho_order_desk")
                assert web.execute("select count(*) from sales.sales_order").fetchone()[0] == orders
                with pytest.raises(NotThere), sql.transaction(web):
                    sql.call(web, "sales.order_cancel", world.other["sales_order_id"], "buyer")
        assert sql.value(web, "access.account_id") is None


def test_a_login_without_an_account_sees_no_shop(arranged):
    database, admin, world = arranged
    with person(admin, database.admin, world, "manager") as login:
        admin.execute(
            "update staff.account set sql_login = null where sql_login = %s", (login.info.user,)
        )
        try:
            found = seen(login)
            assert (
                found["sales.sales_order"]
                == found["channel.listing"]
                == found["channel.shop"]
                == []
            )
        finally:
            admin.execute(
                "update staff.account set sql_login = login_name where login_name = %s",
                (login.info.user,),
            )


def test_the_programs_are_no_superusers(admin_of_template):
    wrong = admin_of_template.execute(
        "select rolname from pg_roles where rolname like 'daicho\\_%' and rolname <> 'daicho_super'"
        " and (rolsuper or rolcreaterole and rolname <> 'daicho_keeper' or rolcreatedb or rolbypassrls or rolreplication)"
    ).fetchall()
    assert wrong == []


def test_the_one_that_makes_roles_is_nobody_and_reads_nothing(admin_of_template):
    """Only the tables' owner may become it, and it may keep no program's login and no table."""
    admin = admin_of_template
    assert admin.execute(
        "select rolcanlogin from pg_roles where rolname = 'daicho_keeper'"
    ).fetchone() == (False,)
    members = admin.execute(
        "select member::regrole::text from pg_auth_members where roleid = 'daicho_keeper'::regrole"
        " and (set_option or inherit_option)"
    ).fetchall()
    assert [row[0] for row in members] == ["daicho_schema"]
    kept = {
        row[0]
        for row in admin.execute(
            "select roleid::regrole::text from pg_auth_members where member = 'daicho_keeper'::regrole"
        ).fetchall()
    }
    assert not kept & {"daicho_web", "daicho_worker", "daicho_schema", "daicho_function"}
    assert not admin.execute(
        "select oid::regclass from pg_class where relnamespace::regnamespace::text = any(%s)"
        " and relkind in ('r', 'v') and has_any_column_privilege('daicho_keeper', oid, 'select')",
        [list(SCHEMAS)],
    ).fetchall()
    may_call = admin.execute(
        "select oid::regprocedure::text from pg_proc where has_function_privilege('daicho_web', oid, 'execute')"
        " and proowner = 'daicho_keeper'::regrole"
    ).fetchall()
    assert may_call == []


@pytest.fixture
def admin_of_template(db):
    return db


def test_orders_out_of_scope_are_there_for_the_worker(arranged):
    """What the people do not see is not simply missing."""
    database, _, world = arranged
    with sql.connect(database.worker, account_id=1) as worker:
        assert order_id(worker, world.house, "OTHER-1", "two") == world.other["sales_order_id"]
        assert leaked(seen(worker), world) != []
