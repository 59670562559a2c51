"""Inviting, links, the second factor, leaving: who comes in, and that nobody else does."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest
import structlog
from flask import Flask

import sql
from app import factor
from app.people import digest
from scripts.servers.urls import url_for
from tests.app.shopfront import Person, a_person, another_address

GOOD = "a long word of my own 1"
SHOWN = re.compile(r'<strong class="code">(.*?)</strong>')
LINK = re.compile(r"/welcome/[\w-]+")


def account_id(admin: Any, login: str) -> int:
    return admin.execute(
        "select account_id from staff.account where login_name = %s", [login]
    ).fetchone()[0]


def invite(owner: Person, login: str, role: str = "support", **more: Any) -> Any:
    given = {"login_name": login, "display_name": login, "staff_role": role, "days": "7"}
    return owner.post(
        "/people/new", given | {"sees_all_shops": "1", "sees_all_warehouses": "1"} | more
    )


def link_of(answer: Any) -> str:
    found = LINK.search(SHOWN.search(answer.text)[1])
    assert found, answer.text
    return found[0]


def set_by(person: Person, link: str, password: str = GOOD, **more: Any) -> Any:
    assert person.get(link).headers["Location"] == "/welcome/"
    token = re.search(r'name="csrf_token" value="([^"]+)"', person.get("/welcome/").text)
    if not token:
        return person.get("/welcome/")
    given = {"csrf_token": token[1], "new": password, "again": password, "locale": "en"}
    return person.client.post("/welcome/", data=given | more)


def test_what_a_new_person_sees_is_chosen_and_never_more(owner: Person, admin: Any) -> None:
    page = owner.get("/people/new").text
    assert " checked" not in page
    assert '<option value="" selected' not in page.partition('name="staff_role"')[2]
    assert page.partition('name="staff_role"')[2].partition("<option")[2].startswith(' value=""')
    for more, said in (
        ({"sees_all_shops": ""}, "見る範囲を選んでください"),
        ({"shop_ids": "1"}, "どちらかだけを選んでください"),
        ({"staff_role": ""}, "必ず入れてください"),
    ):
        answer = invite(owner, "unsaid", **more)
        assert answer.status_code == 422
        assert said in answer.text
    assert not admin.execute("select from staff.account where login_name = 'unsaid'").fetchone()


def test_characters_that_cannot_be_kept_are_refused_in_words(owner: Person, admin: Any) -> None:
    number = account_id(admin, "owner")
    for address, given in (
        (f"/people/{number}/change", {"display_name": "a\x00b", "staff_role": "owner"}),
        (f"/people/{number}/change", {"display_name": "a", "staff_role": "owner\x00"}),
        ("/people/new", {"login_name": "nul", "display_name": "a\u202eb", "staff_role": "support", "sees_all_shops": "1", "sees_all_warehouses": "1"}),
        ("/me/tokens", {"token_name": "a", "staff_role": "owner\x00", "days": "30"}),
        ("/me/tokens", {"token_name": "a\x00", "staff_role": "owner", "days": "30"}),
        ("/catalog/sku/edit/111", {"sku_name": "a\u202eb"}),
        ("/catalog/sku/edit/111", {"sku_name": "a\x07b"}),
    ):  # fmt: skip
        answer = owner.post(address, given)
        assert answer.status_code in (409, 422), (address, given)
        assert "使えない文字" in answer.text, (address, given)


@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_only_who_may_invite_sees_the_people(
    role: str, signed_in: Callable[[str], Person], admin: Any
) -> None:
    person, owner = signed_in(role), account_id(admin, "owner")
    for address in ("/people/", "/people/new", f"/people/{owner}/"):
        assert person.get(address).status_code == 403, address
    for deed in ("change", "link", "unlock", "end", "return", "factor", "sql-login", "sign-out"):
        assert person.post(f"/people/{owner}/{deed}").status_code == 403, deed
    assert invite(person, "mine", "owner").status_code == 403


def test_an_invited_person_sets_a_password_and_comes_in(
    owner: Person, app: Flask, admin: Any
) -> None:
    link = link_of(invite(owner, "hanako"))
    guest = Person(app)
    assert guest.sign_in("hanako", "").status_code == 401
    page = guest.get(link, follow_redirects=True)
    assert "hanako" in page.text
    assert link.rpartition("/")[2] not in page.text
    # Looking at it does not use it; a weak word neither
    assert set_by(Person(app), link, "short").status_code == 422
    assert set_by(Person(app), link, again="other").status_code == 422
    assert set_by(guest, link).status_code == 302
    assert guest.sign_in("hanako", GOOD).status_code == 302
    assert "Sign out" in guest.get("/").text
    for again in (guest, Person(app)):
        answer = set_by(again, link, "another long word 22")
        assert answer.status_code == 410
    assert guest.get("/").status_code == 200
    kept = admin.execute("select link_digest from staff.account_link").fetchall()
    assert all(link.rpartition("/")[2] not in row[0] for row in kept)


def test_links_that_are_late_withdrawn_replaced_or_forged_open_nothing(
    owner: Person, app: Flask, admin: Any
) -> None:
    link = link_of(invite(owner, "late"))
    number = account_id(admin, "late")
    again = link_of(owner.post(f"/people/{number}/link", {"days": "1"}))
    assert set_by(Person(app), link).status_code == 410
    owner.post(f"/people/{number}/withdraw")
    assert set_by(Person(app), again).status_code == 410
    third = link_of(owner.post(f"/people/{number}/link", {"days": "1"}))
    admin.execute(
        "update staff.account_link set made_at = now() - interval '2 days', ends_at = now() - interval '1 second'"
        " where account_id = %s",
        [number],
    )
    assert set_by(Person(app), third).status_code == 410
    for forged in ("/welcome/x", "/welcome/" + "a" * 43, "/welcome/" + "a" * 5000, "/welcome/%00"):
        assert set_by(Person(app), forged).status_code == 410
    assert owner.post(f"/people/{number}/link", {"days": "400"}).status_code == 422
    owner.post(f"/people/{number}/end")
    assert owner.post(f"/people/{number}/link", {"days": "1"}).status_code == 422


@pytest.mark.parametrize("ends", ["commit", "rollback"])
def test_of_two_who_take_one_link_at_once_one_has_it(
    owner: Person, app: Flask, house: Any, admin: Any, ends: str
) -> None:
    key = link_of(invite(owner, f"raced.{ends}")).rpartition("/")[2]
    take = "select account_id from staff.link_take(%s, 'kept', 'ja')"
    with (
        sql.connect(house.web) as first,
        sql.connect(house.web) as second,
        ThreadPoolExecutor(1) as aside,
    ):
        first.execute("begin")
        assert first.execute(take, [digest(key)]).fetchall() == [
            (account_id(admin, f"raced.{ends}"),)
        ]
        other = aside.submit(lambda: second.execute(take, [digest(key)]).fetchall())
        with pytest.raises(TimeoutError):
            other.result(timeout=0.5)
        first.execute(ends)
        # Whoever waited has it only when the first let go of it
        assert len(other.result(timeout=10)) == (1 if ends == "rollback" else 0)


def test_a_reset_ends_what_was_open(owner: Person, app: Flask, admin: Any) -> None:
    login, password = a_person(app, "forgot.it")
    person = Person(app)
    person.sign_in(login, password)
    link = link_of(owner.post(f"/people/{account_id(admin, login)}/link", {"days": "1"}))
    assert person.get("/").status_code == 200
    assert set_by(Person(app), link).status_code == 302
    assert person.get("/").status_code == 302
    assert Person(app).sign_in(login, password).status_code == 401
    assert Person(app).sign_in(login, GOOD).status_code == 302


def test_what_is_wrong_with_an_invitation_is_said_at_the_field(owner: Person) -> None:
    assert invite(owner, "twice").status_code == 200
    for given, said in (
        ({"login": "twice"}, "同じログイン名"),
        ({"login": "Big Letters"}, "英小文字"),
        ({"login": "king1", "role": "king"}, "権限があります"),
        ({"login": "king2", "role": "system"}, "システム"),
    ):
        answer = invite(owner, given["login"], given.get("role", "support"))
        assert answer.status_code == 422, given
        assert any(
            said in text for text in re.findall(r'class="err"[^>]*>(.*?)</p>', answer.text)
        ), given
    assert owner.post("/people/new", {"login_name": ""}).status_code == 422


def test_a_lock_is_shown_and_opened(owner: Person, app: Flask, admin: Any) -> None:
    login, password = a_person(app, "clumsy")
    for _ in range(5):
        assert Person(app).sign_in(login, "wrong").status_code == 401
    assert Person(app).sign_in(login, password).status_code == 401
    page = owner.get(f"/people/{account_id(admin, login)}/").text
    assert "閉鎖中" in page
    assert owner.post(f"/people/{account_id(admin, login)}/unlock").status_code == 302
    assert Person(app).sign_in(login, password).status_code == 302


def test_a_change_is_kept_and_the_second_of_two_is_told(
    owner: Person, app: Flask, admin: Any
) -> None:
    login, _ = a_person(app, "mover")
    number = account_id(admin, login)
    given = {"version": "1", "display_name": "動", "staff_role": "analyst", "sees_all_shops": "1"}
    assert owner.post(f"/people/{number}/change", given).status_code == 302
    row = admin.execute(
        "select staff_role::text, sees_all_shops, sees_all_warehouses from staff.account where account_id = %s",
        [number],
    ).fetchone()
    assert tuple(row) == ("analyst", True, False)
    answer = owner.post(f"/people/{number}/change", given)
    assert answer.status_code == 409
    assert "ほかの人が" in answer.text
    who = admin.execute(
        "select account_id from staff.audit_log where table_name = 'staff.account' and row_key = %s"
        " order by audit_log_id desc limit 1",
        [sql.Json({"account_id": number})],
    ).fetchone()
    assert who[0] == account_id(admin, "owner")


def secret_of(person: Person, password: str) -> str:
    page = person.post("/me/second-factor", {"password": password}).text
    assert "<svg" in page
    assert "style=" not in re.search(r"<svg.*?</svg>", page, re.DOTALL)[0]
    return re.search(r'class="code">([A-Z2-7]{32})<', page)[1]


def code_of(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(time.time() + 30 * steps)


def with_factor(app: Flask, login: str, role: str = "order_desk") -> tuple[str, str, list[str]]:
    """Somebody with a second factor: their password, its secret and the recovery codes."""
    _, password = a_person(app, login, role)
    person = Person(app)
    person.sign_in(login, password)
    secret = secret_of(person, password)
    answer = person.post("/me/second-factor", {"code": code_of(secret, -1)})
    codes = re.findall(r"<strong>([a-z0-9-]{19})</strong>", answer.text)
    assert len(codes) == factor.RECOVERY_CODES
    return password, secret, codes


def test_a_second_factor_is_asked_for_and_each_code_works_once(app: Flask, admin: Any) -> None:
    password, secret, codes = with_factor(app, "twice1")
    person = Person(app)
    answer = person.sign_in("twice1", password)
    assert answer.headers["Location"] == "/login/code/"
    # The password alone opens nothing
    assert person.get("/").status_code == 302
    assert person.post("/login/code/", {"code": "000000"}).status_code == 401
    # The code that confirmed it was of the step before: it and older ones are used up
    assert person.post("/login/code/", {"code": code_of(secret, -1)}).status_code == 401
    said = code_of(secret)
    assert person.post("/login/code/", {"code": f" {said[:3]} {said[3:]} "}).status_code == 302
    assert person.get("/").status_code == 200
    other = Person(app)
    other.sign_in("twice1", password)
    assert other.post("/login/code/", {"code": said}).status_code == 401
    assert other.post("/login/code/", {"code": codes[0].upper()}).status_code == 302
    third = Person(app)
    third.sign_in("twice1", password)
    assert third.post("/login/code/", {"code": codes[0]}).status_code == 401
    assert third.post("/login/code/", {"code": ""}).status_code == 401
    row = admin.execute(
        "select secret from staff.second_factor as factor join staff.account using (account_id) where login_name = 'twice1'"
    ).fetchone()
    assert secret.encode() not in bytes(row[0])


def test_nobody_comes_to_the_code_without_the_password(app: Flask) -> None:
    with_factor(app, "twice2")
    person = Person(app)
    assert person.get("/login/code/").headers["Location"] == "/login/"
    person.sign_in("twice2", "wrong")
    assert person.post("/login/code/", {"code": "123456"}).headers["Location"] == "/login/"


def test_wrong_codes_lock_the_login_and_a_right_password_does_not_forgive(app: Flask) -> None:
    password, secret, _ = with_factor(app, "twice3")
    for _ in range(5):
        person = Person(app)
        assert person.sign_in("twice3", password).status_code == 302
        assert person.post("/login/code/", {"code": "000000"}).status_code == 401
    person = Person(app)
    assert person.sign_in("twice3", password).status_code == 401
    begun = Person(app)
    begun.sign_in("twice3", password)
    assert begun.post("/login/code/", {"code": code_of(secret)}).status_code != 200
    assert begun.get("/").status_code == 302


def test_a_password_alone_fetches_no_api_token_either(app: Flask) -> None:
    password, _, _ = with_factor(app, "twice4")
    answer = app.test_client().post(
        "/api/v1/security/login",
        json={"username": "twice4", "password": password, "provider": "db"},
        environ_base={"REMOTE_ADDR": another_address()},
    )
    assert answer.status_code == 401


def test_two_of_one_code_at_the_same_moment(app: Flask, admin: Any) -> None:
    _, secret, _ = with_factor(app, "twice5")
    number = account_id(admin, "twice5")
    now, code = time.time(), code_of(secret)
    with app.app_context():
        plain, vault = app.extensions["sessions"].plain(), app.extensions["vault"]
        taken = [factor.check(plain, vault, number, code, now) for _ in range(2)]
        assert taken == [True, False]
        # Later, within the same window, it stays used
        assert not factor.check(plain, vault, number, code, now + 29)


def test_the_owner_resets_a_lost_one(owner: Person, app: Flask, admin: Any) -> None:
    password, _, codes = with_factor(app, "twice6")
    assert owner.post(f"/people/{account_id(admin, 'twice6')}/factor").status_code == 302
    person = Person(app)
    assert person.sign_in("twice6", password).headers["Location"] == "/"
    left = admin.execute(
        "select count(*) from staff.recovery_code join staff.account using (account_id) where login_name = 'twice6'"
    ).fetchone()
    assert (left[0], len(codes)) == (0, 10)


def test_it_is_taken_off_with_the_password_alone(app: Flask) -> None:
    password, secret, _ = with_factor(app, "twice7")
    person = Person(app)
    person.sign_in("twice7", password)
    person.post("/login/code/", {"code": code_of(secret)})
    assert person.post("/me/second-factor/end", {"password": "wrong"}).status_code == 422
    assert person.post("/me/second-factor/codes", {"password": "wrong"}).status_code == 422
    fresh = person.post("/me/second-factor/codes", {"password": password}).text
    assert len(re.findall(r"<strong>([a-z0-9-]{19})</strong>", fresh)) == 10
    assert person.post("/me/second-factor/end", {"password": password}).status_code == 302
    assert Person(app).sign_in("twice7", password).headers["Location"] == "/"


@pytest.fixture
def needing(owner: Person) -> Iterator[str]:
    """A role that needs a second factor meanwhile."""
    assert owner.post("/roles/purchasing/second-factor", {"needed": "1"}).status_code == 302
    yield "purchasing"
    assert owner.post("/roles/purchasing/second-factor", {"needed": "0"}).status_code == 302


def test_who_needs_one_does_nothing_before_they_have_it(app: Flask, needing: str) -> None:
    login, password = a_person(app, "buyer1", needing)
    person = Person(app)
    person.sign_in(login, password)
    for address in ("/", "/catalog/product/list/", "/roles/", "/people/"):
        assert person.get(address).headers["Location"] == "/me/", address
    assert person.client.get("/lookup/catalog/product").status_code == 403
    assert person.post("/me/tokens", {"token_name": "x", "days": "7"}).headers["Location"] == "/me/"
    secret = secret_of(person, password)
    assert person.post("/me/second-factor", {"code": "000000"}).status_code == 422
    assert person.post("/me/second-factor", {"code": code_of(secret)}).status_code == 200
    assert person.get("/catalog/product/list/").status_code == 200
    assert person.post("/me/second-factor/end", {"password": password}).status_code == 422


def test_ones_own_sessions_are_listed_and_ended(app: Flask) -> None:
    login, password = a_person(app, "many")
    here, there, third = Person(app), Person(app), Person(app)
    for person, agent in ((here, "Here/1"), (there, "There/2 <b>"), (third, "Third/3")):
        person.client.environ_base["HTTP_USER_AGENT"] = agent
        person.sign_in(login, password)
    page = here.get("/me/").text
    assert "There/2 &lt;b&gt;" in page
    other = a_person(app, "stranger")
    stranger = Person(app)
    stranger.sign_in(*other)
    number = re.search(r"/me/sessions/(\d+)/end", page)[1]
    stranger.post(f"/me/sessions/{number}/end")
    assert {there.get("/").status_code, third.get("/").status_code} == {200}
    here.post(f"/me/sessions/{number}/end")
    assert sorted([there.get("/").status_code, third.get("/").status_code]) == [200, 302]
    here.post("/me/sessions/end")
    assert {there.get("/").status_code, third.get("/").status_code} == {302}
    assert here.get("/").status_code == 200


def test_who_leaves_is_shut_out_everywhere_at_once(
    owner: Person, app: Flask, admin: Any, house: Any
) -> None:
    login, password = a_person(app, "leaving", "manager")
    number = account_id(admin, login)
    person = Person(app)
    person.sign_in(login, password)
    made = person.post("/me/tokens", {"token_name": "till", "days": "30", "staff_role": "manager"})
    header = {"Authorization": f"Bearer {SHOWN.search(made.text)[1]}"}
    api = "/api/v1/catalog/product/"
    assert app.test_client().get(api, headers=header).status_code == 200
    page = owner.post(f"/people/{number}/sql-login").text
    user, word = re.search(r'class="code">(daicho_login_\w+)<', page)[1], SHOWN.search(page)[1]
    address = url_for(house.admin, user, word, house.name)
    with sql.connect(address) as there:
        there.execute("select count(*) from sales.sales_order")
        assert owner.post(f"/people/{number}/end").status_code == 302
        with pytest.raises(sql.errors.DatabaseError), sql.transaction(there):
            there.execute("select 1")
    with pytest.raises(sql.errors.DatabaseError):
        sql.connect(address)
    assert person.get("/").status_code == 302
    assert app.test_client().get(api, headers=header).status_code == 401
    assert Person(app).sign_in(login, password).status_code == 401
    # Back again: the old password is gone, and so are the keys
    owner.post(f"/people/{number}/return")
    assert Person(app).sign_in(login, password).status_code == 401
    assert app.test_client().get(api, headers=header).status_code == 401
    link = link_of(owner.post(f"/people/{number}/link", {"days": "1"}))
    assert set_by(Person(app), link).status_code == 302
    assert Person(app).sign_in(login, GOOD).status_code == 302


def test_a_renewed_sql_login_has_another_password_and_goes_when_taken(
    owner: Person, app: Flask, admin: Any, house: Any
) -> None:
    login, _ = a_person(app, "reader.of-bi", "analyst")
    number = account_id(admin, login)
    words = []
    for _ in range(2):
        page = owner.post(f"/people/{number}/sql-login").text
        words.append(SHOWN.search(page)[1])
    user = re.search(r'class="code">(daicho_login_\w+)<', page)[1]
    assert words[1] not in owner.get(f"/people/{number}/").text
    with pytest.raises(sql.errors.DatabaseError):
        sql.connect(url_for(house.admin, user, words[0], house.name))
    with sql.connect(url_for(house.admin, user, words[1], house.name)) as there:
        assert sql.value(there, "access.staff_role") == "analyst"
    assert owner.post(f"/people/{number}/sql-login-end").status_code == 302
    assert admin.execute("select count(*) from pg_roles where rolname = %s", [user]).fetchone() == (
        0,
    )


def test_no_key_code_or_password_stands_in_the_log(owner: Person, app: Flask, admin: Any) -> None:
    with structlog.testing.capture_logs() as log:
        link = link_of(invite(owner, "quiet"))
        set_by(Person(app), link)
        person = Person(app)
        person.sign_in("quiet", "wrong word")
        person.sign_in("quiet", GOOD)
        secret = secret_of(person, GOOD)
        codes = person.post("/me/second-factor", {"code": code_of(secret, -1)}).text
        token = SHOWN.search(
            person.post(
                "/me/tokens", {"token_name": "t", "days": "7", "staff_role": "support"}
            ).text
        )[1]
        app.test_client().get(
            "/api/v1/catalog/product/", headers={"Authorization": f"Bearer {token}x"}
        )
        owner.post(f"/people/{account_id(admin, 'quiet')}/sql-login")
        owner.post(f"/people/{account_id(admin, 'quiet')}/end")
    said = str(log)
    assert "password_set_by_link" in said
    hidden = [
        link.rpartition("/")[2],
        GOOD,
        "wrong word",
        secret,
        token,
        *re.findall(r"<strong>([a-z0-9-]{19})<", codes),
    ]
    assert [one for one in hidden if one in said] == []
