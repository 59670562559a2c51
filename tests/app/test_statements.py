"""Statements by the page: who is due, chosen, issued by the job, found in the list; for who sees everything."""

import uuid
from typing import Any

import pytest

import sql
from app.desk import statements
from sync.render.standard import template_of
from tests.app.shopfront import Person, take_order
from tests.app.test_issued import made, text_of
from tests.app.test_jobs import long_worker

__all__ = ["long_worker"]


@pytest.fixture
def owed(house: Any, admin: Any) -> int:
    """A customer who pays later, with an order that left in September."""
    admin.execute(
        "insert into document.sender (shop_id, sender_name) select shop_id, '日の出商店' from channel.shop on conflict do nothing"
    )
    admin.execute("update document.sender set invoice_registration_no = 'T1180301018771'")
    customer = admin.execute(
        "insert into customer.customer default values returning customer_id"
    ).fetchone()[0]
    admin.execute(
        "insert into customer.customer_party (customer_id, company) values (%s, '株式会社山田商店')",
        (customer,),
    )
    with sql.connect(house.worker, account_id=1) as worker:
        order = take_order(
            worker, "S-1", payment_method="credit_sale", is_history=True, digest=str(uuid.uuid4())
        )
    admin.execute(
        "update sales.sales_order set customer_id = %s, shipped_at = '2026-09-10 12:00+09' where sales_order_id = %s",
        (customer, order),
    )
    admin.execute(
        "insert into customer.credit_term (customer_id, closing_day, payment_day, starts_on) values (%s, 31, 31, '2026-01-01')",
        (customer,),
    )
    return int(customer)


def test_who_is_due_is_shown_chosen_and_issued(
    owner: Person, long_worker: Any, owed: int, admin: Any
) -> None:
    page = owner.get("/statements/?closes_on=2026-09-30")
    assert page.status_code == 200
    assert "株式会社山田商店" in page.text
    assert "2026-10-31" in page.text
    key = f"{owed} T1180301018771 JPY 1"
    assert f'value="{key}"' in page.text
    none = owner.post("/statements/make", {"closes_on": "2026-09-30"})
    assert none.status_code == 302
    assert "/statements/" in none.location
    for wrong in ("[1]", "x", "[1, 2, 3, 4]", '{"a": 1}', "[" * 9000):
        again = owner.post("/statements/make", {"closes_on": "2026-09-30", "key": wrong})
        assert "/statements/" in again.location
    form = {"closes_on": "2026-09-30", "key": key}
    text = text_of(made(owner, long_worker, "/statements/make", form))
    assert "株式会社山田商店 御中" in text
    assert "B-0000001" in text
    after = owner.get("/statements/?closes_on=2026-09-30")
    assert "株式会社山田商店" not in after.text
    found = owner.get("/document/issued_document/list/?f.document_kind=statement")
    assert "B-0000001" in found.text
    number = admin.execute("select issued_document_id from document.issued_document").fetchone()[0]
    assert owner.get(f"/document/issued_document/show/{number}").status_code == 200
    # A template of statements is seen on it, without its number
    shop = admin.execute("select shop_id from channel.shop where shop_code = 'tea'").fetchone()[0]
    at, body = f"/forms/{shop}/statement", template_of("statement")["main.typ"]
    assert "書類番号" in owner.get(at).text
    for asked in ("B-0000001", ""):
        shown = owner.post(f"{at}/preview.json", {"body": body, "order_no": asked}).json
        assert shown["order"] == "B-0000001"
        assert shown["pictures"]
        assert shown["fault"] == ""
    gone = owner.post(f"{at}/preview.json", {"body": body, "order_no": "B-9999999"})
    assert gone.status_code == 404
    assert "締め請求書はありません" in gone.json["message"]


def test_credit_sales_that_nobody_will_be_billed_for_are_said(
    owner: Person, house: Any, admin: Any
) -> None:
    said = "締め請求書にも請求書にもなっていません"
    assert said not in owner.get("/statements/").text
    with sql.connect(house.worker, account_id=1) as worker:
        take_order(worker, "S-2", payment_method="credit_sale", is_history=True, digest=str(uuid.uuid4()))  # fmt: skip
    new = "update sales.sales_order set is_history = false, shipped_at = now() where external_order_no = 'S-2'"
    admin.execute(new)
    try:
        assert said in owner.get("/statements/").text
    finally:
        admin.execute(new.replace("= false, shipped_at = now()", "= true"))


def test_orders_whose_invoice_was_voided_are_named(
    owner: Person, first_order: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = f"select {first_order} as sales_order_id, 'D7' as order_no, 'I-7' as invoice_no, 'B-7' as statement_no"
    of_file = statements.query
    assert "取り消されたまま" not in owner.get("/statements/").text
    monkeypatch.setattr(
        statements, "query", lambda name: found if name == "statement_unbilled" else of_file(name)
    )
    page = owner.get("/statements/").text
    assert "取り消されたまま" in page
    assert f'<a href="/sales/sales_order/show/{first_order}">D7</a> (I-7, B-7)' in page


def test_the_page_takes_what_is_no_day_and_is_only_for_who_may(
    owner: Person, signed_in: Any
) -> None:
    for said in ("", "x", "2026-02-31", "0001-01-01", "9999-12-31"):
        assert owner.get(f"/statements/?closes_on={said}").status_code == 200
    assert signed_in("warehouse").get("/statements/").status_code == 403
    desk = signed_in("accounting").get("/statements/")
    assert desk.status_code == 200
