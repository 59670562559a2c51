"""Invoices and receipts by the page: made for an order, found in their list, copied and exported."""

import io
import re
import zipfile
from typing import Any

import pypdfium2
import pytest

import sql
from tests.app.shopfront import Person, register, take_paid_order
from tests.app.test_jobs import long_worker

__all__ = ["long_worker"]


@pytest.fixture
def paid(house: Any, admin: Any) -> int:
    """An order that was paid, of a shop with a registration number."""
    register(admin)
    with sql.connect(house.worker, account_id=1) as worker:
        return int(take_paid_order(worker, "ISSUED-1").sales_order_id)


def made(person: Person, work: Any, where: str, form: dict[str, Any]) -> Any:
    asked = person.post(where, form)
    assert asked.status_code == 302, asked.text
    number = int(asked.location.rpartition("/")[2])
    work(number)
    page = person.get(f"/jobs/{number}")
    file = person.get(f"/jobs/{number}/file")
    assert file.status_code == 200, page.text
    content = file.data
    file.close()
    return content


def text_of(pdf: bytes) -> str:
    return "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(pdf))
    )


def test_a_receipt_is_made_found_copied_and_exported(
    owner: Person, long_worker: Any, paid: int, admin: Any
) -> None:
    page = owner.post("/documents/choose", {"rowid": str(paid)})
    for kind in ("invoice", "simplified_invoice", "receipt", "return_invoice"):
        assert f'value="{kind}"' in page.text
    assert 'name="addressee"' in page.text
    form = {
        "rowid": str(paid),
        "document_kind": "receipt",
        "addressee": "株式会社髙橋",
        "proviso": "お茶代として",
    }
    text = text_of(made(owner, long_worker, "/documents/make", form))
    assert "株式会社髙橋 御中" in text
    assert "但し お茶代として" in text
    found = owner.get("/document/issued_document/list/")
    assert "R-0000001" in found.text
    assert "株式会社髙橋" in found.text
    assert ">領収書<" in found.text
    assert 'formaction="/documents/copies"' in found.text
    number = admin.execute(
        "select issued_document_id from document.issued_document where document_no = 'R-0000001'"
    ).fetchone()[0]
    row = f"/document/issued_document/show/{number}"
    for asked, is_found in (
        ("f.document_no=R-0000001", True),
        ("f.document_kind=receipt", True),
        ("f.document_kind=invoice", False),
        ("q=髙橋", True),
        ("q=R-000 株式会社", True),
        ("q=高橋商店", False),
        ("q=%", False),
    ):
        assert (row in owner.get(f"/document/issued_document/list/?{asked}").text) is is_found
    # On a phone it is the second line, which may be cut short
    assert re.search(r'<td class="[^"]*ell[^"]*" title="[^"]*髙橋[^"]*" data-m="2">', owner.get("/document/issued_document/list/").text)  # fmt: skip
    slip = owner.get(f"/document/issued_document/show/{number}")
    assert slip.status_code == 200
    assert "/related/2/" in slip.text
    # What it comes to stands under its lines
    (sums,) = re.findall(r'<dl class="kv sums push">(.*?)</dl>', slip.text, re.DOTALL)
    assert "合計" in sums
    assert "消費税" in sums
    assert re.search(r"¥[1-9]", sums)
    assert "/related/5/" in owner.get(f"/sales/sales_order/show/{paid}").text
    assert "R-0000001" in owner.get(f"/sales/sales_order/related/5/{paid}").text
    assert "写し 1" in text_of(
        made(owner, long_worker, "/documents/copies", {"rowid": str(number)})
    )
    assert "印刷" in owner.get(f"/document/issued_document/related/2/{number}").text
    packed = made(owner, long_worker, "/documents/files", {"all": "1", "condition": "{}"})
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert "index.csv" in archive.namelist()


def test_what_is_refused_says_why_on_the_page_of_the_job(
    owner: Person, long_worker: Any, first_order: int
) -> None:
    asked = owner.post("/documents/make", {"rowid": str(first_order), "document_kind": "invoice"})
    number = int(asked.location.rpartition("/")[2])
    long_worker(number)
    page = owner.get(f"/jobs/{number}").text
    assert "発行できるものがありませんでした" in page
    assert "出荷" in page or "登録番号" in page
    nothing = owner.post("/documents/copies", follow_redirects=True)
    assert "帳票を選んでください" in nothing.text


@pytest.mark.parametrize("role", ["warehouse", "analyst"])
def test_who_may_not_issue_is_offered_none(signed_in: Any, role: str, first_order: int) -> None:
    person = signed_in(role)
    if role == "warehouse":
        page = person.post("/documents/choose", {"rowid": str(first_order)})
        assert 'value="delivery_note"' in page.text
        assert 'value="invoice"' not in page.text
        wrong = person.post(
            "/documents/make",
            {"rowid": str(first_order), "document_kind": "invoice"},
            headers={"Accept": "application/json"},
        )
        assert wrong.status_code == 422
    for where in ("/documents/copies", "/documents/files"):
        assert person.post(where, {"rowid": "1"}).status_code == 403


def test_an_english_reader_reads_of_invoices_in_english(signed_in: Any, first_order: int) -> None:
    desk = signed_in("order_desk")
    desk.post("/language/en")
    page = desk.post("/documents/choose", {"rowid": str(first_order)}).text
    found = desk.get("/document/issued_document/list/").text
    desk.post("/language/ja")
    for word in ("Invoices and receipts", "Qualified return invoice", "Addressee"):
        assert word in page
    assert "Print copies" in found
