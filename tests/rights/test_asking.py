"""What a worker does as a person is what the person may do, at that moment, and nothing stays of it."""

import psycopg
import pytest

import sql
from sql.errors import DatabaseError, NotThere
from sql.load import STAFF_ROLES
from sync.asking import NobodyAsks, as_person
from tests.rights.people import leaked, person, readable, seen


def account_of(login):
    return sql.value(login, "access.account_id")


def seen_carefully(connection):
    """As `seen`, each relation in a savepoint: one that refuses must not end the transaction."""
    found = {}
    for name, columns in readable(connection):
        names = ", ".join(f'"{column}"' for column in columns)
        try:
            with sql.transaction(connection):
                rows = connection.execute(
                    f"select to_jsonb(one) as row from (select {names} from {name}) as one"
                ).fetchall()
        except DatabaseError:
            rows = []
        found[name] = sorted((row.row for row in rows), key=str)
    return found


@pytest.fixture
def worker_of(arranged):
    database, _, _ = arranged
    with sql.connect(database.worker, account_id=1) as connection:
        yield connection


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_a_worker_sees_as_a_person_what_the_person_sees(arranged, worker_of, role):
    database, admin, world = arranged
    with person(admin, database.admin, world, role) as login:
        own = {name: sorted(rows, key=str) for name, rows in seen(login).items()}
        with as_person(worker_of, account_of(login)) as who:
            assert who.staff_role == role
            found = seen_carefully(worker_of)
    assert leaked(found, world) == []
    assert found == own


def test_a_person_s_functions_keep_to_their_scope(arranged, worker_of):
    database, admin, world = arranged
    with person(admin, database.admin, world, "order_desk") as login:
        number = account_of(login)
        with pytest.raises(NotThere), as_person(worker_of, number):
            sql.call(worker_of, "sales.order_cancel", world.other["sales_order_id"], "buyer")
        with pytest.raises(DatabaseError), as_person(worker_of, number):
            sql.call(worker_of, "sales.holds_refresh", 1)


def test_nothing_of_the_person_stays(arranged, worker_of):
    database, admin, world = arranged
    with person(admin, database.admin, world, "warehouse") as login:
        number = account_of(login)
        with as_person(worker_of, number):
            assert sql.value(worker_of, "access.account_id") == number
        assert sql.value(worker_of, "access.account_id") == 1
        with pytest.raises(ZeroDivisionError), as_person(worker_of, number):
            raise ZeroDivisionError
        assert sql.value(worker_of, "access.account_id") == 1
        assert worker_of.execute("select current_user::text").fetchone()[0] == "daicho_worker"


def test_the_rights_of_now_decide(arranged, worker_of):
    database, admin, world = arranged
    with person(admin, database.admin, world, "manager") as login:
        number = account_of(login)
        with as_person(worker_of, number):
            worker_of.execute("select count(*) from catalog.sku_cost")
        admin.execute(
            "update staff.account set staff_role = 'warehouse' where account_id = %s", [number]
        )
        with (
            pytest.raises(DatabaseError),
            as_person(worker_of, number),
        ):
            worker_of.execute("select count(*) from catalog.sku_cost")


def test_a_token_s_lesser_role_is_all_there_is(arranged, worker_of):
    database, admin, world = arranged
    with person(admin, database.admin, world, "manager") as login:
        number = account_of(login)
        with as_person(worker_of, number, asked_as="support") as who:
            assert who.staff_role == "support"
            assert worker_of.execute("select current_user::text").fetchone()[0] == "daicho_support"
            with pytest.raises(DatabaseError), sql.transaction(worker_of):
                worker_of.execute("select count(*) from catalog.sku_cost")
        for more in ("owner", "system", "nothing"):
            with pytest.raises(NobodyAsks), as_person(worker_of, number, asked_as=more):
                pass


def test_who_has_left_is_refused(arranged, worker_of):
    database, admin, world = arranged
    with person(admin, database.admin, world, "owner", ended=True) as login:
        number = admin.execute(
            "select account_id from staff.account where sql_login = %s", [login.info.user]
        ).fetchone()[0]
        for nobody in (number, 999_999, 1):
            with pytest.raises(NobodyAsks), as_person(worker_of, nobody):
                worker_of.execute("select 1")


def test_an_open_transaction_is_refused(arranged, worker_of):
    with (
        pytest.raises(RuntimeError),
        sql.transaction(worker_of),
        as_person(worker_of, 1),
    ):
        pass


def test_the_worker_inherits_no_role(arranged, worker_of):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        worker_of.execute("update staff.retention_clock set keep = keep")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        worker_of.execute("select customer_name from customer.customer_party")
