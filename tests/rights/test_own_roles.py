"""A shop's own role holds what its rows say, and nobody makes more of it than they hold themselves."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

import sql
from scripts.servers.urls import url_for
from sql.errors import ChangedMeanwhile, DatabaseError, NotAllowed, NotThere, Refused, WrongState
from sql.load import STAFF_ROLES, load
from sql.logins import password_new, verifier_of
from tests.ledger.shop import findings
from tests.sql.own_things import add, add_table, change

_serial = itertools.count()
Opened = Callable[..., Any]


@pytest.fixture
def admin(fresh_database) -> Iterator[Any]:
    with sql.connect(fresh_database.admin) as connection:
        yield connection


@pytest.fixture
def code(admin) -> Iterator[str]:
    """A name that no other test has: roles belong to the whole server."""
    name = f"t{os.getpid()}_{next(_serial)}"
    yield name
    for (role,) in admin.execute(
        "select rolname from pg_roles where rolname like %s", [f"daicho\\_%{name}%"]
    ).fetchall():
        admin.execute(f"drop owned by {role}")
        admin.execute(f"drop role {role}")


@pytest.fixture
def as_person(fresh_database, admin) -> Iterator[Opened]:
    """Opens the web's connection as somebody new of a role."""
    with ExitStack() as stack:

        def opened(role: str, *, sees_all: bool = True, in_force: str | None = None) -> Any:
            account_id = account(admin, role, sees_all=sees_all)
            web = stack.enter_context(sql.connect(fresh_database.web, account_id=account_id))
            web.execute(f"set role daicho_{in_force or role}")
            return web

        yield opened


def account(admin: Any, role: str, *, sees_all: bool = True) -> int:
    return admin.execute(
        "insert into staff.account (login_name, display_name, staff_role, sees_all_shops, sees_all_warehouses)"
        " values (%(login)s, %(login)s, %(role)s, %(all)s, %(all)s) returning account_id",
        {"login": f"p{next(_serial)}", "role": role, "all": sees_all},
    ).fetchone()[0]


def rows_of(admin: Any, role: str) -> list[dict[str, Any]]:
    return [
        {"object_name": row.object_name, "verb": row.verb, "columns": row.columns}
        for row in admin.execute(
            "select object_name, verb, columns from staff.role_grant where staff_role = %s", [role]
        ).fetchall()
    ]


def applied(admin: Any, role: str) -> set[tuple[str, str, str]]:
    return {
        (row.object_name, row.verb, ",".join(row.columns))
        for row in admin.execute("select * from access.role_grants(%s)", [role]).fetchall()
    }


def made(web: Any, code: str, copied_from: str = "order_desk") -> str:
    return sql.value(
        web, "staff.role_make", code, "夜番 | Night", "夜の受注。 | At night.", copied_from
    )


def version(admin: Any, role: str) -> int:
    return admin.execute(
        "select version from staff.staff_role where staff_role = %s", [role]
    ).fetchone()[0]


def grants_set(web: Any, admin: Any, role: str, grants: list[dict[str, Any]]) -> None:
    with sql.transaction(web):
        sql.call(web, "staff.role_grants_set", role, version(admin, role), sql.Json(grants))


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_the_owner_holds_what_every_role_holds(admin, role):
    """Else a copy of the role would lack something, and the owner could not give it."""
    assert sql.value(admin, "access.role_within", role, "owner") is True
    assert sql.value(admin, "access.role_within", "owner", role) is (role == "owner")


def test_a_copy_holds_the_same_and_works(admin, as_person, code):
    owner = as_person("owner")
    role = made(owner, code)
    assert applied(admin, role) == applied(admin, "order_desk") != set()
    night = as_person(role)
    assert night.execute("select count(*) from sales.sales_order").fetchone()[0] == 0
    assert sql.value(night, "access.role_in_force") == role
    with pytest.raises(NotAllowed), sql.transaction(night):
        night.execute("select count(*) from catalog.sku_cost")
    assert findings(admin) == {}
    # Nobody changes a role that came with Daicho
    for fixed in ("order_desk", "owner", "system", "own_nothing"):
        with pytest.raises(NotThere):
            sql.call(owner, "staff.role_grants_set", fixed, 1, sql.Json([]))


def test_what_is_taken_away_is_gone_at_once(admin, as_person, code):
    owner = as_person("owner")
    role = made(owner, code)
    night = as_person(role)
    kept = [
        row for row in rows_of(admin, role)
        if row["verb"] == "select" and row["object_name"] != "sales.payment"
    ]  # fmt: skip
    some = {"object_name": "sales.sales_order_party", "verb": "update", "columns": ["staff_note"]}
    grants_set(owner, admin, role, [*kept, some])
    for refused in (
        "select 1 from sales.payment",
        "select sales.hold_release(1, 'x')",
        "update sales.sales_order_party set buyer_name = 'x'",
    ):
        with pytest.raises(NotAllowed), sql.transaction(night):
            night.execute(refused)
    night.execute("update sales.sales_order_party set staff_note = 'x' where false")
    assert len(applied(admin, role)) == len(kept) + 1


def test_the_second_of_two_is_told_that_the_first_changed_it(admin, as_person, code):
    owner = as_person("owner")
    role = made(owner, code)
    before = version(admin, role)
    sql.call(owner, "staff.role_grants_set", role, before, sql.Json([]))
    with pytest.raises(ChangedMeanwhile):
        sql.call(owner, "staff.role_grants_set", role, before, sql.Json([]))


@pytest.mark.parametrize(
    "grant",
    [
        {"object_name": "staff.ab_user", "verb": "select"},
        {"object_name": "staff.ab_user", "verb": "update", "columns": ["password"]},
        {"object_name": "transit.data_key", "verb": "select"},
        {"object_name": "channel.shop_secret", "verb": "select"},
        {"object_name": "sales.sales_order", "verb": "delete"},
        {"object_name": "sales.sales_order", "verb": "update", "columns": ["total"]},
        {"object_name": "sales.sales_order_party", "verb": "update", "columns": ["staff_note", "sales_order_id"]},
        {"object_name": "sales.sales_order_party", "verb": "update", "columns": ["staff_note", "nothing"]},
        {"object_name": "sales.sales_order_party", "verb": "update", "columns": []},
        {"object_name": "sales.sales_order", "verb": "truncate"},
        {"object_name": "sales.sales_order", "verb": "select; drop table sales.hold"},
        {"object_name": "sales.nothing", "verb": "select"},
        {"object_name": "pg_catalog.pg_authid", "verb": "select"},
        {"object_name": "sales.orders_accept", "verb": "execute"},
        {"object_name": "access.role_make", "verb": "execute"},
        {"object_name": "access.login_write", "verb": "execute"},
        {"object_name": "staff.sql_login_write", "verb": "execute"},
        {"object_name": "pg_catalog.pg_terminate_backend", "verb": "execute"},
    ],
    ids=lambda grant: f"{grant['verb'][:10]} {grant['object_name']} {grant.get('columns', '')}",
)  # fmt: skip
def test_even_the_owner_gives_nothing_that_they_do_not_hold(admin, as_person, code, grant):
    owner = as_person("owner")
    role = made(owner, code, "analyst")
    before = applied(admin, role)
    with pytest.raises(NotAllowed):
        grants_set(owner, admin, role, [*rows_of(admin, role), grant])
    assert applied(admin, role) == before


def keeper_of_people(owner: Any, admin: Any, code: str) -> str:
    """A role that makes roles and people, and sees little else."""
    role = made(owner, f"{code}_k", "owner")
    kept = [row for row in rows_of(admin, role) if row["object_name"].startswith("staff.")]
    grants_set(owner, admin, role, kept)
    return role


def test_who_may_make_roles_makes_none_greater_than_their_own(admin, as_person, code):
    owner = as_person("owner")
    keeper_role = keeper_of_people(owner, admin, code)
    greater = made(owner, f"{code}_g", "manager")
    keeper = as_person(keeper_role)
    for copied_from in ("owner", "manager", "analyst", greater, "system", "nothing"):
        with pytest.raises((NotAllowed, NotThere)):
            made(keeper, f"{code}_x", copied_from)
    # Not one's own, not a greater one, not more than one holds
    with pytest.raises(NotAllowed):
        grants_set(keeper, admin, keeper_role, rows_of(admin, keeper_role))
    for call in (
        ("staff.role_grants_set", greater, version(admin, greater), sql.Json([])),
        ("staff.role_end", greater, version(admin, greater)),
        ("staff.role_name_set", greater, version(admin, greater), "x", "y"),
        ("staff.role_second_factor_set", "owner", True),
    ):
        with pytest.raises(NotAllowed):
            sql.call(keeper, *call)
    child = made(keeper, f"{code}_c", keeper_role)
    more = {"object_name": "sales.sales_order", "verb": "select"}
    with pytest.raises(NotAllowed):
        grants_set(keeper, admin, child, [*rows_of(admin, child), more])
    grants_set(keeper, admin, child, rows_of(admin, child)[:3])
    assert len(applied(admin, child)) == 3


def test_who_may_make_people_makes_nobody_greater(admin, as_person, code):
    owner = as_person("owner")
    keeper_role = keeper_of_people(owner, admin, code)
    keeper = as_person(keeper_role)
    the_owner = sql.value(owner, "access.account_id")
    me = sql.value(keeper, "access.account_id")
    verifier = verifier_of(password_new())
    digest = "0" * 64
    for call in (
        ("staff.account_invite", "x", "x", "owner", False, False, [], [], "!"),
        ("staff.account_invite", "x", "x", "order_desk", False, False, [], [], "!"),
        ("staff.account_change", me, 1, "x", "owner", True, True, [], []),
        ("staff.account_change", the_owner, 1, "x", keeper_role, True, True, [], []),
        ("staff.account_end", the_owner),
        ("staff.account_link_make", the_owner, digest, 1),
        ("staff.account_unlock", the_owner),
        ("staff.account_tokens_end", the_owner),
        ("staff.second_factor_reset", the_owner),
        ("staff.sql_login_make", the_owner, verifier),
        ("staff.sql_login_end", the_owner),
    ):
        with pytest.raises(NotAllowed):
            sql.call(keeper, *call)
    for statement in (
        f"update staff.account set staff_role = 'owner' where account_id = {me}",
        f"update staff.account set ended_at = now() where account_id = {the_owner}",
        f"update staff.account set sees_all_shops = false where account_id = {the_owner}",
    ):
        with pytest.raises(NotAllowed), sql.transaction(keeper):
            keeper.execute(statement)
    assert sql.value(keeper, "staff.account_invite", "y", "y", keeper_role, True, True, [], [], "!")


def test_a_scope_is_given_by_who_has_it(admin, as_person, code):
    admin.execute("insert into channel.channel (channel_code, label) values ('t', '試 | T')")
    shops = [
        row[0]
        for row in admin.execute(
            "with w as (insert into stock.warehouse (warehouse_code, warehouse_name) values ('w', 'w') returning warehouse_id)"
            " insert into channel.shop (shop_code, shop_name, channel_code, warehouse_id)"
            " select code, code, 't', warehouse_id from w, unnest(array['one', 'two']) as code returning shop_id"
        ).fetchall()
    ]
    owner = as_person("owner", sees_all=False)
    me = sql.value(owner, "access.account_id")
    admin.execute("insert into staff.account_shop values (%s, %s)", [me, shops[0]])
    invite = ("staff.account_invite", "n", "n", "support")
    with pytest.raises(NotAllowed):
        sql.call(owner, *invite, True, False, [], [], "!")
    with pytest.raises(NotAllowed):
        sql.call(owner, *invite, False, False, [shops[1]], [], "!")
    new = sql.value(owner, *invite, False, False, [shops[0]], [], "!")
    for statement in (
        f"insert into staff.account_shop values ({me}, {shops[1]})",
        f"insert into staff.account_shop values ({new}, {shops[1]})",
        f"update staff.account set sees_all_shops = true where account_id = {new}",
    ):
        with pytest.raises(NotAllowed), sql.transaction(owner):
            owner.execute(statement)
    everywhere = account(admin, "support")
    with pytest.raises(NotAllowed):
        sql.call(owner, "staff.account_end", everywhere)


def test_roles_of_others_are_not_made_by_them(admin, as_person, code):
    """The functions are the owner's; the database's own ways are closed to all."""
    for role in STAFF_ROLES[1:]:
        web = as_person(role)
        with pytest.raises(NotAllowed):
            made(web, code)
    owner = as_person("owner")
    for statement in (
        f"create role daicho_own_{code}",
        f"grant daicho_owner to daicho_own_{code}",
        f"select access.role_make('own_{code}')",
        "select access.login_write('daicho_login_x', 'owner', '')",
        "select access.role_apply('own_x')",
        "select staff.sql_login_write(1, '')",
        "insert into staff.role_grant values ('owner', 'staff.ab_user', 'select')",
        "update staff.staff_role set is_outside = false",
    ):
        with pytest.raises(DatabaseError), sql.transaction(owner):
            owner.execute(statement)


@pytest.mark.parametrize(
    "name", ["Own_x", "x; drop role daicho_web", "1x", "", "x" * 31, "x-y", 'x"y']
)
def test_a_forged_name_makes_no_role(admin, as_person, name):
    owner = as_person("owner")
    with pytest.raises(Refused):
        made(owner, name)


@pytest.mark.parametrize("name", ["web", "owner", "own_X", "schema", "own_; --"])
def test_the_functions_that_make_roles_check_once_more(admin, name):
    with pytest.raises(NotAllowed):
        sql.call(admin, "access.role_make", name)
    for login in (f"daicho_{name}", f"daicho_login_{name} x", "postgres"):
        with pytest.raises(NotAllowed):
            sql.call(admin, "access.login_write", login, "owner", verifier_of("x"))


def test_a_copy_of_an_outsiders_role_stays_outside(admin, as_person, code):
    owner = as_person("owner")
    role = made(owner, code, "outside_warehouse")
    assert sql.value(as_person(role), "access.is_outside") is True
    assert sql.value(as_person("owner", in_force=role), "access.is_outside") is True
    assert sql.value(as_person("owner"), "access.is_outside") is False
    assert sql.value(admin, "access.role_within", "outside_warehouse", role) is True


def test_a_copy_sees_the_own_columns_that_the_copied_role_sees(admin, as_person, code):
    owner = as_person("owner")
    add(owner, "sales.sales_order", readers=["order_desk"], writers=["order_desk"])
    add(owner, "sales.sales_order", label_en="Secret", readers=[], writers=[])
    add_table(owner)
    # What was removed is hidden from the owner too, who holds the table by column from then on
    gone = add(owner, "sales.sales_order", label_en="Gone", writers=[])
    sql.call(owner, "staff.own_column_remove", gone)
    role = made(owner, code)
    # Own things have rows of their own: the role's rows name none
    assert [
        row
        for row in rows_of(admin, role)
        if "own." in row["object_name"] or row["columns"] == ["x_season"]
    ] == []
    assert applied(admin, role) == applied(admin, "order_desk")
    night = as_person(role)
    for good in (
        "select x_season from sales.sales_order", "update sales.sales_order set x_season = 'x'", "insert into own.visit (visit_name) values ('x')",
        "select x_season from own.sales_order_x_season",
    ):  # fmt: skip
        night.execute(good)
    for bad in (
        "select x_secret from sales.sales_order",
        "select * from sales.sales_order",
        "select * from own.sales_order_x_secret",
    ):
        with pytest.raises(NotAllowed), sql.transaction(night):
            night.execute(bad)
    assert sql.value(admin, "access.role_within", role, "owner") is True
    assert sql.value(admin, "access.role_within", role, "support") is False
    # What is set again is as it was, and a column of ours never comes by the rows
    grants_set(owner, admin, role, [*rows_of(admin, role)])
    night.execute("select x_season from sales.sales_order")
    with pytest.raises(NotAllowed), sql.transaction(night):
        night.execute("select x_secret from sales.sales_order")
    admin.execute(f"update staff.account set staff_role = 'order_desk' where staff_role = '{role}'")
    sql.call(owner, "staff.role_end", role, version(admin, role))
    assert admin.execute("select to_regrole(%s)", [f"daicho_{role}"]).fetchone() == (None,)
    assert admin.execute(
        "select count(*) from staff.own_column where %s = any(readers || writers)", [role]
    ).fetchone() == (0,)


def test_who_may_make_columns_hands_out_no_more_than_they_hold(admin, as_person, code):
    owner = as_person("owner")
    role = made(owner, code, "owner")
    number = add(owner, readers=[role], writers=[])
    hidden = add(owner, label_en="Hidden", readers=["merchandiser"], writers=[])
    keeper = as_person(role)
    with pytest.raises(NotAllowed):
        change(keeper, number, readers=[role], writers=[role])
    change(keeper, number, readers=[role, "analyst"], writers=[])
    with pytest.raises(NotThere):
        sql.call(
            keeper,
            "staff.own_column_change",
            hidden,
            1,
            "x",
            "x",
            None,
            None,
            None,
            None,
            [role],
            [],
        )
    kept = [row for row in rows_of(admin, role) if row["object_name"].startswith("staff.")]
    grants_set(owner, admin, role, kept)
    with pytest.raises(NotAllowed):
        add(keeper, "sales.sales_order", label_en="Mine", readers=None, writers=[])


def test_own_roles_come_through_a_load_and_a_missing_role_comes_back(
    server, fresh_database, admin, as_person, code
):
    owner = as_person("owner")
    role = made(owner, code)
    rows = [row for row in rows_of(admin, role) if row["verb"] == "select"]
    grants_set(owner, admin, role, rows)
    before = applied(admin, role)
    admin.execute(f"revoke select on sales.sales_order from daicho_{role}")
    admin.execute(f"grant select on catalog.sku_cost to daicho_{role}")
    admin.execute("update base.version set digest = 'old' where part = 'repeatable'")
    load(server.admin_url, database=fresh_database.name)
    assert applied(admin, role) == before
    # A server that does not know it, as after a restore elsewhere; and a right that is gone
    admin.execute(f"drop owned by daicho_{role}")
    admin.execute(f"drop role daicho_{role}")
    admin.execute(
        "insert into staff.role_grant values (%s, 'sales.gone', 'select'), (%s, 'staff.ab_user', 'select')",
        [role, role],
    )
    load(server.admin_url, database=fresh_database.name)
    assert applied(admin, role) == before
    assert as_person(role).execute("select count(*) from sales.sales_order").fetchone() == (0,)


def test_a_role_ends_when_nobody_has_it(admin, as_person, code):
    owner = as_person("owner")
    role = made(owner, code)
    account_id = account(admin, role)
    with pytest.raises(WrongState):
        sql.call(owner, "staff.role_end", role, version(admin, role))
    sql.call(owner, "staff.account_change", account_id, 1, "x", "support", True, True, [], [])
    sql.call(owner, "staff.role_end", role, version(admin, role))
    known = "select count(*) from pg_roles where rolname = %s"
    assert admin.execute(known, [f"daicho_{role}"]).fetchone() == (0,)
    with pytest.raises(NotAllowed):
        sql.call(owner, "staff.account_change", account_id, 2, "x", role, True, True, [], [])


def test_a_person_of_an_own_role_sees_that_by_psql_and_nothing_after_leaving(
    fresh_database, admin, as_person, code
):
    owner = as_person("owner")
    role = made(owner, code)
    account_id = account(admin, role)
    admin.execute(
        "update staff.account set login_name = %s where account_id = %s", [code, account_id]
    )
    password = password_new()
    login = sql.value(owner, "staff.sql_login_make", account_id, verifier_of(password))
    url = url_for(fresh_database.admin, login, password, fresh_database.name)
    with sql.connect(url) as person:
        assert sql.value(person, "access.staff_role") == role
        person.execute("select count(*) from sales.sales_order")
        with pytest.raises(NotAllowed), sql.transaction(person):
            person.execute("select count(*) from catalog.sku_cost")
        # The role is inherited, never taken: the row policies' group neither
        for name in (role, "staff", "owner"):
            with pytest.raises(DatabaseError), sql.transaction(person):
                person.execute(f"set role daicho_{name}")
        sql.call(owner, "staff.account_change", account_id, 1, "x", "analyst", True, True, [], [])
        person.execute("select count(*) from catalog.sku_cost")
        with pytest.raises(NotAllowed), sql.transaction(person):
            person.execute("select count(*) from sales.sales_order_party")
        sql.call(owner, "staff.account_end", account_id)
        with pytest.raises(DatabaseError), sql.transaction(person):
            person.execute("select 1")
    with pytest.raises(DatabaseError):
        sql.connect(url)
    known = "select count(*) from pg_roles where rolname = %s"
    assert admin.execute(known, [login]).fetchone() == (0,)
