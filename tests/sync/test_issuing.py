"""Invoices and receipts of chosen orders: one refused holds up no other, a killed worker goes on, copies are marked."""

import csv
import hashlib
import io
import json
import zipfile

import pypdfium2
import pytest

import sql
from sync import jobs, vault
from sync.render.standard import template_of
from sync.vault import IssuedKey, Vault
from tests.sync.house import KEY, MALLS
from tests.sync.people import a_worker, an_account, asked, killed, request, taken_over, until
from tests.sync.test_forms import take

NUMBER = "T1180301018771"
WARES = (("hinode-1", "sen/100"), ("minato-1", "SEN-100"))


def registered(house, **said):
    for shop_id in house.shop_ids.values():
        house.admin.execute(
            "insert into document.sender (shop_id, sender_name, invoice_registration_no) values (%s, '日の出商店', %s)"
            " on conflict (shop_id) do update set invoice_registration_no = excluded.invoice_registration_no, locale = %s",
            (shop_id, NUMBER, said.get("locale", "ja")),
        )


def some_orders(house, wanted=6, *, left=0):
    """So many orders, shipped but for the last `left`."""
    registered(house)
    house.settle()
    for number in range(wanted):
        mall, listing = WARES[number % 2]
        house.world.place_order(mall, [(listing, 1)])
    for mall in MALLS:
        house.pull(mall)
    rows = house.all(
        "select sales_order_id, order_no, external_order_no, shop_id, total from sales.sales_order order by ordered_at, sales_order_id"
    )
    assert len(rows) == wanted
    for row in rows[: wanted - left]:
        house.admin.execute(
            "update sales.hold set released_at = now(), release_note = 't' where sales_order_id = %s and released_at is null",
            (row.sales_order_id,),
        )
        house.admin.execute(
            "update sales.sales_order set status = 'ready_to_ship' where sales_order_id = %s",
            (row.sales_order_id,),
        )
        sql.call(
            house.connection,
            "shipping.shipment_post",
            row.sales_order_id,
            "yamato",
            f"s-{row.order_no}",
        )
    return rows


def run(house, account_id, job, **arguments):
    number = asked(house, account_id, job, **arguments)
    jobs.run_request(number)
    return request(house, number)


def file_of(house, row):
    return (house.settings.data / "files" / "exports" / row.stored_as).read_bytes()


def sheets(pdf):
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(pdf))]


def findings(house):
    return house.all("select * from report.check_issued_document")


def ledger(house):
    return house.all("select * from document.issued_document order by issued_document_id")


def test_chosen_orders_are_invoiced_and_who_is_refused_is_said(house):
    orders = some_orders(house, left=2)
    desk = an_account(house.admin, "order_desk")
    row = run(house, desk, "issue_documents", document_kind="invoice")
    assert row.error is None
    assert (row.answer["documents"], row.answer["refused"]) == (4, 2)
    said = " ".join(one["reason"] for one in row.answer["reasons"])
    for order in orders[4:]:
        assert order.order_no in said
    assert "出荷前" in said
    pages = sheets(file_of(house, row))
    assert len(pages) == 4
    for number, (order, text) in enumerate(zip(orders, pages, strict=False), 1):
        assert f"I-{number:07}" in text
        assert order.external_order_no in text
        assert NUMBER in text
        assert "写し" not in text
    assert findings(house) == []
    again = run(house, desk, "issue_documents", document_kind="invoice")
    assert "すでに I-0000001" in again.error
    assert len(ledger(house)) == 4


def test_a_copy_is_marked_and_nothing_that_changed_since_changes_it(house):
    some_orders(house, 2)
    desk = an_account(house.admin, "order_desk")
    key = [
        {"sales_order_id": house.one("select min(sales_order_id) as n from sales.sales_order").n}
    ]
    first = file_of(house, run(house, desk, "issue_documents", document_kind="invoice", keys=key))
    (document,) = ledger(house)
    house.admin.execute("update document.sender set sender_name = '別の店', locale = 'en'")
    house.admin.execute("update sales.sales_order_party set buyer_name = '別の人'")
    chosen = {"keys": [{"issued_document_id": document.issued_document_id}]}
    row = run(house, an_account(house.admin, "accounting"), "print_issued", **chosen)
    assert row.file_name == "I-0000001.pdf"
    copy, again = file_of(house, row), file_of(house, run(house, desk, "print_issued", **chosen))
    assert b"pdfaid:part" in first
    assert b"pdfaid:part" in copy
    (kept,), (copied,), (other,) = sheets(first), sheets(copy), sheets(again)
    assert "写し 1" in copied
    assert "写し 2" in other
    assert copied.replace("写し 1", "").split() == kept.split()
    assert "別の" not in copied
    noted = house.all(
        "select copy_no, copy_act, account_id = %s as by_desk from document.issued_copy order by 1",
        desk,
    )
    assert [tuple(one) for one in noted] == [
        (1, "issue", True),
        (2, "print", False),
        (3, "print", True),
    ]
    kept = house.one("select digest from document.issued_content where content_part = 'file'")
    assert kept.digest == hashlib.sha256(first).digest()


def test_what_is_kept_says_nothing_without_its_key_and_goes_with_the_installation_s(house):
    some_orders(house, 1)
    run(
        house,
        an_account(house.admin, "owner"),
        "issue_documents",
        document_kind="receipt",
        addressee="秘密商事 株式会社",
    )
    rows = house.all("select content_part, sealed from document.issued_content")
    assert {row.content_part for row in rows} == {"facts", "file"}
    assert not any(
        "秘密".encode() in bytes(row.sealed) or b"%PDF" in bytes(row.sealed) for row in rows
    )
    newer = Vault([KEY.replace("a", "b"), KEY])
    assert vault.rewrap(house.connection, newer) > 0
    key = house.one("select issued_document_id, wrapped_key from document.issued_key")
    opened = IssuedKey.opened(newer, key.issued_document_id, key.wrapped_key)
    facts = next(row.sealed for row in rows if row.content_part == "facts")
    assert (
        json.loads(opened.open("facts", facts))["data"]["documents"][0]["addressee"]
        == "秘密商事 株式会社 様"
    )
    with pytest.raises(vault.KeyMissing):
        opened.open("file", facts)


def test_a_return_refers_to_its_invoice_and_says_when_the_law_does_not_ask(house):
    (order,) = some_orders(house, 1)
    owner = an_account(house.admin, "owner")
    run(house, owner, "issue_documents", document_kind="invoice")
    house.admin.execute(
        "insert into sales.payment (sales_order_id, paid_at, amount, payment_method, external_payment_no) values (%s, now(), -100, 'card', 'R')",
        (order.sales_order_id,),
    )
    row = run(house, owner, "issue_documents", document_kind="return_invoice")
    assert row.error is None
    (text,) = sheets(file_of(house, row))
    assert "返還請求書" in text
    assert "もとの請求書 I-0000001" in text
    assert "¥100" in text
    assert "義務はありません" in row.answer["reasons"][0]["reason"]
    assert findings(house) == []


def test_nobody_issues_or_prints_beyond_their_rights(house):
    some_orders(house, 1)
    owner = an_account(house.admin, "owner")
    run(house, owner, "issue_documents", document_kind="invoice")
    for role, job, more in (
        ("warehouse", "issue_documents", {"document_kind": "receipt"}),
        ("analyst", "print_issued", {}),
    ):
        row = run(house, an_account(house.admin, role), job, **more)
        assert row.error
        assert row.stored_as is None
    stranger = an_account(house.admin, "order_desk", sees_all=False)
    assert "帳票がありません" in run(house, stranger, "print_issued").error
    assert (
        "その帳票はありません"
        in run(house, owner, "issue_documents", document_kind="delivery_note").error
    )


def test_a_shop_s_own_template_sets_its_invoices_and_a_broken_one_costs_no_number(house):
    some_orders(house, 6)
    owner = an_account(house.admin, "owner")
    own = template_of("invoice")["main.typ"].replace(
        "  amount-box(one)\n", "  [OWN]\n  amount-box(one)\n"
    )
    wrong = own.replace("[OWN]", '[#if one.document_no == "I-0000004" { one.nothing } OWN]')
    take(house, "hinode-1", own, "invoice")
    take(house, "minato-1", wrong, "invoice")
    row = run(house, owner, "issue_documents", document_kind="invoice")
    assert row.answer["documents"] == 6
    assert [one["row"] for one in row.answer["reasons"]] == ["I-0000004"]
    assert "標準の様式で作りました" in row.answer["reasons"][0]["reason"]
    said = sheets(file_of(house, row))
    assert ["OWN" in text for text in said] == [True, True, True, False, True, True]
    assert "I-0000004" in said[3]


def test_a_worker_killed_between_number_and_file_leaves_what_the_next_completes(house, tmp_path):
    orders = some_orders(house, 5)
    owner = an_account(house.admin, "owner")
    number = asked(house, owner, "issue_documents", document_kind="invoice")
    house.dispatcher.sweep(house.connection)
    with a_worker(house, tmp_path, pause=0.6) as process:
        until(house, number, lambda row: row.done and row.done >= 2)
        killed(process)
    numbered = len(ledger(house))
    assert 0 < numbered < len(orders)
    assert house.all("select 1 from document.issued_content where content_part = 'file'") == []
    assert house.all("select 1 from document.issued_copy") == []
    taken_over(house, number)
    with a_worker(house, tmp_path):
        row = until(house, number, lambda row: row.done_at)
    assert row.error is None
    assert row.answer == {"documents": len(orders)}
    assert [one.document_no for one in ledger(house)] == [f"I-{n:07}" for n in range(1, 6)]
    assert len(sheets(file_of(house, row))) == len(orders)
    assert [
        tuple(one)
        for one in house.all("select copy_no, count(*) from document.issued_copy group by 1")
    ] == [(1, 5)]
    assert findings(house) == []


def test_a_document_without_its_file_is_completed_by_whoever_prints_it(house):
    some_orders(house, 1)
    owner = an_account(house.admin, "owner")
    run(house, owner, "issue_documents", document_kind="invoice")
    first = house.one(
        "select digest from document.issued_content where content_part = 'file'"
    ).digest
    house.admin.execute("set session_replication_role = replica")
    house.admin.execute("delete from document.issued_content where content_part = 'file'")
    house.admin.execute("delete from document.issued_copy")
    house.admin.execute("reset session_replication_role")
    row = run(house, owner, "print_issued")
    assert "写し" not in sheets(file_of(house, row))[0]
    assert (
        house.one("select digest from document.issued_content where content_part = 'file'").digest
        == first
    )


def test_an_english_shop_s_invoice_is_english(house):
    some_orders(house, 1)
    registered(house, locale="en")
    owner = an_account(house.admin, "owner")
    (text,) = sheets(file_of(house, run(house, owner, "issue_documents", document_kind="invoice")))
    assert "Amount due" in text
    (text,) = sheets(file_of(house, run(house, owner, "print_issued")))
    assert "Copy 1" in text


def test_files_are_exported_with_an_index(house):
    some_orders(house, 3)
    owner = an_account(house.admin, "owner")
    run(house, owner, "issue_documents", document_kind="invoice")
    house.admin.execute(
        "update document.issued_party set addressee = '=1+1' where issued_document_id = (select min(issued_document_id) from document.issued_party)"
    )
    row = run(house, owner, "export_issued")
    assert row.file_name.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(file_of(house, row))) as archive:
        assert sorted(archive.namelist()) == sorted(
            ["index.csv", *(f"{NUMBER}/I-{n:07}.pdf" for n in (1, 2, 3))]
        )
        index = list(csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))))
        for line in index:
            assert hashlib.sha256(archive.read(line["ファイル"])).hexdigest() == line["SHA-256"]
    assert [line["書類番号"] for line in index] == ["I-0000001", "I-0000002", "I-0000003"]
    assert index[0]["宛名"] == "'=1+1"
    assert index[0]["種類"] == "適格請求書"
    assert (
        house.one("select count(*) as n from document.issued_copy where copy_act = 'export'").n == 3
    )


def test_a_template_without_what_the_law_asks_for_gives_way_to_the_standard_one(house):
    some_orders(house, 4)
    body = template_of("invoice")["main.typ"].replace("    from(one.sender),\n", "    [OWN],\n")
    take(house, "hinode-1", body, "invoice")
    row = run(house, an_account(house.admin, "owner"), "issue_documents", document_kind="invoice")
    assert row.error is None
    pages = sheets(file_of(house, row))
    assert len(pages) == 4
    assert all(NUMBER in text and "OWN" not in text for text in pages)
    reasons = [one["reason"] for one in row.answer["reasons"]]
    assert len(reasons) == 2
    for reason in reasons:
        assert "標準の様式で作りました。" in reason
        assert "発行者の名前、登録番号が載っていません。" in reason
        assert "Not on the page: the name of the issuer, the registration no." in reason
    assert findings(house) == []
