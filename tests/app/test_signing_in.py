"""Signing in, sessions, tokens and what a browser is told: nothing stolen or forged opens anything."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from structlog.testing import capture_logs

from app import people
from tests.app.shopfront import Person, a_person, another_address

WRITE = "/api/v1/catalog/product/"


def test_nobody_sees_anything_without_signing_in(nobody: Person) -> None:
    for address in (
        "/",
        "/catalog/product/list/",
        "/people/",
        "/password/",
        "/own/",
        "/roles/",
        "/jobs/",
        "/imports/",
    ):
        answer = nobody.get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].replace("%2F", "/").startswith("/login/?next=/"), address
    for address in (
        "/api/v1/catalog/product/",
        "/lookup/catalog/product",
        "/api/v1/_openapi?table=catalog.product",
    ):
        assert nobody.get(address).status_code == 401, address
    assert nobody.get("/healthz").status_code == 200
    assert nobody.get("/readyz").get_json()["ready"] is True


def test_a_session_is_new_at_each_sign_in_and_ends_at_sign_out(app: Flask) -> None:
    login, password = a_person(app, "leaver")
    person = Person(app)
    before = person.get("/login/").headers["Set-Cookie"]
    answer = person.sign_in(login, password, back="/catalog/product/list/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/catalog/product/list/"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.split(";")[0] != before.split(";")[0]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert person.get("/").status_code == 200
    stolen = cookie.split(";")[0]
    assert person.post("/logout/").status_code == 302
    thief = Person(app)
    assert thief.client.get("/", headers={"Cookie": stolen}).status_code == 302


def test_cookies_are_secure_behind_https(app: Flask) -> None:
    answer = Person(app).client.get("/login/", base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in answer.headers


def test_every_page_tells_the_browser_what_it_may_do(owner: Person) -> None:
    answer = owner.get("/catalog/product/list/")
    policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    assert "script-src 'self' 'nonce-" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    other = owner.get("/catalog/product/list/").headers["Content-Security-Policy"]
    assert nonce[1] not in other
    for address in (
        "/",
        "/catalog/product/list/",
        "/catalog/sku/add",
        "/sales/sales_order/list/",
        "/people/",
    ):
        page = owner.get(address).text
        assert not re.search(r"<[^>]+\son[a-z]+=", page), address
        assert not re.search(r"<[^>]+\sstyle=", page), address
        assert len(re.findall(r"<script", page)) == len(re.findall(r"<script[^>]+nonce=", page))


def test_a_form_without_its_token_changes_nothing(owner: Person, admin: Any) -> None:
    answer = owner.client.post(
        "/catalog/product/add", data={"product_code": "forged", "product_name": "x"}
    )
    assert answer.status_code == 400
    assert "古くなりました" in answer.text
    assert owner.client.post("/logout/").status_code == 400
    assert (
        owner.client.post(WRITE, json={"product_code": "forged", "product_name": "x"}).status_code
        == 400
    )
    assert (
        admin.execute("select from catalog.product where product_code = 'forged'").fetchone()
        is None
    )


def test_a_cookie_may_write_by_rest_with_the_token_of_its_page(owner: Person) -> None:
    token = owner.token()
    answer = owner.client.post(
        WRITE,
        json={"product_code": "by-cookie", "product_name": "x"},
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 201


def test_a_wrong_password_is_one_sentence_for_every_cause(app: Flask) -> None:
    login, _ = a_person(app, "forgetful")
    said = set()
    for name, password in (
        (login, "wrong"),
        ("nobody-at-all", "wrong"),
        (login, ""),
        ("", ""),
        ("x" * 5000, "y" * 5000),
        (login, "a\x00b"),
    ):
        answer = Person(app).sign_in(name, password)
        assert answer.status_code == 401, name[:20]
        said.update(re.findall(r'role="alert">(.*?)</p>', answer.text))
    assert len(said) <= 2


def test_failures_in_a_row_close_the_login(app: Flask, admin: Any) -> None:
    login, password = a_person(app, "guessed")
    for _ in range(people.LOCK_AFTER):
        assert Person(app).sign_in(login, "wrong").status_code == 401
    assert Person(app).sign_in(login, password).status_code == 401
    admin.execute("update staff.ab_user set locked_until = now() where username = %s", [login])
    assert Person(app).sign_in(login, password).status_code == 302


def test_many_attempts_from_one_address_are_slowed(app: Flask) -> None:
    person = Person(app)
    token = person.token()
    states = [
        person.client.post(
            "/login/", data={"username": f"u{n}", "password": "x", "csrf_token": token}
        ).status_code
        for n in range(25)
    ]
    assert states[0] == 401
    assert states[-1] == 429


def test_sessions_and_tokens_end_with_the_account(app: Flask, admin: Any) -> None:
    login, password = a_person(app, "retired")
    person = Person(app)
    person.sign_in(login, password)
    assert person.get("/").status_code == 200
    answer = person.client.post(
        "/api/v1/security/login", json={"username": login, "password": password, "provider": "db"}
    )
    header = {"Authorization": f"Bearer {answer.get_json()['access_token']}"}
    bare = app.test_client()
    assert bare.get("/api/v1/sales/sales_order/", headers=header).status_code == 200
    admin.execute("update staff.account set ended_at = now() where login_name = %s", [login])
    assert person.get("/").status_code == 302
    assert bare.get("/api/v1/sales/sales_order/", headers=header).status_code == 401
    assert Person(app).sign_in(login, password).status_code == 401


def test_a_new_password_ends_what_was_opened_with_the_old_one(app: Flask) -> None:
    login, password = a_person(app, "careful")
    here, there = Person(app), Person(app)
    here.sign_in(login, password)
    there.sign_in(login, password)
    weak = here.post("/password/", {"current": password, "new": "short", "again": "short"})
    assert weak.status_code == 422
    new = "a much longer password 7"
    assert here.post("/password/", {"current": "no", "new": new, "again": new}).status_code == 422
    assert (
        here.post("/password/", {"current": password, "new": new, "again": new}).status_code == 302
    )
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert Person(app).sign_in(login, new).status_code == 302


def _forged(token: str) -> list[str]:
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["sub"] = "1"
    other = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    return [
        f"{head}.{other}.{signature}",
        f"{none}.{body}.",
        f"{head}.{body}.{signature[:-4]}abcd",
        "x",
        "a.b.c",
        "",
    ]


def test_a_forged_token_is_refused(app: Flask, bearer: Callable[[str], dict[str, str]]) -> None:
    token = bearer("owner")["Authorization"].removeprefix("Bearer ")
    for forged in _forged(token):
        answer = app.test_client().get(
            "/api/v1/catalog/product/", headers={"Authorization": f"Bearer {forged}"}
        )
        assert answer.status_code == 401, forged
        assert "トークン" in answer.get_json()["message"]


def test_an_expired_or_ended_token_is_refused(
    app: Flask, bearer: Callable[[str], dict[str, str]], admin: Any
) -> None:
    header = bearer("manager")
    assert app.test_client().get("/api/v1/catalog/product/", headers=header).status_code == 200
    admin.execute("update staff.ab_web_session set ends_at = now() where kind = 'token'")
    assert app.test_client().get("/api/v1/catalog/product/", headers=header).status_code == 401


def test_a_token_speaks_alone_and_never_with_the_cookie(
    owner: Person, bearer: Callable[[str], dict[str, str]]
) -> None:
    header = bearer("analyst")
    assert (
        owner.client.post(
            WRITE, json={"product_code": "mixed", "product_name": "x"}, headers=header
        ).status_code
        == 403
    )
    broken = {"Authorization": "Bearer nonsense"}
    assert owner.client.get("/api/v1/catalog/product/", headers=broken).status_code == 401


def test_a_sign_in_never_leads_away(app: Flask, owner_login: tuple[str, str]) -> None:
    for target in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "///evil.example",
    ):
        answer = Person(app).sign_in(*owner_login, back=target)
        assert answer.status_code == 302
        # A path of this host; browsers read a backslash as a slash.
        assert re.fullmatch(r"/(?![/\\]).*", answer.headers["Location"]), target


def test_a_foreign_host_name_is_refused(app: Flask) -> None:
    assert app.test_client().get("/login/", base_url="http://evil.example").status_code == 400


def test_a_body_that_is_too_large_is_refused(
    owner: Person, bearer: Callable[[str], dict[str, str]]
) -> None:
    token = owner.token()
    answer = owner.client.post(
        "/catalog/product/add", data={"csrf_token": token, "product_name": "x" * 5_000_000}
    )
    assert answer.status_code == 413
    assert "大きすぎます" in answer.text
    answer = owner.client.post(
        WRITE,
        data=b'{"a":"' + b"x" * 5_000_000 + b'"}',
        headers=bearer("owner") | {"Content-Type": "application/json"},
    )
    assert answer.status_code == 413


def test_a_password_is_kept_at_a_price(real_hash: str) -> None:
    method, cost, size, _lanes = real_hash.split(":")
    assert method == "scrypt"
    assert int(cost) * int(size) * 128 >= 32 * 1024 * 1024, "a try wants 32 MB"


def test_there_is_one_first_owner(settings: Any, owner_login: tuple[str, str]) -> None:
    assert people.owner_make(settings) is None
    assert another_address() != another_address()
    assert len(owner_login[1]) >= 20


def test_a_fault_is_logged_without_what_it_was_about(
    app: Flask, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        buyer_name = "山田 花子"
        raise RuntimeError(buyer_name)

    place = next(name for name in app.view_functions if name.endswith("Manual.index"))
    monkeypatch.setitem(app.view_functions, place, fails)
    with capture_logs() as logs:
        answer = owner.get("/manual/")
    assert answer.status_code == 500
    (said,) = [entry for entry in logs if entry["event"] == "page_failed"]
    assert said["number"] in answer.text
    assert "test_signing_in.py" in said["where"]
    assert "fails" in said["where"]
    assert "山田" not in str(logs)
