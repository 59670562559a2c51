"""A session that ended while somebody was typing: nothing that was typed is lost, and no password is shown."""

import html
import re
from typing import Any

import pytest
from flask import Flask

from tests.app.shopfront import Person, a_person

OURS = {"Sec-Fetch-Site": "same-origin"}
TYPED = {"product_code": "kept-1", "product_name": '湯呑 "青" <b>\n二行目'}


@pytest.fixture
def gone(app: Flask) -> Person:
    """Somebody who has not signed in, with a page of ours open."""
    return Person(app)


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def test_what_was_typed_can_be_sent_after_signing_in_again(app: Flask, gone: Person) -> None:
    answer = gone.post("/catalog/product/add", TYPED, headers=OURS)
    assert answer.status_code == 401
    kept = hidden(answer.text)
    assert kept.items() >= TYPED.items()
    assert "<b>" not in answer.text
    login, password = a_person(app, "keeper", "merchandiser")
    gone.sign_in(login, password)
    stale = gone.client.post("/catalog/product/add", data=kept, headers=OURS)
    assert stale.status_code == 400
    sent = gone.client.post("/catalog/product/add", data=hidden(stale.text), headers=OURS)
    assert sent.status_code == 302
    shown = gone.get(sent.headers["Location"])
    assert "湯呑 &#34;青&#34;" in shown.text


def test_it_is_said_in_the_language_spoken_before(app: Flask, admin: Any) -> None:
    person, login = Person(app), a_person(app, "speaker", "merchandiser")
    admin.execute("update staff.account set locale = 'en' where login_name = 'speaker'")
    person.sign_in(*login)
    assert '<html lang="en"' in person.get("/").text
    admin.execute(
        "delete from staff.ab_web_session where user_id = (select id from staff.ab_user where username = 'speaker')"
    )
    answer = person.client.post("/catalog/product/add", data=TYPED, headers=OURS)
    assert answer.status_code in (400, 401)
    assert '<html lang="en"' in answer.text
    assert '<html lang="en"' in person.get("/login/").text


def test_a_foreign_page_puts_no_words_into_a_mouth(gone: Person) -> None:
    for site in ("cross-site", "same-site", "none"):
        answer = gone.post("/catalog/product/add", TYPED, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 302, site
        assert "kept-1" not in answer.text


def test_a_password_is_never_written_back(gone: Person) -> None:
    typed = {"current": "secret-1", "new": "secret-2", "again": "secret-2"}
    for address in ("/password/", "/login/"):
        for token in ({}, {"csrf_token": "old"}):
            answer = gone.post(
                address, {**typed, "username": "u", "password": "secret-3", **token}, headers=OURS
            )
            assert "secret" not in answer.text, address


def test_a_cell_says_so_in_a_sentence(gone: Person) -> None:
    headers = {**OURS, "Accept": "application/json"}
    answer = gone.post(
        "/catalog/product/cell/1?column=product_name", {"product_name": "x"}, headers=headers
    )
    assert answer.status_code == 401
    assert "ログイン" in answer.get_json()["message"]
