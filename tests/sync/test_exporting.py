"""All rows that match as a file: read as whoever asked, said as lists say it, harmless in a spreadsheet."""

import csv
import io
import stat
import time
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from python_calamine import load_workbook

from sync import exporting, jobs
from sync.render import sheets
from sync.render.cells import Said, cell, clean, harmless, in_cp932, written
from tests.sync.people import a_worker, an_account, asked, killed, request, taken_over, until

TOKYO = ZoneInfo("Asia/Tokyo")
COLUMNS = [
    {"name": "sku_code", "head": "商品コード", "kind": "text"},
    {"name": "sku_name", "head": "商品名", "kind": "text"},
    {"name": "list_price", "head": "=価格", "kind": "numeric"},
    {
        "name": "product_id",
        "head": "商品",
        "kind": "integer",
        "reference": {
            "relation": "catalog.product",
            "key": "product_id",
            "titles": ["product_code", "product_name"],
        },
    },
]


def export(house, account_id, form="csv", columns=COLUMNS, **more):
    number = asked(
        house,
        account_id,
        "export_rows",
        **{
            "relation": "catalog.sku",
            "columns": columns,
            "order": [["sku_code", "desc"]],
            "format": form,
            "file_name": "SKU",
            "zone": "Asia/Tokyo",
            **more,
        },
    )
    jobs.run_request(number)
    return request(house, number)


def path_of(house, row):
    return house.settings.data / "files" / "exports" / row.stored_as


def read_csv(house, row, encoding="utf-8-sig"):
    return list(csv.reader(io.StringIO(path_of(house, row).read_text(encoding))))


def test_a_file_holds_all_rows_in_the_order_asked_for(house):
    owner = an_account(house.admin, "owner")
    row = export(house, owner)
    assert row.error is None
    head, *lines = read_csv(house, row)
    assert head == ["商品コード", "商品名", "'=価格", "商品"]
    codes = [code for (code,) in house.all("select sku_code from catalog.sku")]
    assert [line[0] for line in lines] == sorted(codes, reverse=True)
    assert row.answer == {"rows": len(codes), "losses": 0}
    assert row.file_name == "SKU.csv"
    title = house.one(
        "select product_code || ' ' || product_name as t from catalog.product join catalog.sku using (product_id)"
        " where sku_code = %s",
        lines[0][0],
    ).t
    assert lines[0][3] == title
    assert stat.S_IMODE(path_of(house, row).stat().st_mode) == 0o600
    assert path_of(house, row).read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_condition_and_chosen_rows_narrow_it_down(house):
    owner = an_account(house.admin, "owner")
    some = house.all("select sku_id, sku_code from catalog.sku order by sku_id limit 5")
    row = export(house, owner, keys=[{"sku_id": one.sku_id} for one in some])
    assert {line[0] for line in read_csv(house, row)[1:]} == {one.sku_code for one in some}
    row = export(
        house, owner, condition={"column": "sku_code", "op": "eq", "value": some[0].sku_code}
    )
    assert [line[0] for line in read_csv(house, row)[1:]] == [some[0].sku_code]
    assert row.answer["rows"] == 1
    empty = export(house, owner, keys=[])
    assert empty.answer["rows"] == 0


def test_excel_has_numbers_as_numbers_and_texts_as_texts(house):
    owner = an_account(house.admin, "owner")
    house.admin.execute(
        "update catalog.sku set sku_name = '=cmd|''/c calc''!A1' where sku_id = (select min(sku_id) from catalog.sku)"
    )
    row = export(house, owner, form="xlsx", order=[["sku_id", "asc"]])
    assert row.error is None
    head, first, *_ = load_workbook(str(path_of(house, row))).get_sheet_by_index(0).to_python()
    assert head == ["商品コード", "商品名", "=価格", "商品"]
    assert first[1] == "=cmd|'/c calc'!A1"
    assert isinstance(first[2], float)
    import zipfile

    with zipfile.ZipFile(path_of(house, row)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
    assert row.file_name == "SKU.xlsx"


def test_what_cp932_lacks_is_counted(house):
    owner = an_account(house.admin, "owner")
    house.admin.execute(
        "update catalog.sku set sku_name = '𠮷野家〜髙①😀' where sku_id = (select min(sku_id) from catalog.sku)"
    )
    row = export(house, owner, form="csv_cp932", order=[["sku_id", "asc"]])
    assert read_csv(house, row, "cp932")[1][1] == "〓野家～髙①〓"
    assert row.answer["losses"] == 2


def test_the_rights_of_whoever_asked_bind_the_file(house):
    house.settle()
    house.world.place_order("hinode-1", [("sen/100", 3)], note="")
    house.pull("hinode-1")
    columns = [{"name": "order_no", "head": "番号"}]
    for role, sees_all, is_there in (
        ("order_desk", True, True),
        ("order_desk", False, False),
        ("merchandiser", True, None),
    ):
        row = export(
            house,
            an_account(house.admin, role, sees_all=sees_all),
            columns=columns,
            relation="sales.sales_order",
            order=[],
        )
        if is_there is None:
            assert row.error
            assert row.stored_as is None
        else:
            assert (row.answer["rows"] > 0) == is_there
    secret = export(
        house,
        an_account(house.admin, "owner"),
        relation="channel.shop_secret",
        columns=[{"name": "ciphertext", "head": "x"}],
        order=[],
    )
    assert secret.error
    assert house.inbox() == []


def test_a_reference_that_may_not_be_read_stays_a_number(house):
    columns = [
        {
            "name": "product_id",
            "head": "x",
            "reference": {
                "relation": "staff.account",
                "key": "account_id",
                "titles": ["display_name"],
            },
        }
    ]
    row = export(house, an_account(house.admin, "merchandiser"), columns=columns, order=[])
    assert row.error is None
    assert all(line[0].isdigit() for line in read_csv(house, row)[1:])


def test_what_stands_beside_a_row_is_exported_with_it(house):
    house.settle()
    for note in ("急いで", ""):
        house.world.place_order(
            "hinode-1", [("sen/100", 2)], note=note, is_paid=True, payment_method="card"
        )
    house.pull("hinode-1")
    key = "sales_order_id"
    columns = [
        {"name": "external_order_no", "head": "番号"},
        *(
            {
                "name": key,
                "head": head,
                "kind": kind,
                "is_bilingual": column == "why",
                "reference": {
                    "relation": relation,
                    "key": key,
                    "titles": [column],
                    "is_beside": True,
                },
            }
            for head, kind, relation, column in (
                ("理由", "text", "report.order_summary", "why"),
                ("点数", "integer", "report.order_summary", "pieces"),
                ("購入者", "text", "sales.sales_order_party", "buyer_name"),
            )
        ),
    ]
    given = {"relation": "sales.sales_order", "columns": columns, "order": [[key, "asc"]]}
    _, held, free = read_csv(house, export(house, an_account(house.admin, "owner"), **given))
    assert held[1:3] == ["備考あり", "2"]
    assert free[1:3] == ["", "2"]
    assert held[3]
    # Whoever may not read of it gets the rest, and no keys in its place
    rows = read_csv(house, export(house, an_account(house.admin, "analyst"), **given))
    assert [row[3] for row in rows[1:]] == ["", ""]
    assert [row[2] for row in rows[1:]] == ["2", "2"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": []},
        {"format": "exe"},
        {"zone": "../etc"},
        {"relation": "pg_catalog.pg_authid"},
        {"relation": 'catalog.sku"; drop table x; --'},
        {"order": [["nothing", "asc"]]},
        {"columns": [{"name": 'sku_id" from catalog.sku; --', "head": "x"}]},
        {"keys": "1"},
        {"keys": [1]},
        {"condition": {"column": "nothing", "op": "eq", "value": 1}},
    ],
)
def test_what_cannot_be_exported_is_a_sentence(house, wrong):
    row = export(house, an_account(house.admin, "owner"), **wrong)
    assert row.done_at
    assert " | " in row.error
    assert "psycopg" not in row.error
    assert row.stored_as is None
    assert house.inbox() == []


def test_who_has_left_gets_no_file(house):
    account = an_account(house.admin, "manager")
    number = asked(
        house, account, "export_rows", relation="catalog.sku", columns=COLUMNS, format="csv",
        file_name="x", zone="Asia/Tokyo",
    )  # fmt: skip
    house.admin.execute(
        "update staff.account set ended_at = now() where account_id = %s", [account]
    )
    jobs.run_request(number)
    assert "頼んだ人はもういません" in request(house, number).error


def test_a_killed_export_begins_anew_and_leaves_one_file(house, tmp_path):
    owner = an_account(house.admin, "owner")
    folder = exporting.folder_of(house.settings.data)
    number = asked(
        house, owner, "export_rows", relation="catalog.sku", columns=COLUMNS, format="xlsx",
        order=[["sku_id", "asc"]], file_name="x", zone="Asia/Tokyo",
    )  # fmt: skip
    house.dispatcher.sweep(house.connection)
    with a_worker(house, tmp_path, pause=0.2, page=5) as process:
        until(house, number, lambda row: row.done >= 5)
        killed(process)
    assert request(house, number).done_at is None
    taken_over(house, number)
    with a_worker(house, tmp_path):
        row = until(house, number, lambda row: row.done_at)
    assert row.error is None
    count = house.one("select count(*) as n from catalog.sku").n
    lines = load_workbook(str(path_of(house, row))).get_sheet_by_index(0).to_python()
    assert len(lines) == count + 1
    assert [path.name for path in folder.glob(f"{number}-*")] == []


def test_old_files_are_removed(house):
    import os

    row = export(house, an_account(house.admin, "owner"))
    old = time.time() - 25 * 3600
    os.utime(path_of(house, row), (old, old))
    house.admin.execute("update transit.job_request set done_at = now() - interval '25 hours'")
    house.ask("remove_files", lane="slow")
    assert not path_of(house, row).exists()
    assert request(house, row.job_request_id).stored_as is None


PLAIN = Said(name="x", head="x")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (True, "はい"),
        (7, "7"),
        (-7, "-7"),
        (12345678901234567, "12345678901234567"),
        (Decimal("1980.0000"), "1980"),
        (Decimal("-0.5"), "-0.5"),
        (Decimal("0.00000012"), "0.00000012"),
        (date(2026, 11, 24), "2026-11-24"),
        (datetime(2026, 11, 24, 15, 2, 3, 9, tzinfo=ZoneInfo("UTC")), "2026-11-25 00:02:03"),
        ("=1+1", "'=1+1"),
        ("  @x", "'  @x"),
        ("＋81", "'＋81"),
        ("\t=1", "' =1"),
        ("a\x00b\x1b\u202ec\r\nd", "abc\nd"),
        (["a", "b"], "a、b"),
        ({"a": "あ"}, '{"a": "あ"}'),
        (b"123", "3 bytes"),
    ],
)
def test_cells_are_said_as_lists_say_them(value, said):
    assert written(cell(PLAIN, value, language="ja", zone=TOKYO)) == said


def test_codes_are_said_by_their_words():
    coded = Said(name="x", head="x", words={"a": "甲 | A"})
    both = Said(name="x", head="x", is_bilingual=True)
    assert cell(coded, "a", language="en", zone=TOKYO) == "A"
    assert cell(coded, "b", language="en", zone=TOKYO) == "b"
    assert cell(both, "甲 | A", language="ja", zone=TOKYO) == "甲"


def test_hostile_texts_are_plain():
    assert clean("\ud800x") == "x"
    assert harmless("a=b") == "a=b"
    assert in_cp932("〓") == ("〓", 0)


def test_a_sheet_that_is_full_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "XLSX_ROWS_MAX", 2)
    sheet = sheets.begin(tmp_path / "x.xlsx", "xlsx", [PLAIN])
    sheet.add(["x" * 40_000])
    sheet.add([date(1800, 1, 1)])
    with pytest.raises(sheets.SheetFull):
        sheet.add(["c"])
    sheet.close()
    rows = load_workbook(str(tmp_path / "x.xlsx")).get_sheet_by_index(0).to_python()
    assert len(rows[1][0]) == 32_767
    assert rows[2][0] == "1800-01-01"
    assert sheet.losses == 40_000 - 32_767
