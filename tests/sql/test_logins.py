"""An account's own SQL login sees what its role may, and nothing once it is taken away."""

import pytest

import sql
from scripts.servers.urls import url_for
from sql.logins import login_end, login_make


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


def test_a_stranger_gets_no_login(server, fresh_database):
    with pytest.raises(sql.errors.NotThere, match="nobody"):
        login_make(fresh_database.admin, "nobody")
