"""API tokens: with one's own role or a lesser one, until they end; never with more."""

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app import tokens
from tests.app.shopfront import Person, a_person, another_address

SHOWN = re.compile(r'<strong class="code">(dct_[\w-]+)</strong>')
PRODUCTS = "/api/v1/catalog/product/"
COSTS = "/api/v1/catalog/sku_cost/"
_serial = itertools.count()


@pytest.fixture
def manager(app: Flask) -> Person:
    person = Person(app)
    person.sign_in(*a_person(app, f"token_manager{next(_serial)}", "manager"))
    return person


def made(person: Person, role: str = "manager", days: int = 30) -> dict[str, str]:
    answer = person.post("/me/tokens", {"token_name": "till", "days": days, "staff_role": role})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {SHOWN.search(answer.text)[1]}"}


def asks(app: Flask, address: str, header: dict[str, str], **more: Any) -> int:
    return (
        app.test_client()
        .get(address, headers=header, environ_base={"REMOTE_ADDR": another_address()}, **more)
        .status_code
    )


def test_a_token_does_what_its_role_may(app: Flask, manager: Person, admin: Any) -> None:
    own, lesser = made(manager), made(manager, "support")
    assert asks(app, PRODUCTS, own) == asks(app, COSTS, own) == 200
    assert asks(app, PRODUCTS, lesser) == 200
    assert asks(app, COSTS, lesser) == 403
    new = {"product_code": "by-token", "product_name": "札"}
    for header, status in ((lesser, 403), (own, 201)):
        answer = app.test_client().post(PRODUCTS, json=new, headers=header)
        assert answer.status_code == status, answer.text
    kept = admin.execute("select token_digest, last_used_at from staff.api_token").fetchall()
    assert all(own["Authorization"][7:] not in row[0] for row in kept)
    assert all(row[1] is not None for row in kept[-2:])
    # For the API alone: no page opens
    assert asks(app, "/catalog/product/list/", own) == 302
    assert asks(app, "/me/", own) == 302


def test_nobody_makes_a_token_greater_than_themselves(app: Flask, manager: Person) -> None:
    for role in ("owner", "system", "king", "", "owner'; --"):
        answer = manager.post("/me/tokens", {"token_name": "x", "days": 7, "staff_role": role})
        assert answer.status_code == 422, role
        assert not SHOWN.search(answer.text)
    for wrong in ({"days": 5000}, {"days": "x"}, {"token_name": ""}, {"token_name": "\x00"}):
        given = {"token_name": "x", "days": 7, "staff_role": "manager"} | wrong
        assert manager.post("/me/tokens", given).status_code == 422, wrong


def test_a_token_ends_by_hand_by_time_and_with_the_account(
    app: Flask, manager: Person, owner: Person, admin: Any
) -> None:
    header, late, last = made(manager), made(manager), made(manager)
    page = manager.get("/me/").text
    number = max(int(n) for n in re.findall(r"/me/tokens/(\d+)/end", page)) - 2
    stranger = Person(app)
    stranger.sign_in(*a_person(app, "token_thief", "owner"))
    stranger.post(f"/me/tokens/{number}/end")
    assert asks(app, PRODUCTS, header) == 200
    manager.post(f"/me/tokens/{number}/end")
    assert asks(app, PRODUCTS, header) == 401
    assert asks(app, PRODUCTS, late) == 200
    admin.execute(
        "update staff.api_token set made_at = now() - interval '2 days', ends_at = now() where api_token_id = %s",
        [number + 1],
    )
    assert asks(app, PRODUCTS, late) == 401
    assert asks(app, PRODUCTS, last) == 200
    account = admin.execute(
        "select account_id from staff.api_token where api_token_id = %s", [number]
    ).fetchone()[0]
    owner.post(f"/people/{account}/sign-out")
    assert asks(app, PRODUCTS, last) == 401


def test_a_token_is_no_more_than_what_its_account_has_become(
    app: Flask, manager: Person, owner: Person, admin: Any
) -> None:
    header, lesser = made(manager), made(manager, "support")
    account = admin.execute("select max(account_id) from staff.api_token").fetchone()[0]
    given = {
        "version": 1,
        "display_name": "x",
        "staff_role": "support",
        "sees_all_shops": "1",
        "sees_all_warehouses": "1",
    }
    assert owner.post(f"/people/{account}/change", given).status_code == 302
    assert asks(app, PRODUCTS, header) == 401
    assert asks(app, PRODUCTS, lesser) == 200


@pytest.mark.parametrize(
    "said", ["dct_", "dct_x", "dct_" + "a" * 5000, "dct_\u00e9", "dct_' or true --"]
)
def test_a_forged_token_opens_nothing(app: Flask, owner: Person, said: str) -> None:
    answer = owner.client.get(PRODUCTS, headers={"Authorization": f"Bearer {said}"})
    assert answer.status_code == 401


def test_requests_of_one_token_and_wrong_ones_of_one_address_are_counted(
    app: Flask, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "RATE", "3 per minute")
    monkeypatch.setattr(tokens, "FAILURE_RATE", "2 per minute")
    header = made(manager)
    assert [asks(app, PRODUCTS, header) for _ in range(4)] == [200, 200, 200, 429]
    wrong = {
        "headers": {"Authorization": "Bearer dct_wrong"},
        "environ_base": {"REMOTE_ADDR": another_address()},
    }
    got = [app.test_client().get(PRODUCTS, **wrong) for _ in range(3)]
    assert [one.status_code for one in got] == [401, 401, 429]
    assert got[2].is_json


def test_a_token_of_who_needs_a_second_factor_waits_for_it(
    app: Flask, owner: Person, signed_in: Callable[[str], Person]
) -> None:
    person = Person(app)
    person.sign_in(*a_person(app, "token_buyer", "purchasing"))
    header = made(person, "purchasing")
    assert asks(app, PRODUCTS, header) == 200
    owner.post("/roles/purchasing/second-factor", {"needed": "1"})
    try:
        assert asks(app, PRODUCTS, header) == 403
    finally:
        owner.post("/roles/purchasing/second-factor", {"needed": "0"})
    assert asks(app, PRODUCTS, header) == 200


@pytest.mark.parametrize("name", sorted(tokens.NEVER))
def test_a_token_makes_no_other_keys(app: Flask, owner: Person, admin: Any, name: str) -> None:
    """Else one that leaked could outlive its end."""
    header = made(owner, "owner", days=7)
    arguments = {
        "token_name": "x", "token_digest": "0" * 64, "staff_role": "owner", "ends_at": "2026-12-24T00:00:00Z",
        "account_id": 3, "link_digest": "0" * 64, "days": 3, "verifier": "x",
        "login_name": "backdoor", "display_name": "x", "password": "x", "sees_all_shops": True,
        "sees_all_warehouses": True, "shop_ids": [], "warehouse_ids": [],
    }  # fmt: skip
    function = app.extensions["generations"].refresh().catalog.functions[name]
    given = {
        argument.name: arguments[argument.name.removeprefix("p_")]
        for argument in function.arguments
    }
    given |= {key.removeprefix("p_"): value for key, value in given.items()}
    answer = app.test_client().post(f"/api/v1/call/{name}", json=given, headers=header)
    assert answer.status_code == 403
    assert "ほかの鍵" in answer.get_json()["message"]
    kept = "select count(*) from staff.api_token where token_digest = %(d)s union all select count(*) from staff.account_link where link_digest = %(d)s"
    assert {row[0] for row in admin.execute(kept, {"d": "0" * 64}).fetchall()} == {0}


def test_a_lesser_token_does_not_act_as_its_account(app: Flask, owner: Person, admin: Any) -> None:
    """The role in force decides what a function lets it do, not the role of who made the token."""
    header = made(owner, "support", days=7)
    for name in ("staff.account_end", "staff.role_make", "staff.role_grants_set"):
        answer = app.test_client().post(f"/api/v1/call/{name}", json={}, headers=header)
        assert answer.status_code == 403, name
