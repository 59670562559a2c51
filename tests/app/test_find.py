"""One search box, its page and the palette; and the counts that a job keeps."""

from typing import Any

import pytest

import sql
from tests.app.shopfront import ROLES, Person

NAME = "検索花子"


@pytest.fixture(scope="module")
def findable(house: Any) -> dict[str, int]:
    """The first order is that of a person whose name no other test has."""
    with sql.connect(house.admin) as admin:
        number = admin.execute("select min(sales_order_id) from sales.sales_order").fetchone()[0]
        admin.execute(
            "update sales.sales_order_party set buyer_name = %s, buyer_phone = '090-7777-8888' where sales_order_id = %s",
            (NAME + "<b>", number),
        )
    return {"order": number}


def items(person: Person, words: str) -> dict[str, list[Any]]:
    answer = person.get("/find.json", query_string={"q": words})
    assert answer.status_code == 200, answer.text
    return {group["label"]: group["items"] for group in answer.get_json()["groups"]}


def test_the_box_finds_by_kind_and_leads_to_the_row(owner: Person, findable: Any) -> None:
    (found,) = items(owner, "検索花")["受注"]
    assert str(findable["order"]) in found["href"]
    assert "店" in found["detail"]
    assert owner.get(found["href"]).status_code == 200
    assert items(owner, "8888")["受注"][0]["href"] == found["href"]
    goods = items(owner, "P77")
    assert goods["SKU"][0]["title"] == "p77-s"
    assert goods["商品"][0]["title"] == "p77"
    assert len(items(owner, "商品")["商品"]) == 5
    for group in goods.values():
        assert owner.get(group[0]["href"]).status_code == 200


def test_the_page_groups_what_is_found_and_shows_markup_as_text(
    owner: Person, findable: Any
) -> None:
    page = owner.get("/find", query_string={"q": NAME})
    assert page.status_code == 200
    assert f"{NAME}&lt;b&gt;" in page.text
    assert f"{NAME}<b>" not in page.text


def test_what_was_typed_whole_is_opened_at_once(owner: Person, findable: Any) -> None:
    answer = owner.get("/find", query_string={"q": f"D{findable['order']:08}"})
    assert answer.status_code == 302
    assert str(findable["order"]) in answer.location
    assert owner.get("/find", query_string={"q": "検索"}).status_code == 200


def test_the_address_answers_json_to_who_wants_json(owner: Person, findable: Any) -> None:
    answer = owner.get("/find?q=検索花子", headers={"Accept": "application/json"})
    assert answer.get_json()["groups"][0]["label"] == "受注"


@pytest.mark.parametrize(
    "words",
    ["", " ", "a", "林", "%%", "__", "\\", "'; select 1 --", "<script>alert(1)</script>", "\x00ab", "🍵🍵", "x" * 10_000, ":a :b", "%(x)s"],
    ids=lambda text: repr(text)[:20],
)  # fmt: skip
def test_whatever_is_typed_is_answered_with_a_sentence(owner: Person, words: str) -> None:
    assert items(owner, words) == {}
    page = owner.get("/find", query_string={"q": words})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert (
        "二文字以上" if len(words.replace("\x00", "").strip()) < 2 else "見つかりません"
    ) in page.text


@pytest.mark.parametrize("role", ROLES)
def test_every_role_finds_what_it_may_see(signed_in: Any, findable: Any, role: str) -> None:
    person = signed_in(role)
    groups = items(person, NAME)
    sees = role in ("owner", "manager", "order_desk", "support", "warehouse", "accounting", "outside_warehouse")  # fmt: skip
    assert bool(groups.get("受注")) is sees
    for group in items(person, "p77").values():
        assert person.get(group[0]["href"]).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_the_palette_leads_nobody_to_a_refusal(signed_in: Any, role: str) -> None:
    person = signed_in(role)
    groups = {g["label"]: g["items"] for g in person.get("/palette.json").get_json()["groups"]}
    assert {"画面", "表"} <= set(groups)
    for label, said in groups.items():
        for item in said:
            assert person.get(item["href"]).status_code in (200, 302), (label, item)
    titles = {item["title"] for item in groups.get("操作", [])}
    assert any("商品" in title for title in titles) is (
        role in ("owner", "manager", "merchandiser")
    )


def test_the_palette_speaks_the_reader_s_language(signed_in: Any) -> None:
    person = signed_in("manager")
    person.post("/language/en")
    try:
        groups = person.get("/palette.json").get_json()["groups"]
        assert {"Pages", "Tables", "Actions"} <= {group["label"] for group in groups}
        assert not any(
            "\u3040" <= letter <= "\u30ff"
            for group in groups
            for item in group["items"]
            for letter in item["title"]
        )
    finally:
        person.post("/language/ja")


def test_nobody_finds_nothing(nobody: Person) -> None:
    for address in ("/find.json?q=検索", "/palette.json", "/counts"):
        answer = nobody.get(address)
        assert answer.status_code == 401
        assert answer.get_json()["message"]
    assert nobody.get("/find?q=検索").status_code == 302


def test_counts_are_those_that_are_kept_with_their_age(
    statements: list[str], signed_in: Any, house: Any
) -> None:
    desk = signed_in("order_desk")
    with sql.connect(house.worker, account_id=1) as worker, sql.connect(house.admin) as admin:
        rows = [
            {"count_code": "status:on_hold", "counted": 12, "is_limited": False},
            {"count_code": "orders", "counted": 10_000, "is_limited": True},
            {"count_code": "search:1", "is_limited": False, "fault": "列がありません。 | The column is gone."},
        ]  # fmt: skip
        sql.call(worker, "staff.counts_keep", "order_desk * *", sql.Json(rows))
        admin.execute("update staff.kept_count set counted_at = now() - interval '5 minutes'")
    statements.clear()
    answer = desk.get("/counts").get_json()
    assert len(statements) <= 3, statements
    assert answer["counts"]["status:on_hold"]["count"] == 12
    assert answer["counts"]["status:on_hold"]["age"] == "5分前に数えた"
    assert answer["counts"]["orders"]["more"]
    assert answer["counts"]["search:1"]["count"] is None
    assert answer["counts"]["search:1"]["age"] == "列がありません。"
    assert 290 <= answer["age_s"] <= 600
    assert signed_in("analyst").get("/counts").get_json() == {"age_s": None, "counts": {}}


def test_a_search_takes_few_statements(statements: list[str], owner: Person, findable: Any) -> None:
    statements.clear()
    items(owner, NAME)
    assert len(statements) <= 3, statements
