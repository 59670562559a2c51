"""Holes made on purpose: the check view, or the people who try, must find each."""

import pytest

from tests.ledger.shop import findings
from tests.rights.people import called, leaked, others_rows, person, seen, written

# name: statements, whether the check view sees it, whether somebody of the role gets through
HOLES: dict[str, tuple[str, bool, str]] = {
    "a view that runs as its owner": (
        "alter view report.sales_order_buyer reset (security_invoker)", True, "warehouse"
    ),
    "a policy to everybody": (
        "create policy planted on sales.sales_order to public using (true)", True, "warehouse"
    ),
    "a policy that is true": (
        "create policy planted on channel.listing to daicho_staff using (true)", True, "merchandiser"
    ),
    "a table without its policy": (
        "alter table sales.sales_order_party disable row level security", True, "order_desk"
    ),
    "a table for everybody": ("grant select on transit.data_key to public", True, ""),
    "a column for everybody": (
        "grant select (buyer_name) on sales.sales_order_party to public", True, ""
    ),
    "a function for everybody": (
        "create function sales.planted() returns integer language sql set search_path = '' return 1", True, ""
    ),
    "a function with an open search_path": (
        "alter function sales.order_cancel(bigint, text) reset search_path", True, ""
    ),
    "a function of the administrator": (
        "alter function sales.order_cancel(bigint, text) owner to daicho_super", True, ""
    ),
    "a function of the tables' owner": (
        "alter function sales.order_cancel(bigint, text) owner to daicho_schema", True, ""
    ),
    "a function of the tables' owner that forgot the scope": (
        """
        create function sales.planted(p_sales_order_id bigint) returns void language plpgsql security definer set search_path = ''
        as $$ begin update sales.sales_order set delivery_time_slot = 'planted' where sales_order_id = p_sales_order_id; end $$;
        revoke all on function sales.planted(bigint) from public;
        alter function sales.planted(bigint) owner to daicho_schema;
        grant execute on function sales.planted(bigint) to daicho_analyst
        """, True, "analyst",
    ),
    "a stored copy of a view": (
        """
        create materialized view report.planted as select * from report.sales_order_buyer;
        grant select on report.planted to daicho_analyst
        """, True, "analyst",
    ),
    "a predicate that believes a setting": (
        """
        create or replace function access.shop_ids() returns bigint[] language sql stable security definer set search_path = ''
        as $$ select array_agg(shop_id) from channel.shop where current_setting('daicho.account_id', true) is distinct from '0' $$
        """, False, "merchandiser",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOLES)
def test_the_hole_is_found(own_house, name):
    database, admin, _, world = own_house
    statement, is_checked, role = HOLES[name]
    assert findings(admin) == {}
    untouched = others_rows(admin, world)
    admin.execute(statement)
    assert ("check_access" in findings(admin)) == is_checked
    if not role:
        return
    with person(admin, database.admin, world, role) as login:
        found = leaked(seen(login), world) + called(login, world) + written(login, world)
    assert found != [] or others_rows(admin, world) != untouched


def test_a_function_that_forgot_the_scope_is_bound_by_the_policies(own_house):
    """The second wall: a function of the role that owns no table sees what its caller may see."""
    database, admin, _, world = own_house
    untouched = others_rows(admin, world)
    admin.execute(HOLES["a function of the tables' owner that forgot the scope"][0])
    admin.execute("grant create on schema sales to daicho_function")
    admin.execute("alter function sales.planted(bigint) owner to daicho_function")
    admin.execute("revoke create on schema sales from daicho_function")
    assert findings(admin) == {}
    with person(admin, database.admin, world, "analyst") as login:
        login.execute("select sales.planted(%s)", (world.other["sales_order_id"],))
        assert others_rows(admin, world) == untouched
        login.execute("select sales.planted(%s)", (world.own["sales_order_id"],))
    changed = admin.execute(
        "select delivery_time_slot from sales.sales_order where sales_order_id = %s",
        (world.own["sales_order_id"],),
    ).fetchone()
    assert changed[0] == "planted"
