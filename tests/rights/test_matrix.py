"""The readable table of rights says what the grants say: not more, and nothing is missing."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

import sql
from config import PROJECT
from scripts.commands.docs import PAGES, stale, written
from sql.load import SCHEMAS, STAFF_ROLES
from tests.conftest import clone, drop

PAGE = PROJECT / "docs" / "reference" / "rights.md"
VERBS = {"r": "select", "i": "insert", "u": "update", "d": "delete"}
ROLES = (*STAFF_ROLES, "web", "worker")


@pytest.fixture(scope="module")
def fresh(server, template):
    database = clone(server, template)
    with sql.connect(database.admin) as admin:
        yield database, admin
    drop(server, database)


def rows(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in text.splitlines()
        if line.startswith("| `")
    ]


def part(text: str, title: str) -> str:
    found = re.search(rf"^## [^\n]*{title}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


def read_page(text: str) -> tuple[set[tuple[str, str, str, str]], set[tuple[str, str]]]:
    """Take the page at its word: (table, role, verb, column or '*') and (function, role)."""
    columns: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for name, letter, roles, listed in rows(part(text, "Columns to write")):
        for role in roles.split(", "):
            columns[name.strip("`"), role, letter] = re.findall(r"`(\w+)`", listed)
    rights: set[tuple[str, str, str, str]] = set()
    schema = ""
    for line in part(text, "Tables and views").splitlines():
        if line.startswith("### "):
            schema = line.removeprefix("### ")
        if not line.startswith("| `"):
            continue
        first, _, *cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        name = f"{schema}.{first.split('`')[1]}"
        assert len(cells) == len(ROLES)
        for role, cell in zip(ROLES, cells, strict=True):
            for letter, star in re.findall(r"([riud])(\*?)", cell):
                for column in columns[name, role, letter] if star else ["*"]:
                    rights.add((name, role, VERBS[letter], column))
    functions: set[tuple[str, str]] = set()
    for line in part(text, "Functions").splitlines():
        if line.startswith("### "):
            schema = line.removeprefix("### ")
        if line.startswith("| `"):
            first, *cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            name = f"{schema}.{first.split('`')[1]}"
            functions |= {
                (name, role) for role, cell in zip(ROLES, cells, strict=True) if cell == "●"
            }
    return rights, functions


def granted(admin: sql.Connection) -> tuple[set[tuple[str, str, str, str]], set[tuple[str, str]]]:
    """The same from the access lists themselves, with what comes by `daicho_staff` and `public`."""
    found = admin.execute(
        """
        with access as (
            select class.oid, null::name as column_name, acl.grantee, lower(acl.privilege_type) as verb
            from pg_class as class, aclexplode(class.relacl) as acl
            union all
            select attribute.attrelid, attribute.attname, acl.grantee, lower(acl.privilege_type)
            from pg_attribute as attribute, aclexplode(attribute.attacl) as acl
            where not attribute.attisdropped
        )
        select class.relnamespace::regnamespace || '.' || class.relname as name, member.rolname as role, access.verb,
            coalesce(access.column_name::text, '*') as column_name
        from access
        join pg_class as class on class.oid = access.oid and class.relkind in ('r', 'v', 'm', 'p')
        join pg_roles as member on access.grantee = 0 or pg_has_role(member.oid, access.grantee, 'usage')
        where class.relnamespace::regnamespace::text = any(%s) and member.rolname = any(%s)
            and access.verb in ('select', 'insert', 'update', 'delete')
        """,
        [list(SCHEMAS), [f"daicho_{role}" for role in ROLES]],
    ).fetchall()
    rights = {
        (row.name, row.role.removeprefix("daicho_"), row.verb, row.column_name) for row in found
    }
    whole = {row[:3] for row in rights if row[3] == "*"}
    rights = {row for row in rights if row[3] == "*" or row[:3] not in whole}
    found = admin.execute(
        """
        select function.pronamespace::regnamespace || '.' || function.proname || '(' || pg_get_function_identity_arguments(function.oid) || ')' as name,
            member.rolname as role
        from pg_proc as function
        cross join aclexplode(coalesce(function.proacl, acldefault('f', function.proowner))) as acl
        join pg_roles as member on acl.grantee = 0 or pg_has_role(member.oid, acl.grantee, 'usage')
        where function.pronamespace::regnamespace::text = any(%s) and member.rolname = any(%s)
        """,
        [list(SCHEMAS), [f"daicho_{role}" for role in ROLES]],
    ).fetchall()
    return rights, {(row.name, row.role.removeprefix("daicho_")) for row in found}


def test_the_page_is_what_the_database_grants(fresh):
    _, admin = fresh
    page_rights, page_functions = read_page(PAGE.read_text(encoding="utf-8"))
    rights, functions = granted(admin)
    assert page_rights == rights
    assert page_functions == functions
    assert len(rights) > 300
    assert len(functions) > 100


@pytest.mark.parametrize(
    "statement",
    [
        "grant select on transit.message to daicho_analyst",
        "grant update (total) on sales.sales_order to daicho_support",
        "grant select (email) on customer.customer_party to daicho_analyst",
        "revoke select on report.sales_order from daicho_warehouse",
        "grant execute on function customer.forget(bigint) to daicho_support",
        "revoke execute on function stock.stock_adjust(bigint, bigint, integer, text, text) from daicho_warehouse",
        "grant daicho_accounting to daicho_web with inherit true",
        "create table sales.planted (one integer); grant select on sales.planted to daicho_owner",
    ],
)
def test_a_right_that_is_not_on_the_page_is_found(fresh, statement):
    _, admin = fresh
    page = read_page(PAGE.read_text(encoding="utf-8"))
    with admin.transaction(force_rollback=True):
        admin.execute(statement)
        assert granted(admin) != page


def test_generated_pages_are_not_stale(fresh, tmp_path: Path):
    database, admin = fresh
    pages = written(database.admin, "daicho_", list(PAGES))
    assert stale(pages) == []
    admin.execute("create table sales.planted (planted_id bigint primary key)")
    try:
        assert stale(written(database.admin, "daicho_", list(PAGES))) == ["rights", "schema"]
    finally:
        admin.execute("drop table sales.planted")


def test_every_table_and_function_is_on_the_page(fresh):
    _, admin = fresh
    text = PAGE.read_text(encoding="utf-8")
    names = {
        row[0]
        for row in admin.execute(
            "select relname from pg_class where relnamespace::regnamespace::text = any(%s) and relkind in ('r', 'v')",
            [list(SCHEMAS)],
        ).fetchall()
    }
    assert len(names) > 80
    assert [name for name in names if f"`{name}`" not in text] == []
