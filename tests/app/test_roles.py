"""The pages of roles: read from the grants, changed with a preview, and never beyond what one holds."""

import itertools
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.desk.roles.matrix import changes, grants_said
from tests.app.shopfront import ROLES, Person, a_person

_serial = itertools.count()
NOTE = "update:sales.sales_order_party:staff_note"


@pytest.fixture
def code(admin: Any) -> Iterator[str]:
    name = f"page{os.getpid()}_{next(_serial)}"
    yield name
    for (role,) in admin.execute(
        "select rolname from pg_roles where rolname like %s", [f"daicho\\_own\\_{name}%"]
    ).fetchall():
        admin.execute(f"drop owned by {role}")
        admin.execute(f"drop role {role}")
    admin.execute("update staff.staff_role set ended_at = now() where is_own and ended_at is null")


def make(person: Person, code: str, copied_from: str = "order_desk") -> Any:
    given = {"staff_role": code, "label": f"夜番{code} | Night {code}", "purpose": "夜 | Night"}
    return person.post("/roles/", given | {"copied_from": copied_from})


def test_a_name_with_characters_that_cannot_be_kept_is_refused(owner: Person, code: str) -> None:
    made = make(owner, code)
    assert made.status_code == 302
    role = made.location.rstrip("/").rpartition("/")[2]
    answer = owner.post(f"/roles/{role}/name", {"label": "a\x00", "purpose": "b", "version": "1"})
    assert answer.status_code == 422
    assert "使えない文字" in answer.text


def boxes(page: str) -> list[str]:
    """The chosen boxes of the page's form, as a browser would send them."""
    return re.findall(r'name="grant" value="([^"]+)" checked', page)


def version_of(page: str) -> str:
    return re.findall(r'name="version" value="(\d+)"', page)[-1]


def test_everybody_reads_their_own_role_and_the_owner_all(
    signed_in: Callable[[str], Person],
) -> None:
    for role in ROLES:
        page = signed_in(role).get(f"/roles/{role}/")
        assert page.status_code == 200
        assert "SKU" in page.text
        assert signed_in("owner").get(f"/roles/{role}/").status_code == 200
    desk = signed_in("order_desk")
    assert desk.get("/roles/").headers["Location"] == "/roles/order_desk/"
    assert desk.get("/roles/owner/").status_code == 403
    assert signed_in("owner").get("/roles/king/").status_code == 404
    assert signed_in("owner").get("/roles/system/").status_code == 404
    assert (
        "社内メモ" in desk.get("/roles/order_desk/").text
        or "メモ" in desk.get("/roles/order_desk/").text
    )


def test_a_role_is_copied_changed_with_a_preview_and_given(
    owner: Person, app: Flask, admin: Any, code: str
) -> None:
    answer = make(owner, code)
    role = f"own_{code}"
    assert answer.headers["Location"] == f"/roles/{role}/"
    login = a_person(app, code, role)
    person = Person(app)
    person.sign_in(*login)
    assert person.get("/sales/payment/list/").status_code == 200
    page = owner.get(f"/roles/{role}/edit").text
    before = boxes(page)
    assert "select:sales.payment" in before
    assert NOTE in before
    after = [one for one in before if one not in ("select:sales.payment", NOTE)]
    after.append("select:catalog.sku_cost")
    given = {"version": version_of(page), "grant": after}
    preview = owner.post(f"/roles/{role}/edit", given)
    assert preview.status_code == 200
    assert preview.text.count("− 外す") == 2
    assert preview.text.count("＋ 与える") == 1
    # A preview does nothing
    assert person.get("/sales/payment/list/").status_code == 200
    assert owner.post(f"/roles/{role}/edit", given | {"confirm": "1"}).status_code == 302
    assert set(boxes(owner.get(f"/roles/{role}/edit").text)) == set(after)
    assert person.get("/sales/payment/list/").status_code == 403
    assert person.get("/catalog/sku_cost/list/").status_code == 200
    assert person.get(f"/roles/{role}/").status_code == 200
    # The page that somebody else had open is too old
    late = owner.post(f"/roles/{role}/edit", given | {"confirm": "1"})
    assert late.status_code == 409
    assert "ほかの人が" in late.text
    by = admin.execute(
        "select count(*) from staff.audit_log where table_name = 'staff.role_grant' and change::text like %s"
        " and account_id = (select account_id from staff.account where login_name = 'owner')",
        ["%sku_cost%"],
    ).fetchone()
    assert by[0] >= 1


@pytest.mark.parametrize(
    "forged",
    ["select:staff.ab_user", "update:sales.sales_order:total", "execute:sales.orders_accept", "delete:sales.sales_order",
     "select:nowhere.nothing", "select:sales.sales_order'; drop table x; --"],
)  # fmt: skip
def test_a_forged_box_gives_nothing(owner: Person, admin: Any, code: str, forged: str) -> None:
    make(owner, code)
    page = owner.get(f"/roles/own_{code}/edit").text
    given = {"version": version_of(page), "grant": [*boxes(page), forged], "confirm": "1"}
    answer = owner.post(f"/roles/own_{code}/edit", given)
    assert answer.status_code == 403
    assert "自分にない権限" in answer.text
    held = admin.execute("select object_name, verb from access.role_grants(%s)", [f"own_{code}"])
    assert tuple(forged.split(":")[::-1][-2:]) not in {tuple(row) for row in held.fetchall()}


def test_roles_are_made_and_changed_by_who_may(
    signed_in: Callable[[str], Person], owner: Person, code: str
) -> None:
    make(owner, code)
    for role in ("manager", "order_desk"):
        person = signed_in(role)
        assert make(person, f"{code}_x").status_code in (302, 403)
        assert person.get(f"/roles/own_{code}/edit").status_code == 403
        for deed in ("edit", "name", "end", "second-factor"):
            assert person.post(f"/roles/own_{code}/{deed}").status_code == 403, deed
    assert owner.get(f"/roles/own_{code}_x/").status_code == 404
    # Those that came with Daicho, and one's own, have no form
    for role in ("order_desk", "owner"):
        assert owner.get(f"/roles/{role}/edit").status_code == 403
        assert (
            owner.post(f"/roles/{role}/edit", {"confirm": "1", "version": "1"}).status_code == 403
        )
        assert owner.post(f"/roles/{role}/end", {"version": "1"}).status_code == 404


def test_a_role_that_makes_people_gives_no_more_than_it_holds(
    owner: Person, app: Flask, admin: Any, code: str
) -> None:
    make(owner, code, "owner")
    role = f"own_{code}"
    page = owner.get(f"/roles/{role}/edit").text
    kept = [one for one in boxes(page) if ":staff." in one]
    given = {"version": version_of(page), "grant": kept, "confirm": "1"}
    assert owner.post(f"/roles/{role}/edit", given).status_code == 302
    keeper = Person(app)
    keeper.sign_in(*a_person(app, code, role))
    offered = keeper.get("/people/new").text
    assert f'value="{role}"' in offered
    assert 'value="owner"' not in offered
    invited = {
        "login_name": f"{code}.x",
        "display_name": "x",
        "sees_all_shops": "1",
        "sees_all_warehouses": "1",
    }
    answer = keeper.post("/people/new", invited | {"staff_role": "owner"})
    assert answer.status_code == 422
    me = admin.execute(
        "select account_id from staff.account where login_name = 'owner'"
    ).fetchone()[0]
    for deed in (
        "link",
        "end",
        "unlock",
        "factor",
        "sql-login",
        "sql-login-end",
        "sign-out",
        "withdraw",
    ):
        answer = keeper.post(f"/people/{me}/{deed}", {"days": "1"})
        assert answer.status_code == 403, deed
        assert "/welcome/" not in answer.text
    assert keeper.get(f"/roles/{role}/edit").status_code == 403
    assert make(keeper, f"{code}_y", "manager").status_code == 422


def test_names_are_changed_and_an_unused_role_ends(
    owner: Person, app: Flask, admin: Any, code: str
) -> None:
    make(owner, code)
    role = f"own_{code}"
    wrong = make(owner, code)
    assert wrong.status_code == 422
    assert make(owner, "Big Code").status_code == 422
    assert make(owner, "").status_code == 422
    version = version_of(owner.get(f"/roles/{role}/").text)
    named = {"version": version, "label": "朝番<b> | Morning", "purpose": "朝 | Morning"}
    assert owner.post(f"/roles/{role}/name", named).status_code == 302
    assert "朝番&lt;b&gt;" in owner.get("/roles/").text
    login, _ = a_person(app, code, role)
    version = version_of(owner.get(f"/roles/{role}/").text)
    assert owner.post(f"/roles/{role}/end", {"version": version}).status_code == 422
    admin.execute("update staff.account set ended_at = now() where login_name = %s", [login])
    assert owner.post(f"/roles/{role}/end", {"version": version}).status_code == 302
    assert admin.execute(
        "select count(*) from pg_roles where rolname = %s", [f"daicho_{role}"]
    ).fetchone() == (0,)
    assert owner.get(f"/roles/{role}/").status_code == 200


def test_differences_are_said_by_column(app: Flask) -> None:
    with app.test_request_context():
        catalog = app.extensions["generations"].refresh().catalog
        before = grants_said(
            [
                "select:sales.hold",
                "update:sales.hold_rule:is_on",
                "update:sales.hold_rule:rule_name",
            ]
        )
        after = grants_said(
            [
                "update:sales.hold_rule:is_on",
                "update:sales.hold_rule",
                "delete:sales.gone",
                "nonsense",
            ]
        )
        found = [(one.added, one.verb, len(one.columns)) for one in changes(catalog, before, after)]
        assert found == [
            (True, "delete", 0),
            (False, "select", 0),
            (False, "update", 2),
            (True, "update", 0),
        ]
        assert changes(catalog, before, before) == []
