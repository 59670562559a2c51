"""The database that every test stands on is the one that a shop gets."""

import pytest

import sql


def test_japanese_trigrams_are_found(db):
    with db.transaction(force_rollback=True):
        db.execute("create extension if not exists pg_trgm with schema public")
        row = db.execute("select array_length(public.show_trgm('田中太郎'), 1)").fetchone()
    assert row[0] == 5


def test_a_clone_has_the_rights_of_its_template(server, template, fresh_database):
    with sql.connect(server.admin_url) as admin:
        rows = admin.execute(
            """
            select pg_get_userbyid(datdba), array(
                select format('%%s %%s', grantee::regrole, privilege_type)
                from aclexplode(coalesce(datacl, acldefault('d', datdba))) order by 1
            )
            from pg_database where datname = any(%s)
            """,
            [[template, fresh_database.name]],
        ).fetchall()
    assert len(rows) == 2
    assert rows[0] == rows[1]


@pytest.mark.parametrize("login", ["schema", "web", "worker"])
def test_a_login_enters_a_clone_and_is_no_superuser(fresh_database, login):
    with sql.connect(getattr(fresh_database, login)) as connection:
        row = connection.execute(
            "select session_user, rolsuper from pg_roles where rolname = session_user"
        ).fetchone()
    assert row == (f"daicho_{login}", False)


def test_a_wrong_password_is_refused(server, fresh_database):
    url = fresh_database.worker.replace(server.keys.worker, "wrong")
    assert url != fresh_database.worker
    with pytest.raises(sql.errors.DatabaseUnavailable):
        sql.connect(url)


def test_what_a_test_writes_is_rolled_back(db):
    db.execute("create table public.left_behind ()")


def test_nothing_is_left_behind(db):
    assert db.execute("select to_regclass('public.left_behind')").fetchone() == (None,)
