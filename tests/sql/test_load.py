"""The loader: from nothing and from an older version comes the same, and a shop's own things stay."""

import itertools
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

import sql
from scripts.servers.binaries import client_bin
from scripts.servers.urls import database_for
from sql import load as loader
from sql.errors import DatabaseError
from sql.load import STAFF_ROLES, LoadReport, load
from tests.sql.own_things import add, add_table, columns_of, sees

_serial = itertools.count()

Loaded = Callable[..., LoadReport]


@pytest.fixture
def copied(tmp_path, monkeypatch) -> Path:
    """A copy of the schema's files that the loader reads from now on."""
    target = tmp_path / "sql"
    shutil.copytree(loader.ROOT, target, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    monkeypatch.setattr(loader, "ROOT", target)
    return target


@pytest.fixture
def names(server) -> Iterator[Callable[[], str]]:
    """Gives names for databases, which are dropped at the end."""
    given: list[str] = []

    def name() -> str:
        given.append(f"load{threading.get_native_id()}_{next(_serial)}")
        return given[-1]

    yield name
    with sql.connect(server.admin_url) as admin:
        for one in given:
            admin.execute(f"drop database if exists {one} with (force)")


@pytest.fixture
def loaded(server) -> Loaded:
    def run(database: str, **more: Any) -> LoadReport:
        return load(server.admin_url, database=database, passwords=server.passwords, **more)

    return run


@pytest.fixture
def at(server) -> Callable[[str], Any]:
    def connected(database: str) -> Any:
        return sql.connect(database_for(server.admin_url, database))

    return connected


def dumped(server: Any, database: str) -> str:
    """The schema of a database in words, without what no two dumps share."""
    done = subprocess.run(
        [
            client_bin() / "pg_dump",
            "--schema-only",
            "--no-owner",
            database_for(server.admin_url, database),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    text = re.sub(r"^\\(un)?restrict .*$", "", done.stdout, flags=re.MULTILINE)
    assert text.count("CREATE TABLE") > 60
    return text


def in_file(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old} in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def next_version(folder: Path) -> None:
    """Plant what a version brings: a table, columns, a constraint, functions, views, grants."""
    (folder / "migrations" / "9001_pre_floors.sql").write_text(
        """
        create table stock.floor (
            floor_id bigint generated always as identity primary key,
            warehouse_id bigint not null constraint floor_warehouse_fk references stock.warehouse
        );
        comment on table stock.floor is '階。 | Floor.';
        alter table stock.warehouse add column floor_count integer;
        comment on column stock.warehouse.floor_count is '階数。 | Floors.';
        """
    )
    (folder / "migrations" / "9002_post_weights.sql").write_text(
        "alter table catalog.sku drop column weight_g;\n"
    )
    tables = folder / "50_stock" / "tables.sql"
    in_file(
        tables,
        "    is_outside boolean not null default false,\n    version integer not null default 1,\n"
        "    constraint warehouse_code_uq",
        "    is_outside boolean not null default false,\n    version integer not null default 1,\n"
        "    floor_count integer,\n    constraint warehouse_code_uq",
    )
    tables.write_text(
        tables.read_text()
        + """
        comment on column stock.warehouse.floor_count is '階数。 | Floors.';
        create table stock.floor (
            floor_id bigint generated always as identity primary key,
            warehouse_id bigint not null constraint floor_warehouse_fk references stock.warehouse
        );
        comment on table stock.floor is '階。 | Floor.';
        """
    )
    catalog = folder / "10_catalog" / "tables.sql"
    text = catalog.read_text()
    text = text.replace("    weight_g integer,\n", "")
    text = re.sub(r",\n    constraint sku_weight_ck [^\n]*", "", text)
    text = re.sub(
        r"^comment on [^;]*(weight_g|sku_weight_ck)[^;]*;\n", "", text, flags=re.MULTILINE
    )
    catalog.write_text(text)
    in_file(folder / "00_base" / "fn_today.sql", "::date", "::date + 0")
    in_file(
        folder / "90_report" / "vw_stock_available.sql",
        "    balance.reserved, balance.available\n",
        "    balance.reserved, balance.available, warehouse.floor_count\n",
    )
    in_file(
        folder / "95_access" / "30_grants.sql",
        "grant insert, update on base.exchange_rate to daicho_accounting;\n",
        "grant select on stock.floor to daicho_warehouse;\n",
    )


def test_loading_again_changes_nothing(server, loaded, names):
    name = names()
    first, before = loaded(name), dumped(server, name)
    again = loaded(name)
    assert (first.created, first.changed) == (True, True)
    assert (again.created, again.changed, list(again.migrations)) == (False, False, [])
    assert dumped(server, name) == before


def test_a_migrated_database_is_like_one_from_nothing(server, loaded, names, at, copied):
    old, new = names(), names()
    loaded(old)
    next_version(copied)
    report = loaded(old)
    assert list(report.migrations) == ["9001_pre_floors.sql", "9002_post_weights.sql"]
    assert report.changed
    assert loaded(new).created
    assert dumped(server, old) == dumped(server, new)
    with at(old) as admin, at(new) as other:
        parts = "select part, digest from base.version order by part"
        assert admin.execute(parts).fetchall() == other.execute(parts).fetchall()
    assert list(loaded(old).migrations) == []


def test_a_difference_between_migration_and_tables_is_found(server, loaded, names, copied):
    old, new = names(), names()
    loaded(old)
    next_version(copied)
    in_file(
        copied / "migrations" / "9001_pre_floors.sql",
        "add column floor_count integer",
        "add column floor_count bigint",
    )
    loaded(old)
    loaded(new)
    assert dumped(server, old) != dumped(server, new)


def test_what_a_shop_made_of_its_own_survives(server, loaded, names, at, copied):
    name = names()
    loaded(name)
    with at(name) as admin:
        admin.execute("""
            set role daicho_schema;
            create table own.visit (visit_id bigint primary key, sku_id bigint references catalog.sku);
            grant select on own.visit to daicho_analyst;
            insert into own.visit values (1, null);
            alter table catalog.sku add column x_season text default 'spring';
            comment on column catalog.sku.x_season is '季節。 | Season.';
            create view own.stock_value with (security_invoker = true) as
                select available.sku_code, available.available from report.stock_available as available;
            grant select on own.stock_value to daicho_owner;
            create function own.answer() returns integer language sql return 42;
            reset role;
            insert into catalog.sku (sku_code, sku_name, x_season) values ('s', 's', 'autumn');
        """)
    next_version(copied)
    loaded(name)
    with at(name) as admin:
        assert admin.execute("select visit_id from own.visit").fetchall() == [(1,)]
        assert admin.execute("select x_season from catalog.sku").fetchall() == [("autumn",)]
        assert admin.execute("select count(*) from own.stock_value").fetchone()[0] == 0
        assert admin.execute("select own.answer()").fetchone()[0] == 42
        kept = admin.execute(
            "select has_table_privilege('daicho_analyst', 'own.visit', 'select') as visit,"
            " has_table_privilege('daicho_owner', 'own.stock_value', 'select') as stock_value"
        ).fetchone()
        assert list(kept) == [True, True]


RIGHTS = """
    select class.oid::regclass::text as name, acl.grantee::regrole::text as role, acl.privilege_type as verb, null as column_name
    from pg_class as class, aclexplode(class.relacl) as acl where class.relnamespace::regnamespace::text = any(array['own', 'catalog', 'sales'])
    union all
    select class.oid::regclass::text, acl.grantee::regrole::text, acl.privilege_type, attribute.attname
    from pg_attribute as attribute join pg_class as class on class.oid = attribute.attrelid, aclexplode(attribute.attacl) as acl
    where class.relnamespace::regnamespace::text = any(array['own', 'catalog', 'sales']) and not attribute.attisdropped
    order by 1, 2, 3, 4
"""


def test_an_upgrade_leaves_own_things_and_gives_their_rights_again(
    server, loaded, names, at, copied
):
    name = names()
    loaded(name)
    with at(name) as admin:
        number = add_table(admin)
        add(
            admin,
            "own.visit",
            code="count",
            kind="integer",
            label_en="Count",
            readers=["support"],
            writers=["support"],
        )
        add(admin, default="spring")
        add(admin, label_en="Margin", readers=["merchandiser"], writers=["merchandiser"])
        add(admin, "sales.sales_order", label_en="Ribbon", writers=["order_desk"])
        gone = add(admin, label_en="Gone")
        admin.execute(
            "insert into catalog.sku (sku_code, sku_name, x_gone, x_margin) values ('s', 's', 'kept', 'm')"
        )
        admin.execute("insert into own.visit (visit_name, count) values ('v', 1)")
        sql.call(admin, "staff.own_column_remove", gone)
        admin.execute("""
            set role daicho_schema;
            alter table sales.sales_order add column x_by_hand text;
            grant update (x_by_hand) on sales.sales_order to daicho_support;
            select staff.own_apply();
            reset role;
        """)
        before = admin.execute(RIGHTS).fetchall()
        assert ("sales.sales_order", "daicho_support", "UPDATE", "x_by_hand") in before
    next_version(copied)
    # And one whose migration alone comes: its columns must be granted where a table is granted by column
    assert loaded(name).changed
    with at(name) as admin:
        after = admin.execute(RIGHTS).fetchall()
        dropped = {"weight_g"}
        assert [row for row in before if row not in after and row.column_name not in dropped] == []
        assert [
            row for row in after if row not in before and row.column_name != "floor_count"
        ] == []
        assert columns_of(admin, "own.stock_available")[-2:] == ["x_season", "floor_count"]
        assert admin.execute("select sku_code, x_season, x_margin from catalog.sku").fetchall() == [
            ("s", "spring", "m")
        ]
        assert admin.execute("select count from own.visit").fetchall() == [(1,)]
        sql.call(admin, "staff.own_column_restore", gone)
        assert admin.execute("select x_gone from catalog.sku").fetchall() == [("kept",)]
        sql.call(admin, "staff.own_table_remove", number)
    (copied / "migrations" / "9003_pre_more.sql").write_text(
        "alter table catalog.sku add column shelf_life_days integer;\n"
    )
    loaded(name)
    with at(name) as admin:
        assert sees(admin, "analyst", "catalog.sku", "shelf_life_days")
        assert not sees(admin, "analyst", "catalog.sku", "x_margin")
        assert admin.execute("select to_regclass('own.visit')").fetchone() == (None,)
        assert not admin.execute(
            f"select has_table_privilege('daicho_owner', 'own.removed_{number}', 'select')"
        ).fetchone()[0]
        before = admin.execute(RIGHTS).fetchall()
    assert not loaded(name).changed
    with at(name) as admin:
        assert admin.execute(RIGHTS).fetchall() == before


def test_a_changed_function_is_loaded_and_a_removed_grant_taken_back(loaded, names, at, copied):
    name = names()
    loaded(name)
    in_file(copied / "00_base" / "fn_today.sql", "::date", "::date + 1")
    grants = copied / "95_access" / "30_grants.sql"
    in_file(grants, "grant insert, update on base.exchange_rate to daicho_accounting;\n", "")
    functions = copied / "95_access" / "40_functions.sql"
    in_file(
        functions,
        "grant execute on function sales.hold_place(bigint, text) to daicho_support;\n",
        "",
    )
    asked = (
        "select base.today() - (now() at time zone 'Asia/Tokyo')::date,"
        " has_table_privilege('daicho_accounting', 'base.exchange_rate', 'insert'),"
        " has_function_privilege('daicho_support', 'sales.hold_place(bigint, text)', 'execute')"
    )
    with at(name) as admin:
        assert list(admin.execute(asked).fetchone()) == [0, True, True]
        assert loaded(name).changed
        assert list(admin.execute(asked).fetchone()) == [1, False, False]


def test_two_loaders_at_once_take_turns(server, loaded, names):
    name = names()
    gate = threading.Barrier(2)

    def run(_: int) -> LoadReport:
        gate.wait()
        return loaded(name)

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(run, range(2)))
    assert sorted((report.created, report.changed) for report in reports) == [
        (False, False),
        (True, True),
    ]


def test_loaders_that_come_by_different_databases_take_turns(server, loaded, names):
    name, other = names(), names()
    loaded(name)
    loaded(other)
    in_file_url = database_for(server.admin_url, other)
    held = sql.connect(database_for(server.admin_url, name))
    with held:
        held.execute("select pg_advisory_lock(%s)", (loader.LOCK,))
        with ThreadPoolExecutor(1) as pool:
            later = pool.submit(load, in_file_url, database=name, passwords=server.passwords)
            with pytest.raises(TimeoutError):
                later.result(1)
            held.execute("select pg_advisory_unlock(%s)", (loader.LOCK,))
            assert later.result(20).changed is False


BROKEN = {
    "50_stock/tables.sql": (
        "comment on table stock.warehouse is",
        "comment on table stock.no_such is",
    ),
    "40_sales/fn_order_free.sql": ("    returns void\n", "    returns no_such\n"),
    "90_report/vw_hold_count.sql": ("from sales.hold as hold\n", "from sales.no_such as hold\n"),
    "95_access/30_grants.sql": (
        "grant update (waits) on sales.payment_method to daicho_owner;",
        "grant update (waits) on sales.no_such to daicho_owner;",
    ),
}


@pytest.mark.parametrize("file", BROKEN)
def test_a_broken_file_is_named_with_its_line_and_leaves_nothing(loaded, names, at, copied, file):
    old, new = BROKEN[file]
    path = copied / file
    line = path.read_text(encoding="utf-8").split(old)[0].count("\n") + 1
    in_file(path, old, new)
    name = names()
    with pytest.raises(DatabaseError) as caught:
        loaded(name)
    noted = getattr(caught.value.__cause__, "__notes__", [])
    assert [note.split(", line ")[0] for note in noted] == [file]
    # A function or view has one statement: where it begins, or better
    begins = {"fn": 1, "vw": 1}.get(Path(file).stem[:2], line)
    assert begins <= int(noted[0].rpartition(" ")[2]) <= line
    with at(name) as admin:
        views = "select count(*) from pg_class where relnamespace::regnamespace::text = 'report'"
        there = admin.execute("select to_regclass('stock.warehouse') is not null").fetchone()[0]
        assert there == (not file.endswith("tables.sql"))
        assert not there or admin.execute(views).fetchone()[0] == 0
    in_file(path, new, old)
    assert loaded(name).changed


def test_a_broken_migration_leaves_nothing_and_goes_on_when_mended(loaded, names, at, copied):
    name = names()
    loaded(name)
    (copied / "migrations" / "9001_pre_good.sql").write_text(
        "create table stock.good (one integer);\n"
    )
    bad = copied / "migrations" / "9002_pre_bad.sql"
    bad.write_text(
        "create table stock.half (one integer);\n\nalter table stock.no_such add column x integer;\n"
    )
    with pytest.raises(DatabaseError) as caught:
        loaded(name)
    assert caught.value.__cause__.__notes__ == ["migrations/9002_pre_bad.sql, line 3"]
    with at(name) as admin:
        asked = "select to_regclass('stock.good') is not null as good, to_regclass('stock.half') is not null as half"
        assert list(admin.execute(asked).fetchone()) == [True, False]
        bad.write_text("create table stock.half (one integer);\n")
        assert list(loaded(name).migrations) == ["9002_pre_bad.sql"]
        assert list(admin.execute(asked).fetchone()) == [True, True]


def test_a_function_that_is_at_work_does_not_stop_the_loader_for_ever(loaded, names, at, copied):
    """What cannot have its lock in time says so; nothing is half-loaded."""
    name = names()
    loaded(name)
    (copied / "migrations" / "9001_pre_slow.sql").write_text(
        "alter table stock.warehouse add column slow integer;\n"
    )
    with at(name) as busy:
        with busy.transaction():
            busy.execute("lock table stock.warehouse in access share mode")
            with pytest.raises(DatabaseError) as caught:
                loaded(name)
            assert isinstance(caught.value.__cause__, psycopg.errors.LockNotAvailable)
        assert list(loaded(name).migrations) == ["9001_pre_slow.sql"]


def test_another_prefix_stands_beside_ours(server, loaded, names, at):
    name, prefix = names(), "other_"
    with sql.connect(server.admin_url) as admin:
        try:
            loaded(name, prefix=prefix)
            with at(name) as inside:
                owners = inside.execute(
                    "select distinct tableowner::text from pg_tables where schemaname = 'sales'"
                ).fetchall()
                assert owners == [(f"{prefix}schema",)]
                named = inside.execute(
                    "select count(*) from pg_class as class, aclexplode(class.relacl) as acl"
                    " join pg_roles as role on role.oid = acl.grantee"
                    " where class.relnamespace::regnamespace::text = 'sales' and rolname like 'daicho\\_%'"
                ).fetchone()
                assert named[0] == 0
                texts = inside.execute(
                    "select count(*) from pg_proc where pronamespace::regnamespace::text = any(%s) and prosrc ~ 'daicho_(?!bell)'",
                    [list(loader.SCHEMAS)],
                ).fetchone()
                assert texts[0] == 0
                assert inside.execute("select * from report.check_access").fetchall() == []
                add(inside, readers=["merchandiser"])
                shown = inside.execute(
                    "select rolname from pg_roles where has_column_privilege(oid, 'catalog.sku', 'x_season', 'select')"
                    " and rolname in ('other_merchandiser', 'other_analyst', 'daicho_merchandiser')"
                ).fetchall()
                assert shown == [(f"{prefix}merchandiser",)]
                inside.execute(f"set role {prefix}analyst")
                inside.execute("select count(*) from report.sales_order")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    inside.execute("select count(*) from sales.sales_order_party")
        finally:
            admin.execute(f"drop database if exists {name} with (force)")
            roles = (*STAFF_ROLES, *loader.LOGINS, *loader.NOLOGINS)
            for role in roles:
                admin.execute(f"drop role if exists {prefix}{role}")


def test_statements_are_cut_where_they_end():
    text = "select ';' -- ;\n; do $$ begin ; end; $$; select $x$ ; $x$, \";\" /* ; */ ;\nselect 1"
    assert [one.strip() for _, one in loader.statements_of(text)] == [
        "select ';' -- ;\n;",
        "do $$ begin ; end; $$;",
        'select $x$ ; $x$, ";" /* ; */ ;',
        "select 1",
    ]
