"""An account's own SQL login sees what its role may, and nothing once it is taken away."""

from base64 import b64decode
from hashlib import sha256

import pytest

import sql
from scripts.servers.urls import url_for
from sql.logins import link_make, login_end, login_make, verifier_of


def test_a_person_reads_by_their_own_login_until_it_ends(server, fresh_database):
    with sql.connect(fresh_database.admin) as admin:
        admin.execute(
            "insert into staff.account (login_name, display_name, staff_role, sees_all_shops,"
            " sees_all_warehouses) values ('hanako', '花子', 'analyst', true, true)"
        )
    login, password = login_make(fresh_database.admin, "hanako")
    url = url_for(fresh_database.admin, login, password, fresh_database.name)
    with sql.connect(url) as hanako:
        assert sql.value(hanako, "access.staff_role") == "analyst"
        assert hanako.execute("select count(*) from report.sales_order").fetchall()
        with pytest.raises(sql.errors.NotAllowed), sql.errors.translated():
            hanako.execute("select buyer_name from sales.sales_order_party")
    again, renewed = login_make(fresh_database.admin, "hanako")
    assert again == login
    assert renewed != password
    with pytest.raises(sql.errors.DatabaseError):
        sql.connect(url)
    assert login_end(fresh_database.admin, "hanako") is True
    assert login_end(fresh_database.admin, "hanako") is False
    with pytest.raises(sql.errors.DatabaseError):
        sql.connect(url_for(fresh_database.admin, login, renewed, fresh_database.name))


def test_who_gets_no_login_is_named(server, fresh_database):
    with sql.connect(fresh_database.admin) as admin:
        admin.execute(
            "insert into staff.account (login_name, display_name, staff_role, ended_at) values ('gone', '去', 'analyst', now())"
        )
    with pytest.raises(sql.errors.WrongState, match="system is Daicho's own account"):
        login_make(fresh_database.admin, "system")
    with pytest.raises(sql.errors.NotThere, match="The account gone has ended"):
        login_make(fresh_database.admin, "gone")


def test_a_stranger_gets_no_login(server, fresh_database):
    with pytest.raises(sql.errors.NotThere, match="nobody"):
        login_make(fresh_database.admin, "nobody")


def test_the_server_lets_an_owner_in_again_who_lost_everything(fresh_database):
    with sql.connect(fresh_database.admin) as admin:
        admin.execute(
            """
            with login as (
                insert into staff.ab_user (first_name, last_name, username, password, email)
                values ('', '', 'lost', '!', 'lost@localhost') returning id
            ), account as (
                insert into staff.account (login_name, display_name, staff_role, user_id)
                select 'lost', 'lost', 'owner', id from login returning account_id
            )
            insert into staff.second_factor (account_id, secret, confirmed_at) select account_id, '', now() from account
            """
        )
        first, second = (link_make(fresh_database.admin, "lost") for _ in range(2))
        assert admin.execute("select count(*) from staff.second_factor").fetchone() == (0,)
        taken = [
            sql.call(admin, "staff.link_take", sha256(key.encode()).hexdigest(), "hash", "ja")
            for key in (first, second, second)
        ]
        assert [len(rows) for rows in taken] == [0, 1, 0]
    with pytest.raises(sql.errors.NotThere):
        link_make(fresh_database.admin, "system")


def test_a_verifier_is_the_one_that_postgresql_makes(db):
    """The server itself computes it from the password: the same salt gives the same text."""
    db.execute("create role daicho_login_verifier login password 'a word of ASCII'")
    (kept,) = db.execute(
        "select rolpassword from pg_authid where rolname = 'daicho_login_verifier'"
    ).fetchone()
    salt = b64decode(kept.split("$")[1].split(":")[1])
    assert verifier_of("a word of ASCII", salt) == kept
