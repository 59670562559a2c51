"""Order files: the inherited suite, the golden samples, and what must be refused by line and column."""

import csv
import io
import random
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from sync.channels.file import cells
from sync.channels.file.channel import Channel
from sync.channels.file.table import CELL_MAX
from sync.contract import Raw, ShopAccess, SourceFile
from sync.errors import ContractBroken, Refused
from sync.file_import import MAPS, NoSecrets
from tests.contract.channel_suite import ChannelSuite

DATA = Path(__file__).parents[1] / "data"
GOLDEN = [(38, 4830, ""), (61, 4530, "のし: 御祝 見本\nラッピング: あり")]
Change = Callable[[list[list[str]]], None]


class TestFile(ChannelSuite, code="file"):
    """The cases of a channel without a remote."""


def opened(map_code: str, **changed: object) -> Channel:
    layout = tomllib.loads((MAPS / f"{map_code}.toml").read_text("utf-8")) | changed
    return Channel.open(
        ShopAccess(
            shop_code="shop",
            settings={"layout": layout, "map_code": map_code},
            secrets=NoSecrets(),
        )
    )


def source(data: bytes) -> SourceFile:
    return SourceFile(file_name="orders.csv", stream=io.BytesIO(data))


def golden(columns: int) -> bytes:
    return (DATA / f"hanyo-jyuchu-{columns}.csv").read_bytes()


def changed(columns: int, change: Change) -> SourceFile:
    """Give the golden file with some of its cells changed."""
    table = list(csv.reader(io.StringIO(golden(columns).decode("cp932"), newline="")))
    change(table)
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(table)
    return source(text.getvalue().encode("cp932"))


def put(line_no: int, column: str, cell: str) -> Change:
    def change(table: list[list[str]]) -> None:
        table[line_no - 1][table[0].index(column)] = cell

    return change


@pytest.mark.parametrize(("columns", "total", "note"), GOLDEN)
def test_the_golden_file_becomes_its_orders(columns: int, total: int, note: str) -> None:
    assert golden(columns).split(b"\r\n")[0].count(b",") == columns - 1
    reader = opened(f"next_engine_{columns}")
    found = reader.preview(source(golden(columns)))
    assert (found.row_count, found.problem_count) == (3, 0)
    first, second = found.drafts
    assert first.external_order_no == "370-20261120-0001"
    assert first.ordered_at.isoformat() == "2026-11-20T00:05:00+00:00"
    assert {line.external_listing_no: line.line_name for line in first.lines} == {
        "000123": "煎茶 100g ㈱見本園",
        "TEA-02": "=cmd|' /C calc'!A0",
    }
    assert {line.tax_rate for line in first.lines} == {Decimal("0.08")}
    assert (first.recipient.region, first.recipient.address_line1) == (
        "東京都",
        "渋谷区神宮前仮番地1-2-3",
    )
    assert (first.payment_method, first.external_customer_no) == ("card", "0000123")
    assert first.buyer_note == "秘密の備考～玄関前に"
    assert second.ordered_at.isoformat() == "2026-11-20T15:00:00+00:00"
    assert second.recipient.region == "神奈川県"
    assert (second.payment_method, second.is_gift, second.total) == ("cod", True, total)
    assert second.buyer_note == note
    for draft in found.drafts:
        goods = sum(line.quantity * line.unit_price for line in draft.lines)
        assert goods + sum(fee.amount or 0 for fee in draft.fees) == draft.total


@pytest.mark.parametrize("columns", [38, 61])
def test_a_shuffled_file_gives_the_same_documents(columns: int) -> None:
    reader = opened(f"next_engine_{columns}")

    def mix(table: list[list[str]]) -> None:
        body = table[1:]
        random.Random(columns).shuffle(body)
        table[1:] = body

    straight = reader.content(source(golden(columns))).documents
    mixed = reader.content(changed(columns, mix)).documents
    assert [one.raw for one in mixed] == [one.raw for one in straight]


def test_a_document_does_not_change_with_its_neighbours() -> None:
    """The same order in another export is known again, to the byte."""
    reader = opened("next_engine_38")
    alone = reader.content(changed(38, lambda table: table.__delitem__(slice(1, 3)))).documents
    whole = reader.content(source(golden(38))).documents
    assert alone[0].raw in [one.raw for one in whole]


@pytest.mark.parametrize(
    ("line_no", "column", "cell", "words"),
    [
        (3, "店舗伝票番号", "3.70203E+17", "指数"),
        (3, "店舗伝票番号", "", "空"),
        (3, "受注数量", "1,5", "三桁ごと"),
        (4, "合計金額", "12,50", "三桁ごと"),
        (3, "店舗伝票番号", "2026/1/2", "日付"),
        (4, "発送電話番号", "8.19012E+11", "指数"),
        (4, "発送郵便番号", "1月2日", "日付"),
        (4, "顧客コード", "1.2E+15", "指数"),
        (3, "発送先名", "別の人", "違います"),
        (3, "合計金額", "9", "違います"),
        (3, "商品コード", "#REF!", "エラー"),
        (3, "消費税率（%）", "108", "税率"),
        (4, "ギフトフラグ", "たぶん", "有無"),
    ],
)
def test_what_was_damaged_is_refused(line_no: int, column: str, cell: str, words: str) -> None:
    reader = opened("next_engine_38")
    file = changed(38, put(line_no, column, cell))
    found = reader.preview(file)
    problem = next(one for one in found.problems if words in one.reason)
    assert problem.column_name == column
    # Rows that contradict each other are named by the second of them in the stored order
    assert problem.line_no in ({2, 3} if words == "違います" else {line_no})
    assert " | " in problem.reason
    assert found.problem_count >= 1
    other = "370-20261120-0001" if line_no == 4 else "370-20261120-0002"
    assert other in [draft.external_order_no for draft in found.drafts]


@pytest.mark.parametrize(
    ("text", "point", "thousands", "found"),
    [
        ("1,234,567.5", ".", ",", "1234567.5"),
        ("▲１，０００円", ".", ",", "-1000"),
        ("1.234,50", ",", ".", "1234.50"),
        ("12,50", ",", ".", "12.50"),
        ("1 234,5", ",", " ", "1234.5"),
        ("12,50", ".", ",", None),
        ("1,5", ".", ",", None),
        ("1,2345", ".", ",", None),
        ("1234,567", ".", ",", None),
        ("1,234,", ".", ",", None),
        (",123", ".", ",", None),
        ("1.5", ",", ".", None),
    ],
)
def test_a_mark_of_thousands_parts_groups_of_three(
    text: str, point: str, thousands: str, found: str | None
) -> None:
    if found is None:
        with pytest.raises(cells.CellWrong, match="三桁ごと") as caught:
            cells.amount(text, point, thousands)
        assert "decimal" in caught.value.hint
    else:
        assert cells.amount(text, point, thousands) == Decimal(found)


def test_a_quantity_is_written_as_the_map_says() -> None:
    assert (cells.quantity("1,000"), cells.quantity("1.000", ",", ".")) == (1000, 1000)
    for wrong in ("1,5", "1,50", "10,00"):
        with pytest.raises(cells.CellWrong, match="三桁ごと"):
            cells.quantity(wrong)


def test_damaged_numbers_never_become_one_order() -> None:
    """Saved by a spreadsheet, all numbers of a mall look alike."""

    def damage(table: list[list[str]]) -> None:
        for line_no in (2, 3, 4):
            put(line_no, "店舗伝票番号", "3.70203E+17")(table)

    found = opened("next_engine_38").preview(changed(38, damage))
    assert found.drafts == []
    assert [one.line_no for one in found.problems] == [2, 3, 4]


def test_a_value_of_a_person_is_not_repeated() -> None:
    found = opened("next_engine_38").preview(changed(38, put(4, "発送電話番号", "8.1901E+11")))
    assert "8.1901" not in str(found.problems)
    (problem,) = found.problems
    assert "表計算" in problem.hint


@pytest.mark.parametrize("kept", [10, 37])
def test_a_file_that_was_cut_off_says_where(kept: int) -> None:
    def cut(table: list[list[str]]) -> None:
        table[3] = table[3][:kept]

    found = opened("next_engine_38").preview(changed(38, cut))
    assert {problem.line_no for problem in found.problems} == {4}
    assert "切れて" in found.problems[0].reason
    assert [draft.external_order_no for draft in found.drafts] == ["370-20261120-0001"]


def test_cells_beyond_the_heading_are_refused_unless_they_are_empty() -> None:
    reader = opened("next_engine_38")
    assert reader.preview(changed(38, lambda table: table[3].extend(["", ""]))).problem_count == 0
    found = reader.preview(changed(38, lambda table: table[3].append("余り")))
    assert [problem.line_no for problem in found.problems] == [4]


def test_a_renamed_column_is_named_with_what_it_may_be_now() -> None:
    def rename(table: list[list[str]]) -> None:
        table[0][table[0].index("受注数量")] = "数量"

    with pytest.raises(ContractBroken, match="「受注数量」は「数量」に変わって") as caught:
        opened("next_engine_38").content(changed(38, rename))
    assert "'受注数量' may be '数量' now" in caught.value.message


def test_headings_of_another_width_are_the_same() -> None:
    def narrow(table: list[list[str]]) -> None:
        table[0] = [name.replace("１", "1").replace("（", "(") for name in table[0]]

    assert opened("next_engine_38").preview(changed(38, narrow)).problem_count == 0


@pytest.mark.parametrize(("letters", "is_good"), [(CELL_MAX, True), (CELL_MAX + 1, False)])
def test_a_cell_may_be_long_to_its_limit(letters: int, *, is_good: bool) -> None:
    file = changed(38, put(4, "備考", "a" * letters))
    reader = opened("next_engine_38")
    if is_good:
        assert reader.preview(file).problem_count == 0
    else:
        with pytest.raises(ContractBroken, match=f"{CELL_MAX:,}"):
            reader.preview(file)


def test_a_file_is_read_no_further_than_its_limit() -> None:
    """A packed file may unpack to anything: reading stops soon after the limit."""
    given = 0

    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            nonlocal given
            given += size
            return b"a,b\n" * (size // 4)

    with pytest.raises(ContractBroken, match="200 MB"):
        opened("next_engine_38").content(
            SourceFile(file_name="bomb.csv.xz", stream=Endless())  # type: ignore[arg-type]
        )
    assert given < 210_000_000


def test_letters_that_only_one_maker_knows_are_refused() -> None:
    data = golden(38).replace("急須".encode("cp932"), b"\xf0\x40\x8b\x7d")
    with pytest.raises(ContractBroken, match="文字コード"):
        opened("next_engine_38").content(source(data))


def test_a_body_that_is_none_of_ours_breaks_the_contract() -> None:
    reader = opened("next_engine_38")
    for body in (b"", b"{}", b"[1]", b'{"shared": 1, "rows": 2}', b'{"shared": {}, "rows": [1]}'):
        with pytest.raises(ContractBroken):
            reader.parse_order(Raw(external_no="1", changed_at=None, body=body))


def test_an_order_is_read_without_its_file() -> None:
    reader = opened("next_engine_38")
    (bad, *_) = reader.content(changed(38, put(2, "受注数量", "二"))).of("order")
    with pytest.raises(Refused, match="「受注数量」"):
        reader.parse_order(bad.raw)


def test_one_row_may_hold_a_whole_order() -> None:
    layout = {
        "row": "order",
        "key": "no",
        "note": [],
        "optional": [],
        "split_region": False,
        "fee": [],
        "buyer": {},
        "recipient": {},
        "order": {"ordered_at": "at"},
        "line": [
            {"external_listing_no": "code1", "quantity": "n1", "unit_price": "p1"},
            {"external_listing_no": "code2", "quantity": "n2", "unit_price": "p2"},
        ],
        "fixed": {"total": "computed", "currency_code": "JPY"},
        "decimal": ",",
        "thousands": ".",
        "delimiter": ";",
        "moment_forms": ["%d.%m.%Y"],
    }
    text = "no;at;code1;n1;p1;code2;n2;p2\nA;24.11.2026;x;2;1.000,5;;;\nB;24.11.2026;x;1;5;y;3;7\n"
    found = opened("next_engine_38", **layout).preview(source(text.encode()))
    assert [(one.external_order_no, len(one.lines), one.total) for one in found.drafts] == [
        ("A", 1, Decimal(2001)),
        ("B", 2, Decimal(26)),
    ]


def test_a_fee_in_a_cancellation_is_no_cancelled_goods() -> None:
    text = (
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        "C1,22111,BOTTLE,-2,2011-01-05 10:00:00,1.50,17850,France\n"
        "C1,POST,POSTAGE,-1,2011-01-05 10:00:00,18.00,17850,France\n"
        "C2,M,Manual,-1,2011-01-05 10:00:00,2.00,17850,France\n"
    )
    content = opened("online_retail").content(source(text.encode()))
    assert [one.raw.external_no for one in content.of("cancellation")] == ["C1"]
    assert sorted(one.raw.external_no for one in content.of("note")) == ["C1:POST#1", "C2:M#1"]


def test_codes_that_differ_in_case_are_different() -> None:
    text = (
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        "1,85123A,HEART,2,2011-01-05 10:00:00,2.55,17850,France\n"
        "1,85123a,HEART,1,2011-01-05 10:00:00,2.95,17850,France\n"
    )
    content = opened("online_retail").content(source(text.encode()))
    assert sorted(content.names()) == ["85123A", "85123a"]


def test_the_maps_that_come_with_daicho_are_right() -> None:
    found = sorted(path.stem for path in Path(MAPS).glob("*.toml"))
    assert found == ["next_engine_38", "next_engine_61", "online_retail"]
    for map_code in found:
        assert opened(map_code).layout.code == map_code
