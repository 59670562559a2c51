"""Documents by the page: chosen in the list or on the slip, made by a job, fetched by who asked."""

from typing import Any

import pytest

from tests.app.shopfront import Person
from tests.app.test_jobs import long_worker

__all__ = ["long_worker"]

KINDS = ("delivery_note", "gift_delivery_note", "picking_list", "picking_total", "packing_label")


def test_documents_of_an_order_are_chosen_made_and_fetched(
    owner: Person, long_worker: Any, first_order: int
) -> None:
    assert 'formaction="/documents/choose"' in owner.get("/sales/sales_order/list/").text
    assert (
        'formaction="/documents/choose"' in owner.get(f"/sales/sales_order/show/{first_order}").text
    )
    page = owner.post("/documents/choose", {"rowid": str(first_order)})
    assert page.status_code == 200
    assert "受注 1件" in page.text
    for kind in KINDS:
        assert f'value="{kind}"' in page.text
        asked = owner.post("/documents/make", {"rowid": str(first_order), "document_kind": kind})
        assert asked.status_code == 302
        number = int(asked.location.rpartition("/")[2])
        long_worker(number)
        assert "1件" in owner.get(f"/jobs/{number}").text
        file = owner.get(f"/jobs/{number}/file")
        assert file.mimetype == "application/pdf"
        assert file.data.startswith(b"%PDF-")
        file.close()


def test_what_was_not_chosen_or_is_not_there_is_said(owner: Person, first_order: int) -> None:
    nothing = owner.post("/documents/choose", follow_redirects=True)
    assert "受注を選んでください" in nothing.text
    said = {"rowid": str(first_order), "document_kind": "invoice_of_somebody"}
    wrong = owner.post("/documents/make", said, headers={"Accept": "application/json"})
    assert wrong.status_code == 422
    assert "その帳票はありません" in wrong.json["message"]
    all_of_them = owner.post("/documents/choose", {"all": "1", "condition": "{}"})
    assert all_of_them.status_code == 200
    broken = owner.post("/documents/choose", {"all": "1", "condition": "{"}, follow_redirects=True)
    assert "条件を読めません" in broken.text


@pytest.mark.parametrize("role", ["analyst", "merchandiser", "purchasing"])
def test_who_sees_nobody_s_address_prints_none(signed_in: Any, role: str, first_order: int) -> None:
    person = signed_in(role)
    for address in ("/documents/choose", "/documents/make"):
        given = {"rowid": str(first_order), "document_kind": "delivery_note"}
        assert person.post(address, given).status_code == 403
    if role != "merchandiser":
        assert "/documents/choose" not in person.get("/sales/sales_order/list/").text


def test_nobody_makes_documents_without_signing_in(nobody: Person) -> None:
    assert nobody.post("/documents/make", {"rowid": "1"}).status_code in (302, 401)


def test_an_english_reader_reads_english(signed_in: Any, first_order: int) -> None:
    desk = signed_in("order_desk")
    desk.post("/language/en")
    page = desk.post("/documents/choose", {"rowid": str(first_order)}).text
    desk.post("/language/ja")
    assert "1 orders" in page
    assert "Delivery note" in page
    assert "Packing slip without prices" in page
