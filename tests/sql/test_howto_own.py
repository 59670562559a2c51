"""The how-to on own columns says what works: its SQL runs, in its order, as whom it says."""

import re

from config import PROJECT

PAGE = PROJECT / "docs" / "howto" / "add-a-column-of-your-own.md"


def test_every_statement_of_the_page_runs(admin, staff):
    blocks = re.findall(
        r"```sql\n-- as (\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert [role for role, _ in blocks] == ["owner", "schema", "analyst"]
    for role, text in blocks:
        if role == "schema":
            admin.execute("set role daicho_schema")
            admin.execute(text)
            admin.execute("reset role")
        else:
            staff(role).execute(text)
    staff("merchandiser").execute("insert into own.fair (fair_name) values ('x')")
    found = admin.execute(
        "select count(*) from staff.audit_log where table_name = 'own.fair'"
    ).fetchone()
    assert found == (1,)
