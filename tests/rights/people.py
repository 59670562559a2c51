"""A house of two shops and two warehouses, people who may see one of each, and how they try for more."""

import itertools
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

import sql
from scripts.servers.urls import url_for
from sql.errors import DatabaseError
from sql.load import LOGINS, NOLOGINS, SCHEMAS, STAFF_ROLES
from tests.ledger.shop import BUYER, Draft, House, accept, build, order_id, receive

OTHERS = {**BUYER, "name": "余所見太郎", "email": "yosomi@example.jp", "phone": "0699998888"}
OWN_NAME, OTHER_NAME = BUYER["name"], OTHERS["name"]
MARKS = ("OTHER-", OTHER_NAME, "yosomi@example.jp", "0699998888")
PASSWORD = "a long word for tests"
_serial = itertools.count()


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The house, and what is out of the people's scope: values by column name."""

    house: House
    own: Mapping[str, int]
    other: Mapping[str, int]
    other_orders: tuple[int, ...]


def arrange(admin: Any, worker: Any) -> World:
    """Orders, stock, shipments, money, holds, inbox and pushes in scope and out of it."""
    house = build(admin, warehouses=("main", "far"))
    for warehouse in ("main", "far"):
        receive(worker, house, warehouse, a=50, b=50, c=50)
    party = (("buyer", OTHERS), ("recipient", OTHERS))
    accept(
        worker,
        house,
        Draft(no="OWN-1", lines=(("a", 1),)),
        Draft(no="OWN-2", lines=(("b", 2),), is_paid=False),
        Draft(no="OWN-3", lines=(("new", 1),)),
        Draft(no="OTHER-1", shop="two", lines=(("a", 1),), more=party),
        Draft(no="OTHER-2", shop="two", lines=(("b", 2),), is_paid=False, more=party),
        Draft(no="OTHER-3", shop="two", lines=(("new", 1),), more=party),
        Draft(no="OTHER-4", shop="two", lines=(("c", 1),), more=party),
    )
    shipped = order_id(worker, house, "OTHER-4", "two")
    sql.call(worker, "shipping.shipment_post", shipped, "yamato", "OTHER-9")
    ids: dict[str, dict[str, int]] = {}
    for side, shop, warehouse in (("own", "one", "main"), ("other", "two", "far")):
        shop_id, warehouse_id = house.shops[shop], house.warehouses[warehouse]
        prefix = "OWN" if side == "own" else "OTHER"
        sql.call(
            worker,
            "stock.stock_adjust",
            house.skus["a"],
            warehouse_id,
            1,
            "found",
            f"{prefix}-note",
        )
        inbox_id = sql.value(
            worker,
            "transit.inbox_note",
            "not_an_order",
            shop_id,
            None,
            None,
            None,
            f"{prefix}-9",
            None,
        )
        order = order_id(worker, house, f"{prefix}-1", shop)
        waiting = order_id(worker, house, f"{prefix}-2", shop)
        unknown = order_id(worker, house, f"{prefix}-3", shop)
        one = admin.execute(
            """
            select hold.hold_id, listing.listing_id, rule.hold_rule_id
            from sales.hold as hold, channel.listing as listing, sales.hold_rule as rule
            where hold.sales_order_id = %s and listing.shop_id = %s and listing.external_listing_no = 'a'
            limit 1
            """,
            (unknown, shop_id),
        ).fetchone()
        admin.execute(
            "insert into sales.hold_rule (rule_code, rule_name, rule_kind, hold_reason, shop_id)"
            " values (%s, %s, 'buyer_note', 'buyer_note', %s)",
            (f"{prefix.lower()}.note", f"{prefix}-規則 | {prefix}-rule", shop_id),
        )
        sql.call(worker, "transit.data_keys_take", shop_id, [f"{prefix}-1"], [b"wrapped"])
        sql.call(worker, "transit.shop_gate_close", shop_id, "1 second", f"{prefix}-error")
        ids[side] = {
            "shop_id": shop_id,
            "warehouse_id": warehouse_id,
            "sales_order_id": order,
            "waiting_order_id": waiting,
            "hold_id": one.hold_id,
            "listing_id": one.listing_id,
            "inbox_id": inbox_id,
        }
    others = tuple(
        row[0]
        for row in admin.execute(
            "select sales_order_id from sales.sales_order where shop_id = %s", (house.shops["two"],)
        ).fetchall()
    )
    return World(house=house, own=ids["own"], other=ids["other"], other_orders=others)


@contextmanager
def person(admin: Any, url: str, world: World, role: str, *, ended: bool = False) -> Iterator[Any]:
    """An SQL login of somebody of a role who may see one shop and one warehouse, over TCP."""
    login = f"test_{role}_{os.getpid()}_{next(_serial)}"
    admin.execute(f"create role {login} login inherit password '{PASSWORD}'")
    try:
        admin.execute(f"grant daicho_{role} to {login}")
        account_id = admin.execute(
            "insert into staff.account (login_name, display_name, staff_role, sql_login, ended_at)"
            " values (%(login)s, %(login)s, %(role)s, %(login)s, case when %(ended)s then now() end)"
            " returning account_id",
            {"login": login, "role": role, "ended": ended},
        ).fetchone()[0]
        admin.execute(
            "insert into staff.account_shop values (%s, %s)", (account_id, world.own["shop_id"])
        )
        admin.execute(
            "insert into staff.account_warehouse values (%s, %s)",
            (account_id, world.own["warehouse_id"]),
        )
        database = admin.info.dbname
        with sql.connect(url_for(url, login, PASSWORD, database)) as connection:
            yield connection
    finally:
        admin.execute("delete from staff.account where sql_login = %s", (login,))
        admin.execute(f"drop owned by {login}")
        admin.execute(f"drop role {login}")


def readable(connection: Any) -> list[tuple[str, list[str]]]:
    """Every relation of ours of which the login may read something, with those columns."""
    return [
        (row.name, row.columns)
        for row in connection.execute(
            """
            select format('%%I.%%I', namespace.nspname, class.relname) as name, array_agg(attribute.attname::text order by attnum) as columns
            from pg_class as class
            join pg_namespace as namespace on namespace.oid = class.relnamespace
            join pg_attribute as attribute on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped
            where namespace.nspname = any(%s) and class.relkind in ('r', 'p', 'v', 'm')
                and has_schema_privilege(namespace.oid, 'usage') and has_column_privilege(class.oid, attribute.attnum, 'select')
            group by 1 order by 1
            """,
            [list(SCHEMAS)],
        ).fetchall()
    ]


Seen = dict[str, list[dict[str, Any]]]


def seen(connection: Any) -> Seen:
    """All that the login can read, by relation; a relation that refuses counts as empty."""
    found: Seen = {}
    for name, columns in readable(connection):
        names = ", ".join(f'"{column}"' for column in columns)
        try:
            rows = connection.execute(
                f"select to_jsonb(one) as row from (select {names} from {name}) as one"
            ).fetchall()
        except psycopg.errors.InsufficientPrivilege:
            # A table below a view, or rows while `row_security` is off
            rows = []
        found[name] = sorted(
            (row.row for row in rows), key=lambda row: json.dumps(row, sort_keys=True)
        )
    return found


# The owner keeps the people and their scopes: that is not about a shop's own rows
ABOUT_PEOPLE = ("staff.account", "staff.account_shop", "staff.account_warehouse")


def leaked(what: Seen, world: World) -> list[str]:
    """Rows in what was seen that belong to another shop, warehouse or order."""
    wrong: list[str] = []
    for name, rows in what.items():
        if name in ABOUT_PEOPLE:
            continue
        for row in rows:
            text = json.dumps(row, ensure_ascii=False)
            if (
                row.get("shop_id") == world.other["shop_id"]
                or row.get("warehouse_id") == world.other["warehouse_id"]
                or row.get("sales_order_id") in world.other_orders
                or any(mark in text for mark in MARKS)
            ):
                wrong.append(f"{name}: {text[:200]}")
    return wrong


def others_rows(admin: Any, world: World) -> dict[str, str]:
    """A digest of every row out of scope, by table: nothing that the people do may change it."""
    tables = admin.execute(
        """
        select class.oid::regclass::text as name, array_agg(attribute.attname::text) as columns
        from pg_class as class
        join pg_attribute as attribute on attribute.attrelid = class.oid and attribute.attnum > 0
        where class.relnamespace::regnamespace::text = any(%s) and class.relkind = 'r' and class.relname not like 'ab\\_%%'
        group by 1 order by 1
        """,
        [[schema for schema in SCHEMAS if schema not in ("staff", "report")]],
    ).fetchall()
    digests: dict[str, str] = {}
    for name, columns in tables:
        conditions = [
            f"{column} = {world.other[column]}"
            for column in ("shop_id", "warehouse_id")
            if column in columns
        ]
        if "sales_order_id" in columns:
            conditions.append(f"sales_order_id = any(array{list(world.other_orders)})")
        if conditions:
            digests[name] = admin.execute(
                f"select md5(coalesce(string_agg(to_jsonb(one)::text, '|' order by to_jsonb(one)::text), ''))"
                f" from {name} as one where {' or '.join(conditions)}"
            ).fetchone()[0]
    assert len(digests) > 15
    return digests


def tricks(connection: Any, world: World) -> list[str]:
    """Try to be somebody else; what should have been refused and was not."""
    wrong: list[str] = []

    def refused(statement: str) -> None:
        try:
            with sql.transaction(connection):
                connection.execute(statement)
        except DatabaseError:
            return
        wrong.append(f"not refused: {statement}")

    own_roles = {
        row[0]
        for row in connection.execute(
            "select rolname from pg_roles where pg_has_role(rolname, 'set')"
        ).fetchall()
    }
    for role in (*STAFF_ROLES, *LOGINS, *NOLOGINS, "super"):
        name = f"daicho_{role}"
        if name not in own_roles:
            refused(f"set role {name}")
        refused(f"set session authorization {name}")
    for statement in (
        "create temporary table sales_order (sales_order_id bigint)",
        "create table public.planted (one integer)",
        "create table own.planted (one integer)",
        "create function public.access() returns integer language sql return 1",
        "create schema planted",
        "alter table sales.sales_order disable row level security",
        "create policy planted on sales.sales_order using (true)",
        "copy base.currency to program 'id'",
        "copy base.currency to '/tmp/planted'",
        "set daicho.account_id to default; alter role current_user superuser",
        "update stock.stock_balance set on_hand = 99",
        "delete from stock.stock_entry",
        "delete from staff.audit_log",
        "update sales.sales_order set shipped_at = now()",
        "select pg_read_file('/etc/passwd')",
        "select rolpassword from pg_authid",
    ):
        refused(statement)
    assert own_roles - {connection.info.user} <= {f"daicho_{role}" for role in STAFF_ROLES}
    return wrong


DISGUISES = (
    "set daicho.account_id = '1'",
    "set daicho.staff_role = 'owner'",
    "set daicho.shop_ids = '{1,2,3}'",
    "set daicho.warehouse_ids = '{1,2,3}'",
    "set daicho.sees_all = 'on'",
    "set application_name = 'daicho_web'",
    "set search_path = pg_temp, public, sales",
    "set row_security = off",
    "set daicho.change_no = '1'",
)


def disguised(connection: Any, before: Seen, role: str) -> list[str]:
    """What more is seen under each disguise, and in the own role taken by `set role`."""
    wrong: list[str] = []
    for statement in (*DISGUISES, f"set role daicho_{role}"):
        connection.execute(statement)
        after = seen(connection)
        connection.execute("reset role")
        connection.execute("reset all")
        for name, rows in after.items():
            more = [row for row in rows if row not in before.get(name, [])]
            # What others did meanwhile is not there: nobody else works in this database
            wrong += [f"{statement}: {name}: {row}" for row in more[:1]]
    return wrong


VALUES = {
    "boolean": True,
    "integer": 1,
    "bigint": 1,
    "numeric": 1,
    "text": "buyer",
    "date": "2026-11-01",
    "timestamp with time zone": "2026-11-01 00:00+00",
    "interval": "1 second",
}


def called(connection: Any, world: World) -> list[str]:
    """Call every granted function with ids out of scope; what came back of others."""
    wrong: list[str] = []
    functions = connection.execute(
        """
        select format('%%I.%%I', namespace.nspname, function.proname) as name, function.proargnames[1:function.pronargs] as names,
            array(select format_type(one, null) from unnest(function.proargtypes) with ordinality as type (one, place) order by place) as types
        from pg_proc as function
        join pg_namespace as namespace on namespace.oid = function.pronamespace
        where namespace.nspname = any(%s) and function.prorettype <> 'trigger'::regtype
            and has_schema_privilege(namespace.oid, 'usage') and has_function_privilege(function.oid, 'execute')
        order by 1
        """,
        [list(SCHEMAS)],
    ).fetchall()
    assert len(functions) >= 9
    for name, names, types in functions:
        if name in UNSCOPED:
            continue
        choices = [
            [kind]
            if (kind := FIXED.get((name, argument))) is not None
            else [world.other.get(argument.removeprefix("p_"), VALUES.get(type_name))]
            if argument != "p_sales_order_id"
            else [*world.other_orders, 999_999]
            for argument, type_name in zip(names or [], types, strict=True)
        ]
        for values in itertools.product(*choices):
            places = ", ".join(f"%s::{type_name}" for type_name in types)
            try:
                with sql.transaction(connection):
                    rows = connection.execute(
                        f"select to_jsonb(one) as row from {name}({places}) as one", values
                    ).fetchall()
            except DatabaseError as error:
                text = f"{error.message} {error.hint}"
                if any(mark in text for mark in MARKS):
                    wrong.append(f"{name}: {text}")
                continue
            wrong += leaked(
                {
                    name: [
                        row.row if isinstance(row.row, dict) else {"value": row.row} for row in rows
                    ]
                },
                world,
            )
    return wrong


# Of the whole house, by the role alone
UNSCOPED = {
    "transit.outgoing_set", "staff.checks_run", "staff.own_table_add", "staff.own_column_add", "staff.own_apply",
}  # fmt: skip
FIXED = {
    ("transit.push_retry", "p_kind"): "stock",
    ("transit.job_ask", "p_lane"): "orders",
    ("transit.job_ask", "p_job"): "pull_orders",
    ("sales.order_cancel", "p_cancel_reason"): "buyer",
    ("stock.stock_adjust", "p_adjustment_reason"): "found",
    ("stock.stock_adjust", "p_sku_id"): 1,
    ("channel.listing_link", "p_sku_id"): 1,
    ("shipping.shipment_post", "p_carrier_code"): "yamato",
}


def written(connection: Any, world: World) -> list[str]:
    """Try to change, remove or add rows out of scope wherever the login may write at all."""
    wrong: list[str] = []
    tables = connection.execute(
        """
        select class.oid::regclass::text as name,
            array_agg(attribute.attname::text) as columns,
            array_agg(attribute.attname::text) filter (where has_column_privilege(class.oid, attnum, 'update') and attgenerated = '' and attidentity = '') as updatable,
            array_agg(attribute.attname::text) filter (where has_column_privilege(class.oid, attnum, 'insert') and attgenerated = '' and attidentity = '') as insertable,
            has_table_privilege(class.oid, 'delete') as may_delete
        from pg_class as class
        join pg_attribute as attribute on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped
        where class.relnamespace::regnamespace::text = any(%s) and class.relkind = 'r' and has_any_column_privilege(class.oid, 'select')
        group by class.oid
        """,
        [list(SCHEMAS)],
    ).fetchall()
    for table in tables:
        scope = [
            column
            for column in ("shop_id", "warehouse_id", "sales_order_id")
            if column in table.columns
        ]
        if not scope or table.name in ABOUT_PEOPLE:
            continue
        where = " or ".join(f"{column} = {world.other[column]}" for column in scope)
        statements = [
            f"update {table.name} set {column} = {column} where {where}"
            for column in table.updatable or []
        ]
        statements += [
            f"update {table.name} set {column} = {world.other[column]}"
            for column in table.updatable or []
            if column in ("shop_id", "sales_order_id")
        ]
        if table.may_delete:
            statements.append(f"delete from {table.name} where {where}")
        if table.insertable and scope[0] in table.insertable:
            names = ", ".join(table.insertable)
            values = ", ".join(
                str(world.other[column]) if column in scope else f"'{INSERTED.get(column, 1)}'"
                for column in table.insertable
            )
            statements.append(f"insert into {table.name} ({names}) values ({values})")
        for statement in statements:
            try:
                with sql.transaction(connection):
                    cursor = connection.execute(statement)
                    touched = cursor.rowcount
            except DatabaseError:
                continue
            if touched:
                wrong.append(f"{statement}: {touched} rows")
    return wrong


INSERTED = {
    "rule_code": "planted", "rule_name": "規則 | rule", "rule_kind": "buyer_note", "hold_reason": "buyer_note",
    "external_listing_no": "planted", "is_on": "true", "is_published": "true", "created_at": "2026-11-01",
    "channel_code": "mall", "shop_code": "planted", "shop_name": "x", "currency_code": "JPY", "time_zone": "Asia/Tokyo",
    "settings": "{}", "is_outside": "false", "warehouse_code": "planted", "amount_limit": "",
}  # fmt: skip
