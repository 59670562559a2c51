"""What is backed up comes back, and nothing goes out until a person says so."""

import subprocess
import sys

import pytest

import sql
from config import PROJECT, Settings
from scripts.commands import restore
from scripts.servers.place import make_place
from scripts.servers.state import State, refuse_if_gone
from scripts.servers.together import loaded, servers
from scripts.servers.urls import database_for
from tests.ledger.shop import BUYER, Draft, accept, build, order_id

GIVEN = Settings.from_environment(environment={})


def command(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"scripts.commands.{name}", *map(str, arguments)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def held(connection: sql.Connection) -> set[bool]:
    return {row.is_on for row in connection.execute("select is_on from transit.outgoing")}


def names(admin: sql.Connection) -> set[str]:
    return {row.datname for row in admin.execute("select datname from pg_database")}


@pytest.fixture(scope="module")
def data(module_folder):
    with loaded(module_folder / "data") as up, sql.connect(up.settings.database_url) as admin:
        admin.execute("create table own.remembered as select '覚え書き' as note")
        admin.execute("update transit.outgoing set is_on = true")
    return module_folder / "data"


def test_a_backup_comes_back_with_everything_outgoing_held(data, tmp_path):
    file = tmp_path / "shop.dump"
    done = command("backup", "--data", data, file)
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o077 == 0
    with servers(data, given=GIVEN) as up, sql.connect(up.settings.database_url) as admin:
        admin.execute("delete from own.remembered")
    done = command("restore", "--data", data, file)
    assert done.returncode == 0, done.stderr
    with servers(data, given=GIVEN) as up:
        with sql.connect(up.settings.database_url) as admin:
            assert admin.execute("select note from own.remembered").fetchall() == [("覚え書き",)]
            assert held(admin) == {False}
            (kept,) = admin.execute(
                "select max(datname) from pg_database where datname like 'daicho\\_before\\_2%'"
            ).fetchone()
        with sql.connect(database_for(up.admin_url, kept)) as before:
            assert before.execute("select count(*) from own.remembered").fetchone() == (0,)
        for url in (up.settings.web_database_url, up.settings.worker_database_url):
            with sql.connect(url) as connection:
                assert connection.execute("select current_database()").fetchone() == ("daicho",)


def test_a_backup_with_a_role_of_the_shops_own_comes_back_on_a_server_without_it(data, tmp_path):
    file = tmp_path / "shop.dump"
    with servers(data, given=GIVEN) as up, sql.connect(up.settings.database_url) as admin:
        admin.execute(
            "insert into staff.staff_role (staff_role, label, purpose, is_own) values ('own_night', '夜番 | Night', '夜 | Night', true)"
        )
        admin.execute("insert into staff.role_grant values ('own_night', 'sales.hold', 'select')")
        sql.call(admin, "access.roles_apply")
    assert command("backup", "--data", data, file).returncode == 0
    with servers(data, given=GIVEN) as up, sql.connect(up.settings.database_url) as admin:
        admin.execute("drop owned by daicho_own_night")
        admin.execute("drop role daicho_own_night")
    done = command("restore", "--data", data, "--into", "elsewhere", file)
    assert done.returncode == 0, done.stderr
    with servers(data, given=GIVEN) as up:
        with sql.connect(database_for(up.admin_url, "elsewhere")) as copy:
            assert [row[0] for row in sql.call(copy, "access.role_grants", "own_night")] == [
                "sales.hold"
            ]
        with sql.connect(up.admin_url) as admin:
            admin.execute("drop database elsewhere")
        with sql.connect(up.settings.database_url) as admin:
            admin.execute("delete from staff.role_grant")
            admin.execute("delete from staff.staff_role where is_own")
            admin.execute("drop role daicho_own_night")


def test_a_backup_can_be_looked_at_beside_the_present_database(data, tmp_path):
    file = tmp_path / "shop.dump"
    assert command("backup", "--data", data, file).returncode == 0
    done = command("restore", "--data", data, "--into", "looked_at", file)
    assert done.returncode == 0, done.stderr
    with servers(data, given=GIVEN) as up:
        with sql.connect(database_for(up.admin_url, "looked_at")) as copy:
            assert held(copy) == {False}
        with sql.connect(up.admin_url) as admin:
            admin.execute("drop database looked_at")


def test_a_restore_takes_its_place_whole_or_not_at_all(data):
    with servers(data, given=GIVEN) as up, sql.connect(up.admin_url) as admin:
        before = names(admin)
        # The second rename fails: there is nothing to put in place
        with pytest.raises(sql.errors.DatabaseError):
            restore._put_in_place(up, "daicho_restoring", "daicho", "daicho_before_x")
        assert names(admin) == before
        assert "daicho" in before


def test_an_empty_house_is_not_opened_where_one_is_gone(data):
    state = State(make_place(data))
    state.note(owner="made", demo="empty")
    with servers(data, given=GIVEN) as up, sql.connect(up.admin_url) as admin:
        admin.execute("alter database daicho rename to daicho_before_x")
    try:
        for name, arguments in (
            ("run", ("--check", "--empty")),
            ("login", ("nobody", "--end")),
        ):
            done = command(name, "--data", data, *arguments)
            assert done.returncode == 1, (name, done.stdout)
            assert "The database daicho is gone" in done.stderr
            assert "daicho_before_x" in done.stderr
            assert "scripts/restore" in done.stderr
        with servers(data, given=GIVEN) as up, sql.connect(up.admin_url) as admin:
            assert "daicho" not in names(admin)
    finally:
        back = "alter database daicho_before_x rename to daicho"
        done = command("sql", "--data", data, "--role", "super", "-d", "postgres", "-c", back)
        assert done.returncode == 0, done.stderr
    with servers(data, given=GIVEN) as up, sql.connect(up.settings.database_url) as admin:
        refuse_if_gone(up.place, up.admin_url, "daicho")
        assert admin.execute("select count(*) from transit.outgoing").fetchone() != (0,)


def test_whom_the_present_database_has_forgotten_a_restore_forgets_again(data, tmp_path):
    file = tmp_path / "shop.dump"
    buyers = "select buyer_name from sales.sales_order_party order by sales_order_id"
    with (
        servers(data, given=GIVEN) as up,
        sql.connect(up.settings.database_url) as admin,
        sql.connect(up.settings.worker_database_url, account_id=1) as worker,
    ):
        house = build(admin)
        party = (("buyer", BUYER), ("recipient", BUYER))
        accept(worker, house, Draft(no="1", lines=(("a", 1),), more=party))
        accept(worker, house, Draft(no="2", lines=(("a", 1),), more=party))
        assert command("backup", "--data", data, file).returncode == 0
        sql.call(worker, "customer.forget", order_id(worker, house, "1"))
        assert admin.execute(buyers).fetchall() == [(None,), (BUYER["name"],)]
    done = command("restore", "--data", data, file)
    assert done.returncode == 0, done.stderr
    assert "1 orders whose person was forgotten after" in done.stderr + done.stdout
    with servers(data, given=GIVEN) as up, sql.connect(up.settings.database_url) as admin:
        assert admin.execute(buyers).fetchall() == [(None,), (BUYER["name"],)]


def test_a_file_that_is_no_backup_changes_nothing(data, tmp_path):
    file = tmp_path / "shop.dump"
    file.write_bytes(b"PGDMP\x01\x02 torn")
    done = command("restore", "--data", data, file)
    assert done.returncode == 1
    assert "the present database is as it was" in done.stderr
    assert "Traceback" not in done.stderr
    with servers(data, given=GIVEN) as up:
        with sql.connect(up.settings.database_url) as admin:
            assert admin.execute("select to_regclass('own.remembered')").fetchone() != (None,)
        with sql.connect(up.admin_url) as admin:
            left = admin.execute("select 1 from pg_database where datname like '%restoring'")
            assert left.fetchall() == []


@pytest.mark.parametrize(
    ("arguments", "english"),
    [(["missing.dump"], "There is no backup"), (["--into", "x; drop", __file__], "no name for a")],
)
def test_a_wrong_wish_is_a_sentence(data, arguments, english):
    done = command("restore", "--data", data, *arguments)
    assert done.returncode == 1
    assert english in done.stderr


def test_a_backup_does_not_write_over_another(data, tmp_path):
    file = tmp_path / "shop.dump"
    file.write_text("precious")
    done = command("backup", "--data", data, file)
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert file.read_text() == "precious"


def test_sql_speaks_as_the_role_that_is_asked_for(data):
    asked = ["-Atc", "select current_user, session_user, access.account_id()"]
    assert command("sql", "--data", data, "--role", "worker", *asked).stdout == (
        "daicho_worker|daicho_worker|1\n"
    )
    done = command("sql", "--data", data, "--role", "daicho_analyst", *asked)
    assert done.returncode == 1
    assert "No account has the role analyst yet" in done.stderr
    assert (
        command("sql", "--data", data, "--role", "super", "-c", "select nonsense").returncode == 1
    )
