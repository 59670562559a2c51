"""Nobody reaches past themselves: not to a shop's secrets, other shops' jobs, the queue of all, or another's change."""

import psycopg
import pytest

import sql
from sql.errors import DaichoError, DatabaseError, NotThere
from tests.rights.people import person

OPEN_MAX = 20
JOBS = {"run_checks": "slow", "refresh_holds": "slow", "accept_messages": "orders"}


def ask(connection, lane, job, arguments):
    with sql.transaction(connection):
        return sql.value(connection, "transit.job_ask", lane, job, sql.Json(arguments))


def with_secret(admin, shop_id):
    admin.execute(
        "insert into channel.shop_secret (shop_id, secret_name, ciphertext) values (%s, 'license_key', 'x')"
        " on conflict do nothing",
        (shop_id,),
    )


def secrets(admin, shop_id):
    return admin.execute(
        "select count(*) from channel.shop_secret where shop_id = %s", (shop_id,)
    ).fetchone()[0]


def readdress(connection, shop_id, url):
    with sql.transaction(connection):
        connection.execute(
            "update channel.shop set settings = settings || jsonb_build_object('base_url', %s::text) where shop_id = %s",
            (url, shop_id),
        )


def test_a_manager_moves_no_shop_to_another_address(own_house):
    database, admin, _, world = own_house
    shop_id = world.own["shop_id"]
    with_secret(admin, shop_id)
    with person(admin, database.admin, world, "manager") as login:
        with pytest.raises(DatabaseError):
            readdress(login, shop_id, "https://elsewhere.example")
        login.execute(
            "update channel.shop set shop_name = '新しい名' where shop_id = %s", (shop_id,)
        )
    assert secrets(admin, shop_id) == 1


def test_another_address_is_not_given_what_was_kept(own_house):
    database, admin, _, world = own_house
    shop_id, other_id = world.own["shop_id"], world.other["shop_id"]
    readdress(admin, shop_id, "https://shop.example")
    for one in (shop_id, other_id):
        with_secret(admin, one)
    with person(admin, database.admin, world, "owner") as login:
        login.execute(
            'update channel.shop set settings = settings || \'{"client_id": "x"}\' where shop_id = %s',
            (shop_id,),
        )
        readdress(login, shop_id, "https://shop.example")
        assert secrets(admin, shop_id) == 1
        readdress(login, shop_id, "https://elsewhere.example")
    assert secrets(admin, shop_id) == 0
    assert secrets(admin, other_id) == 1


@pytest.mark.parametrize("role", ["owner", "manager", "order_desk"])
def test_a_job_is_asked_for_in_one_s_own_shops_alone(own_house, role):
    database, admin, _, world = own_house
    with person(admin, database.admin, world, role) as login:
        for lane, job in (
            ("orders", "pull_orders"),
            ("slow", "compare_stock"),
            ("slow", "check_shop"),
            ("orders", "accept_messages"),
        ):
            for shop in (world.other["shop_id"], 999_999, str(world.own["shop_id"]), None):
                with pytest.raises(NotThere):
                    ask(login, lane, job, {"shop_id": shop})
            assert ask(login, lane, job, {"shop_id": world.own["shop_id"]}) > 0
        with pytest.raises(NotThere):
            ask(login, "orders", "pull_orders", {})
        asked = admin.execute(
            "select distinct arguments ->> 'shop_id' as shop_id from transit.job_request where requested_by = %s",
            (sql.value(login, "access.account_id"),),
        ).fetchall()
    assert [row.shop_id for row in asked] == [str(world.own["shop_id"])]


@pytest.mark.parametrize(
    ("lane", "job"),
    [
        ("slow", "rewrap_keys"),
        ("slow", "keep_retention"),
        ("now", "echo"),
        ("long", "export_rows"),
        ("long", "import_orders"),
        ("now", "run_checks"),
        ("push", "pull_orders"),
        (None, "run_checks"),
        ("slow", None),
    ],
)
def test_the_house_s_own_jobs_are_not_asked_for(own_house, lane, job):
    database, admin, _, world = own_house
    with person(admin, database.admin, world, "owner") as login, pytest.raises(DaichoError) as no:
        ask(login, lane, job, {"shop_id": world.own["shop_id"]})
    assert no.value.code == "DC403"


def test_nobody_fills_the_queue(own_house):
    database, admin, worker, world = own_house
    with (
        person(admin, database.admin, world, "order_desk") as login,
        person(admin, database.admin, world, "owner") as other,
    ):
        for _ in range(OPEN_MAX):
            ask(login, "slow", "run_checks", {})
        with pytest.raises(DaichoError) as no:
            ask(login, "slow", "run_checks", {})
        assert no.value.code == "DC010"
        assert ask(other, "slow", "run_checks", {}) > 0
        with pytest.raises(DaichoError):
            ask(other, "slow", "run_checks", {"much": "x" * 1000})
        admin.execute(
            "update transit.job_request set done_at = now() where requested_by = %s",
            (sql.value(login, "access.account_id"),),
        )
        assert ask(login, "slow", "run_checks", {}) > 0
    # The programs are not people
    for _ in range(OPEN_MAX + 1):
        assert ask(worker, "slow", "rewrap_keys", {}) > 0


def test_one_lane_that_is_full_keeps_no_other_waiting(own_house):
    _, _, worker, _ = own_house
    for _ in range(5):
        ask(worker, "slow", "run_checks", {})
    ask(worker, "now", "echo", {})
    ask(worker, "orders", "accept_messages", {})
    found = [row.lane for row in sql.rows(worker, "jobs_due", limit=2)]
    assert found == ["now", "orders", "slow", "slow"]


def test_a_number_set_by_the_caller_enters_no_other_change(own_house):
    database, admin, _, world = own_house
    shop_id = world.own["shop_id"]
    rename = "update channel.shop set shop_name = %s where shop_id = %s"
    last = "select change_no, account_id from staff.audit_log order by audit_log_id desc limit 1"
    with (
        person(admin, database.admin, world, "owner") as first,
        person(admin, database.admin, world, "manager") as second,
    ):
        first.execute(rename, ("一", shop_id))
        theirs = admin.execute(last).fetchone()
        with sql.transaction(second):
            second.execute(f"set local daicho.change_no = '{theirs.change_no}'")
            second.execute(rename, ("二", shop_id))
        mine = admin.execute(last).fetchone()
        assert mine.account_id != theirs.account_id
        assert mine.change_no != theirs.change_no
        with sql.transaction(second):
            begun = sql.value(second, "staff.change_begin", theirs.change_no)
            second.execute(rename, ("三", shop_id))
        assert begun != theirs.change_no
        assert admin.execute(last).fetchone().change_no == begun
        # One's own goes on, and a number taken in advance is passed by
        with sql.transaction(second):
            assert sql.value(second, "staff.change_begin", begun) == begun
            second.execute(rename, ("四", shop_id))
        assert admin.execute(last).fetchone().change_no == begun
        with sql.transaction(second):
            second.execute(f"set local daicho.change_no = '{begun + 1}'")
            second.execute(rename, ("五", shop_id))
        assert admin.execute(last).fetchone().change_no == begun + 1
        first.execute(rename, ("六", shop_id))
        assert admin.execute(last).fetchone().change_no > begun + 1


def test_a_scope_key_is_told_of_oneself_alone(own_house):
    database, admin, worker, world = own_house
    with (
        person(admin, database.admin, world, "owner") as other,
        person(admin, database.admin, world, "support") as login,
    ):
        mine, theirs = (sql.value(one, "access.account_id") for one in (login, other))
        assert sql.value(login, "access.scope_key", mine).startswith("support ")
        assert sql.value(login, "access.scope_key", theirs) is None
        found = {row.account_id for row in sql.call(worker, "access.count_scopes", 1000)}
        assert {mine, theirs} <= found


@pytest.mark.parametrize(
    "statement",
    [
        "select lo_create(0)",
        "select lo_from_bytea(0, 'x')",
        "select lo_creat(-1)",
        "select lo_get(1)",
        "select lo_put(1, 0, 'x')",
        "select lo_unlink(1)",
        "select lo_export(1, '/tmp/planted')",
    ],
)
def test_nobody_keeps_large_objects(arranged, statement):
    database, admin, world = arranged
    with (
        person(admin, database.admin, world, "owner") as login,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        login.execute(statement)
