"""A table that the administrator made by hand in `own`: the next load leaves it alone and goes through."""

from typing import Any

import sql
from sql.load import load


def test_a_table_of_the_administrator_outlives_a_load(server: Any, fresh_database: Any) -> None:
    prefix = server.settings.role_prefix
    with sql.connect(fresh_database.admin, autocommit=True) as admin:
        admin.execute(
            "create table own.remembered (remembered_id bigint generated always as identity primary key, said text)"
        )
        admin.execute("comment on table own.remembered is '覚え。 | Remembered.'")
        admin.execute(f"grant select, insert on own.remembered to {prefix}owner")
        admin.execute("insert into own.remembered (said) values ('一')")
        admin.execute("update base.version set digest = 'another'")
    load(
        server.admin_url,
        database=fresh_database.name,
        passwords=server.passwords,
        prefix=prefix,
    )
    with sql.connect(fresh_database.admin) as admin:
        assert admin.execute("select said from own.remembered").fetchall() == [("一",)]
        held = admin.execute(
            "select has_table_privilege(%s, 'own.remembered', 'insert')", [f"{prefix}owner"]
        ).fetchone()
        assert held == (True,)
