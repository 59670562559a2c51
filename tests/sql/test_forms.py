"""Templates of a shop's own: versions stay, only what was tried comes into force, the way back is open."""

from concurrent.futures import ThreadPoolExecutor

import pytest

import sql
from sql.errors import DatabaseError, NotAllowed

KIND = "delivery_note"


@pytest.fixture
def shop(house):
    return house.shops["one"]


@pytest.fixture
def web(fresh_database, admin):
    """The web's own connection, as it notes what came of a trial."""
    account = admin.execute(
        "insert into staff.account (login_name, display_name, staff_role, sees_all_shops, sees_all_warehouses)"
        " values ('tries', 'tries', 'manager', true, true) returning account_id"
    ).fetchone()[0]
    with sql.connect(fresh_database.web, account_id=account) as connection:
        yield connection


def save(person, shop, body, kind=KIND):
    return sql.value(person, "document.form_template_save", shop, kind, body)


def tried(web, number, *, is_sound=True, place=(None, None)):
    sql.call(web, "document.form_trial_note", number, is_sound, *place, None)


def held(connection, shop, kind=KIND):
    found = sql.call(connection, "document.forms_in_force", kind, [shop])
    return [(row.shop_id, row.version_no, row.body) for row in found]


def test_versions_are_counted_and_never_changed(admin, shop, staff):
    manager = staff("manager")
    first, second = save(manager, shop, "one\r\ntwo"), save(manager, shop, "three")
    assert save(manager, shop, "three") == second
    assert save(staff("owner"), shop, "x", "picking_list") not in (first, second)
    rows = admin.execute(
        "select version_no, body, saved_by is not null from document.form_template"
        " where document_kind = %s order by version_no",
        [KIND],
    ).fetchall()
    assert [tuple(row) for row in rows] == [(1, "one\ntwo", True), (2, "three", True)]
    for table in ("form_template", "form_trial", "form_choice"):
        with pytest.raises(Exception, match="is a ledger"):
            admin.execute(f"delete from document.{table}")


def test_only_what_was_tried_and_could_be_set_comes_into_force(admin, shop, staff, web):
    manager = staff("manager")
    number = save(manager, shop, "#nothing")
    for is_tried in (False, True):
        if is_tried:
            tried(web, number, is_sound=False, place=(1, 2))
        with pytest.raises(DatabaseError) as refused:
            sql.call(manager, "document.form_template_take", number)
        assert refused.value.sqlstate == "DC010"
        assert held(manager, shop) == []
    good = save(manager, shop, "good")
    tried(web, good)
    sql.call(manager, "document.form_template_take", good)
    assert held(manager, shop) == [(shop, 2, "good")]
    # A version that went wrong since cannot be taken again
    sql.call(manager, "document.form_standard_take", shop, KIND)
    tried(web, good, is_sound=False, place=(3, 1))
    with pytest.raises(DatabaseError):
        sql.call(manager, "document.form_template_take", good)
    with pytest.raises(Exception, match="cannot be taken into force"):
        admin.execute(
            "insert into document.form_choice (shop_id, document_kind, form_template_id) values (%s, %s, %s)",
            [shop, KIND, number],
        )


def test_the_way_back_to_an_earlier_version_and_to_the_standard(admin, house, shop, staff, web):
    manager = staff("manager")
    first, second = save(manager, shop, "first"), save(manager, shop, "second")
    for number in (first, second):
        tried(web, number)
        sql.call(manager, "document.form_template_take", number)
    assert held(manager, shop) == [(shop, 2, "second")]
    sql.call(manager, "document.form_template_take", first)
    sql.call(manager, "document.form_template_take", first)
    assert held(manager, shop) == [(shop, 1, "first")]
    sql.call(manager, "document.form_standard_take", shop, KIND)
    sql.call(manager, "document.form_standard_take", shop, KIND)
    assert held(manager, shop) == []
    assert admin.execute("select count(*) from document.form_choice").fetchone()[0] == 4
    other = save(manager, house.shops["two"], "other")
    tried(web, other)
    sql.call(manager, "document.form_template_take", other)
    everybody = sql.call(staff("order_desk"), "document.forms_in_force", KIND, None)
    assert [row.shop_id for row in everybody] == [house.shops["two"]]
    assert admin.execute("select count(*) from report.check_form").fetchone()[0] == 0


def test_what_came_into_force_untried_is_found(admin, shop, staff):
    number = save(staff("manager"), shop, "untried")
    admin.execute("alter table document.form_choice disable trigger tg_200_check_choice")
    admin.execute(
        "insert into document.form_choice (shop_id, document_kind, form_template_id) values (%s, %s, %s)",
        [shop, KIND, number],
    )
    found = admin.execute("select shop_id, form_template_id from report.check_form").fetchall()
    assert [tuple(row) for row in found] == [(shop, number)]


def test_owner_and_manager_alone_change_templates_and_nobody_claims_a_trial(shop, staff, web):
    number = save(staff("manager"), shop, "x")
    for role in ("order_desk", "support", "warehouse", "accounting", "analyst"):
        with pytest.raises(NotAllowed):
            save(staff(role), shop, "y")
        with pytest.raises(NotAllowed):
            sql.call(staff(role), "document.form_standard_take", shop, KIND)
    for role in ("owner", "manager"):
        with pytest.raises(NotAllowed):
            tried(staff(role), number)
        with pytest.raises(Exception, match="permission denied"):
            staff(role).execute(
                "insert into document.form_trial (form_template_id, is_sound) values (%s, true)",
                [number],
            )


def test_a_shop_out_of_scope_is_as_if_it_were_not_there(admin, shop, staff, web):
    manager = staff("manager")
    number = save(manager, shop, "x")
    tried(web, number)
    admin.execute(
        "update staff.account set sees_all_shops = false where login_name in ('manager', 'tries')"
    )
    for refused in (
        lambda: save(manager, shop, "y"),
        lambda: sql.call(manager, "document.form_template_take", number),
        lambda: sql.call(manager, "document.form_standard_take", shop, KIND),
        lambda: tried(web, number),
    ):
        with pytest.raises(DatabaseError) as error:
            refused()
        assert error.value.sqlstate == "DC404"
    assert manager.execute("select count(*) from document.form_template").fetchone()[0] == 0


@pytest.mark.parametrize(
    ("kind", "body", "state"),
    [
        ("picking_total", "x", "DC404"),
        ("invoice_of_somebody", "x", "DC404"),
        (KIND, "", "23514"),
        (KIND, "x" * 100_001, "23514"),
        (KIND, "bell \a", "23514"),
    ],
)
def test_what_is_no_template_is_refused(shop, staff, kind, body, state):
    with pytest.raises(DatabaseError) as refused:
        save(staff("manager"), shop, body, kind)
    assert refused.value.sqlstate == state


def test_two_who_save_at_once_get_two_versions(fresh_database, admin, shop, staff):
    staff("manager")
    account = admin.execute(
        "select account_id from staff.account where login_name = 'manager'"
    ).fetchone()[0]

    def one(number):
        with sql.connect(fresh_database.web, account_id=account) as web:
            web.execute("set role daicho_manager")
            return save(web, shop, f"body {number}")

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(one, range(8)))) == 8
    found = admin.execute(
        "select array_agg(version_no order by version_no) from document.form_template"
    )
    assert found.fetchone()[0] == list(range(1, 9))
