"""Templates of documents on their page: a preview, drafts, what comes into force, and the way back."""

import base64
import re
import threading
from typing import Any

import pytest

import sql
from app.desk.forms import issued, trying
from sync.render.pages import Limits
from sync.render.standard import template_of
from tests.app.shopfront import Person, register, take_paid_order

KIND = "delivery_note"
HEAD = '#import "house.typ": *\n#show: sheet\n'
GOOD = HEAD + "#each-document(data.documents, one => [OWN #one.order_no])"
HOSTILE = (
    "#for a in range(100000) { for b in range(100000) { } }",
    "#range(2000000000)",
    '#let s = "a" * 1000000\n#for n in range(100000) { s = s + s }',
    "#while true {}",
    "#let f(n) = f(n + 1)\n#f(1)",
    '#read("/etc/passwd")',
    '#read("../../../../etc/passwd")',
    '#read("/proc/self/environ")',
    '#image("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    '#plugin("x.wasm")',
    '#include "/etc/passwd"',
    "#set page(width: 20000mm, height: 20000mm)\nx",
    "#for n in range(20000) { [x #pagebreak()] }",
    '#set page(width: auto)\n#("M" * 500000)',
)


@pytest.fixture
def shop(admin: Any) -> int:
    return int(
        admin.execute("select shop_id from channel.shop where shop_code = 'tea'").fetchone()[0]
    )


@pytest.fixture
def at(shop: int, admin: Any) -> str:
    yield f"/forms/{shop}/{KIND}"
    admin.execute(
        "insert into document.form_choice (shop_id, document_kind) values (%s, %s)", [shop, KIND]
    )


@pytest.fixture
def manager(signed_in: Any) -> Person:
    return signed_in("manager")


def versions(admin: Any, shop: int) -> list[Any]:
    return admin.execute(
        "select version_no, body, document.form_is_sound(form_template_id) as is_sound,"
        " form_template_id in (select form_template_id from document.forms_in_force(%s)) as is_in_force"
        " from document.form_template where shop_id = %s and document_kind = %s order by version_no",
        [KIND, shop, KIND],
    ).fetchall()


def test_the_list_says_what_each_shop_has_in_force(manager: Person, at: str) -> None:
    assert "標準" in manager.get("/forms/").text
    manager.post(f"{at}/save", {"body": GOOD + "\n// listed", "act": "take"})
    page = manager.get("/forms/").text
    assert re.search(r"\d+版", page)
    assert 'href="/forms/"' in manager.get("/").text


def test_the_standard_template_is_where_one_begins(manager: Person, at: str) -> None:
    page = manager.get(f"{at}?version=0").text
    assert "#each-document(data.documents" in page
    assert "標準の様式を使用中" in page
    assert "main.typ" in page


def test_a_preview_shows_the_newest_order_or_the_one_asked_for(
    manager: Person, at: str, admin: Any
) -> None:
    body = {"body": GOOD}
    found = manager.post(f"{at}/preview.json", body).json
    kind, _, content = found["pictures"][0].partition(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(content).startswith(b"\x89PNG")
    assert found["pages"] == 1
    number = admin.execute(
        "select order_no from sales.sales_order where external_order_no = 'T-1'"
    ).fetchone()[0]
    for asked in (number, "T-1"):
        assert (
            manager.post(f"{at}/preview.json", {**body, "order_no": asked}).json["order"] == number
        )
    nowhere = manager.post(f"{at}/preview.json", {**body, "order_no": "nowhere"})
    assert (nowhere.status_code, nowhere.json["message"]) == (
        404,
        "この店舗にその受注、見積、締め請求書はありません。",
    )


def test_what_is_wrong_is_said_with_its_line(manager: Person, at: str) -> None:
    found = manager.post(f"{at}/preview.json", {"body": HEAD + "日 #nothing"}).json
    assert (found["line"], found["column"]) == (3, 4)
    assert found["fault"].startswith("3行4桁:")
    assert "unknown variable: nothing" in found["fault"]


def test_a_wrong_one_is_kept_as_a_draft_and_never_comes_into_force(
    manager: Person, at: str, admin: Any, shop: int
) -> None:
    manager.post(f"{at}/save", {"body": GOOD + "\n// before", "act": "take"})
    wrong = HEAD + "#nothing // kept"
    page = manager.post(f"{at}/save", {"body": wrong, "act": "take"})
    assert page.status_code == 422
    assert "まだ使っていません" in page.text
    assert "#nothing // kept" in page.text
    assert 'data-line="3"' in page.text
    *_, before, draft = versions(admin, shop)
    assert (draft.body, draft.is_sound, draft.is_in_force) == (wrong, False, False)
    assert before.is_in_force
    taken = manager.post(f"{at}/take/{draft.version_no}", follow_redirects=True)
    assert "unknown variable" in taken.text
    assert not versions(admin, shop)[-1].is_in_force


def test_one_that_fails_on_a_present_alone_does_not_come_into_force(
    manager: Person, at: str, admin: Any, shop: int
) -> None:
    body = GOOD.replace("[OWN", "[#if one.is_gift { one.nothing } OWN")
    assert "pictures" in manager.post(f"{at}/preview.json", {"body": body}).json
    assert manager.post(f"{at}/save", {"body": body, "act": "take"}).status_code == 422
    assert not versions(admin, shop)[-1].is_sound


def test_versions_are_looked_at_taken_again_and_left_for_the_standard(
    manager: Person, at: str, admin: Any, shop: int
) -> None:
    for name in ("first", "second"):
        assert (
            manager.post(f"{at}/save", {"body": f"{GOOD}\n// {name}", "act": "take"}).status_code
            == 302
        )
    *_, first, second = versions(admin, shop)
    page = manager.get(at).text
    assert "// second" in page
    assert f"{second.version_no}版を使用中" in page
    assert "the_manager" in page
    assert "// first" in manager.get(f"{at}?version={first.version_no}").text
    manager.post(f"{at}/take/{first.version_no}")
    assert [row.is_in_force for row in versions(admin, shop)[-2:]] == [True, False]
    back = manager.post(f"{at}/standard", follow_redirects=True)
    assert "標準の様式に戻しました" in back.text
    assert not any(row.is_in_force for row in versions(admin, shop))
    assert manager.get(f"{at}?version=99999").status_code == 404


def test_a_draft_is_not_in_force(manager: Person, at: str, admin: Any, shop: int) -> None:
    said = manager.post(
        f"{at}/save", {"body": GOOD + "\n// draft", "act": "draft"}, follow_redirects=True
    )
    assert "下書きとして保存しました" in said.text
    assert not versions(admin, shop)[-1].is_in_force
    assert versions(admin, shop)[-1].is_sound


@pytest.fixture
def soon(monkeypatch: Any) -> None:
    """Nobody waits five seconds for each hostile template."""
    monkeypatch.setattr(trying, "LIMITS", Limits(cpu_s=2, wall_s=6, memory_mb=1_000, output_mb=12))


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("source", HOSTILE)
def test_a_hostile_template_harms_nobody(
    manager: Person, at: str, admin: Any, shop: int, source: str
) -> None:
    found = manager.post(f"{at}/preview.json", {"body": source})
    assert found.status_code == 200
    assert found.json["fault"]
    assert "root:" not in found.text
    saved = manager.post(f"{at}/save", {"body": source, "act": "take"})
    assert saved.status_code == 422
    assert not versions(admin, shop)[-1].is_sound
    assert not any(row.is_in_force for row in versions(admin, shop))


@pytest.mark.parametrize("body", ["", "x" * 100_001, "bell \a"])
def test_what_cannot_be_kept_is_refused_with_a_sentence(
    manager: Person, at: str, body: str
) -> None:
    saved = manager.post(f"{at}/save", {"body": body, "act": "draft"})
    assert saved.status_code == 422
    assert "100,000 文字" in saved.text


def test_a_nul_is_no_letter(manager: Person, at: str, admin: Any, shop: int) -> None:
    sent = {"body": GOOD + "\n// a\0b", "order_no": "T-\x001", "act": "draft"}
    assert manager.post(f"{at}/save", sent).status_code == 302
    assert versions(admin, shop)[-1].body.endswith("// ab")


def test_one_preview_at_a_time(manager: Person, at: str, admin: Any, monkeypatch: Any) -> None:
    account = admin.execute(
        "select account_id from staff.account where login_name = 'the_manager'"
    ).fetchone()[0]
    with admin.transaction():
        admin.execute(
            "select pg_advisory_xact_lock(hashtextextended('document.preview ' || %s, 0))",
            [str(account)],
        )
        assert manager.post(f"{at}/preview.json", {"body": GOOD}).status_code == 429
        # What was pressed waits as long as a lock may be waited for
        assert manager.post(f"{at}/save", {"body": GOOD, "act": "draft"}).status_code == 422
    assert manager.post(f"{at}/preview.json", {"body": GOOD}).status_code == 200
    monkeypatch.setattr(trying, "WAIT_S", 0.1)
    for _ in range(trying.AT_ONCE):
        assert trying._turns.acquire(blocking=False)
    try:
        assert manager.post(f"{at}/preview.json", {"body": GOOD}).status_code == 429
        saved = manager.post(f"{at}/save", {"body": GOOD, "act": "draft"})
        assert saved.status_code == 422
        assert "途中です" in saved.text
    finally:
        for _ in range(trying.AT_ONCE):
            trying._turns.release()


def test_what_is_saved_during_a_preview_waits_for_it(
    manager: Person, at: str, admin: Any, house: Any
) -> None:
    account = admin.execute(
        "select account_id from staff.account where login_name = 'the_manager'"
    ).fetchone()[0]
    lock = "select pg_advisory_lock(hashtextextended('document.preview ' || %s, 0))"
    with sql.connect(house.admin) as other:
        other.execute(lock, [str(account)])
        threading.Timer(1, other.execute, ["select pg_advisory_unlock_all()"]).start()
        saved = manager.post(f"{at}/save", {"body": GOOD + "\n// waited", "act": "draft"})
    assert saved.status_code == 302


@pytest.mark.parametrize("role", ["order_desk", "support", "warehouse", "accounting", "analyst"])
def test_others_may_not(signed_in: Any, at: str, role: str) -> None:
    person = signed_in(role)
    for address in ("/forms/", at):
        assert person.get(address).status_code == 403
    for address in (f"{at}/preview.json", f"{at}/save", f"{at}/standard", f"{at}/take/1"):
        assert person.post(address, {"body": GOOD}).status_code == 403
    assert 'href="/forms/"' not in person.get("/").text


def test_nobody_without_signing_in(nobody: Person, at: str) -> None:
    assert nobody.get(at).status_code == 302
    assert nobody.post(f"{at}/save", {"body": GOOD}).status_code in (302, 401)


def test_who_may_not_see_people_sees_samples(manager: Person, at: str, monkeypatch: Any) -> None:
    plain = trying.may
    monkeypatch.setattr(
        trying, "may", lambda verb, full: full != trying.READS and plain(verb, full)
    )
    found = manager.post(f"{at}/preview.json", {"body": GOOD, "order_no": "T-1"}).json
    assert found["order"] == ""
    panics = '#panic(json("data.json").documents.first().recipient.name)'
    said = manager.post(f"{at}/preview.json", {"body": panics}).json["fault"]
    assert "髙橋 𠮷子" in said
    assert "山田" not in said


@pytest.mark.parametrize("kind", ["picking_total", "invoice_of_somebody"])
def test_only_documents_of_orders_have_one(manager: Person, shop: int, kind: str) -> None:
    assert manager.get(f"/forms/{shop}/{kind}").status_code == 404
    assert manager.get(f"/forms/999999/{KIND}").status_code == 404


@pytest.mark.parametrize(
    "kind", ["delivery_note", "gift_delivery_note", "picking_list", "packing_label"]
)
def test_the_standard_templates_can_be_set_on_the_samples(
    manager: Person, shop: int, kind: str
) -> None:
    body = template_of(kind)["main.typ"]
    found = manager.post(f"/forms/{shop}/{kind}/preview.json", {"body": body}).json
    assert found["pictures"], found
    saved = manager.post(f"/forms/{shop}/{kind}/save", {"body": body, "act": "draft"})
    assert saved.status_code == 302


@pytest.mark.parametrize("kind", issued.KINDS)
def test_what_is_issued_has_templates_that_must_state_what_the_law_asks(
    manager: Person, admin: Any, shop: int, kind: str
) -> None:
    register(admin)
    at, body = f"/forms/{shop}/{kind}", template_of(kind)["main.typ"]
    assert f'href="{at}"' in manager.get("/forms/").text
    found = manager.post(f"{at}/preview.json", {"body": body}).json
    assert found["pictures"], found
    assert found["fault"] == ""
    lacking = body.replace("    from(one.sender),\n", "    [OWN],\n")
    found = manager.post(f"{at}/preview.json", {"body": lacking}).json
    # It is shown, and said beside it what is not on it
    assert found["pictures"]
    # A receipt of an order that has not left needs no registration no.; saving tries them all
    assert "発行者の名前" in found["fault"]
    assert "登録番号" in found["fault"] or kind == "receipt"
    page = manager.post(f"{at}/save", {"body": lacking, "act": "take"})
    assert page.status_code == 422
    assert "登録番号が載っていません" in page.text
    in_force = "select count(*) as n from document.forms_in_force(%s)"
    assert admin.execute(in_force, [kind]).fetchone().n == 0
    manager.post("/language/en")
    found = manager.post(f"{at}/preview.json", {"body": lacking}).json
    assert found["fault"].startswith("Not on the page: the name of the issuer")
    manager.post("/language/ja")
    # A fault of the first line is where it was typed, whatever the sample's mark puts before it
    found = manager.post(f"{at}/preview.json", {"body": "日 #nothing"}).json
    assert (found["line"], found["column"]) == (1, 4)
    own = body + f"\n// own {kind}"
    saved = manager.post(f"{at}/save", {"body": own, "act": "take"}, follow_redirects=True)
    assert "使い始めました" in saved.text
    assert admin.execute(in_force, [kind]).fetchone().n == 1
    assert manager.post(f"{at}/standard").status_code == 302
    assert admin.execute(in_force, [kind]).fetchone().n == 0


def test_a_template_of_receipts_is_seen_on_a_real_order_and_no_number_is_used(
    manager: Person, admin: Any, house: Any, shop: int
) -> None:
    at, body = f"/forms/{shop}/receipt/preview.json", template_of("receipt")["main.typ"]
    counted = "select (select count(*) from document.issued_document) + (select count(*) from document.issue_counter) as n"
    before = admin.execute(counted).fetchone().n
    refused = manager.post(at, {"body": body, "order_no": "T-1"})
    assert refused.status_code == 422
    assert "入金" in refused.json["message"]
    with sql.connect(house.worker, account_id=1) as worker:
        order = take_paid_order(worker, "FORM-9")
    found = manager.post(at, {"body": body, "order_no": "FORM-9"}).json
    assert found["order"] == order.order_no
    assert found["pictures"]
    # Of no order in particular: any that a receipt could be made of
    found = manager.post(at, {"body": body, "order_no": ""}).json
    assert found["order"].startswith("D")
    assert found["pictures"]
    assert manager.post(at, {"body": body, "order_no": "nowhere"}).status_code == 404
    assert admin.execute(counted).fetchone().n == before


def test_what_was_held_back_is_said_in_the_reader_s_language(
    manager: Person, admin: Any, shop: int
) -> None:
    admin.execute(
        "insert into transit.inbox (inbox_reason, shop_id, subject, detail)"
        " values ('form_wrong', %s, '納品書 | Delivery note', '3行62桁に誤り | is wrong at line 3')",
        [shop],
    )
    address = "/transit/inbox/list/?f.inbox_reason=form_wrong"
    for language, own, other in (("ja", "3行62桁", "line 3"), ("en", "line 3", "3行62桁")):
        manager.post(f"/language/{language}")
        page = manager.get(address).text
        assert own in page
        assert other not in page
        assert "納品書 | Delivery" not in page


def test_an_english_reader_reads_english(manager: Person, at: str) -> None:
    manager.post("/language/en")
    assert "Document templates" in manager.get("/forms/").text
    page = manager.get(at).text
    for word in (
        "Save and use",
        "Save as a draft",
        "Preview",
        "Versions",
        "Standard",
        "Delivery note",
    ):
        assert word in page
    said = manager.post(f"{at}/preview.json", {"body": "#nothing"}).json["fault"]
    assert said.startswith("Line 1, column 2:")
