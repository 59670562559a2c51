"""A save can be taken back by whoever made it."""

from typing import Any

from tests.app.shopfront import Person

JSON = {"Accept": "application/json"}


def last_change(admin: Any) -> int:
    return int(admin.execute("select max(change_no) from staff.audit_log").fetchone()[0])


def name_of(admin: Any) -> str:
    return str(admin.execute("select sku_name from catalog.sku where sku_id = 7").fetchone()[0])


def renamed(person: Person, name: str) -> None:
    answer = person.client.put(
        "/api/v1/catalog/sku/7",
        json={"sku_name": name},
        headers={"X-CSRFToken": person.token()},
    )
    assert answer.status_code == 200, answer.text


def test_a_change_is_taken_back_and_again(owner: Person, admin: Any) -> None:
    before = name_of(admin)
    renamed(owner, "誤り")
    assert name_of(admin) == "誤り"
    answer = owner.post(f"/undo/{last_change(admin)}", headers=JSON)
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["undone"] == 1
    assert name_of(admin) == before
    again = owner.post(f"/undo/{told['change_no']}", {"next": "/jobs/"})
    assert again.status_code == 302
    assert again.location.endswith("/jobs/")
    assert name_of(admin) == "誤り"
    assert "1行を元に戻しました" in owner.get("/jobs/").text
    owner.post(f"/undo/{last_change(admin)}")
    assert name_of(admin) == before


def test_others_changes_are_not_there(owner: Person, signed_in: Any, admin: Any) -> None:
    renamed(owner, "店主の名")
    number = last_change(admin)
    manager = signed_in("manager")
    assert manager.post(f"/undo/{number}", headers=JSON).status_code == 404
    assert manager.post(f"/undo/{number}").status_code == 302
    assert name_of(admin) == "店主の名"
    assert owner.post(f"/undo/{number}", headers=JSON).get_json()["undone"] == 1


def test_what_was_changed_since_is_told(owner: Person, signed_in: Any, admin: Any) -> None:
    manager = signed_in("manager")
    renamed(manager, "店長の名")
    number = last_change(admin)
    renamed(owner, "店主の名")
    told = manager.post(f"/undo/{number}", headers=JSON).get_json()
    assert told["undone"] == 0
    assert told["left"][0]["reason"].startswith("その後に")
    assert told["change_no"] is None
    assert name_of(admin) == "店主の名"


def test_strange_numbers_and_strangers(owner: Person, nobody: Person) -> None:
    for number in (0, 2**63, 2**80, 999_999_999):
        assert owner.post(f"/undo/{number}", headers=JSON).status_code == 404
    assert owner.get("/undo/1").status_code == 405
    assert nobody.post("/undo/1").status_code in (302, 401)
