"""Order files as they really come: other encodings, damaged cells, missing columns, hostile text."""

import io
from decimal import Decimal

import pytest

from sync.channels.file.channel import Channel
from sync.channels.file.layout import LayoutWrong, read_layout
from sync.contract import ShopAccess, SourceFile
from sync.errors import ContractBroken, Refused
from sync.file_import import MAPS, NoSecrets

CLASSIC = [
    "店舗伝票番号",
    "受注日",
    "受注郵便番号",
    "受注住所１",
    "受注住所２",
    "受注名",
    "受注名カナ",
    "受注電話番号",
    "受注メールアドレス",
    "発送郵便番号",
    "発送先住所１",
    "発送先住所２",
    "発送先名",
    "発送先カナ",
    "発送電話番号",
    "支払方法",
    "発送方法",
    "商品計",
    "税金",
    "発送料",
    "手数料",
    "ポイント",
    "その他費用",
    "合計金額",
    "ギフトフラグ",
    "時間帯指定",
    "日付指定",
    "作業者欄",
    "備考",
    "商品名",
    "商品コード",
    "商品価格",
    "受注数量",
    "商品オプション",
    "出荷済フラグ",
    "顧客区分",
    "顧客コード",
]
INVOICE = [
    "店舗伝票番号",
    "受注日",
    "受注郵便番号",
    "受注住所１",
    "受注住所２",
    "受注名",
    "受注名カナ",
    "受注電話番号",
    "受注メールアドレス",
    "発送郵便番号",
    "発送先住所１",
    "発送先住所２",
    "発送先名",
    "発送先カナ",
    "発送電話番号",
    "支払方法",
    "発送方法",
    "商品計",
    "税金",
    "発送料",
    "手数料",
    "手数料(0%対象)",
    "手数料(8%対象)",
    "手数料(10%対象)",
    "ポイント",
    "ポイント(0%対象)",
    "ポイント(8%対象)",
    "ポイント(10%対象)",
    "ポイント(按分)",
    "ポイント(支払い)",
    "その他費用",
    "その他費用(0%対象)",
    "その他費用(8%対象)",
    "その他費用(10%対象)",
    "クーポン割引額",
    "クーポン割引額(0%対象)",
    "クーポン割引額(8%対象)",
    "クーポン割引額(10%対象)",
    "クーポン割引額(按分)",
    "請求金額(0%対象)",
    "請求金額(8%対象)",
    "請求額に対する税額(8%対象)",
    "請求金額(10%対象)",
    "請求額に対する税額(10%対象)",
    "合計金額",
    "ギフトフラグ",
    "時間帯指定",
    "日付指定",
    "作業者欄",
    "備考",
    "商品名",
    "商品コード",
    "商品価格",
    "受注数量",
    "商品オプション",
    "出荷済フラグ",
    "顧客区分",
    "顧客コード",
    "消費税率（%）",
    "のし",
    "ラッピング",
]
ORDER = {
    "店舗伝票番号": "2026-0001",
    "受注日": "2026/11/20 10:15:00",
    "受注名": "髙橋 﨑子",
    "受注電話番号": '="0312345678"',
    "受注メールアドレス": "taka@example.jp",
    "発送郵便番号": "100-0005",
    "発送先住所１": "東京都千代田区丸の内1-1-1",
    "発送先名": "髙橋 﨑子",
    "発送電話番号": "03-1234-5678",
    "支払方法": "代金引換",
    "商品計": "3,000",
    "税金": "0",
    "発送料": "600",
    "手数料": "330",
    "ポイント": "100",
    "その他費用": "-50",
    "合計金額": "3,780",
    "日付指定": "2026/11/25",
    "時間帯指定": "午前中",
    "備考": "玄関前に置いてください",
    "ギフトフラグ": "1",
}
TEA = {"商品名": "緑茶①", "商品コード": "tea-01", "商品価格": "1000", "受注数量": "2"}
BOWL = {"商品名": '=cmd|" /C calc"!A0', "商品コード": "000123", "商品価格": "1000", "受注数量": "1"}


def channel(code: str, **changed) -> Channel:
    import tomllib

    layout = tomllib.loads((MAPS / f"{code}.toml").read_text("utf-8")) | changed
    return Channel.open(
        ShopAccess(
            shop_code="uk", settings={"layout": layout, "map_code": code}, secrets=NoSecrets()
        )
    )


def csv_of(columns, *rows, encoding: str = "cp932") -> SourceFile:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    lines = [",".join(quoted(name) for name in columns)]
    lines += [",".join(quoted(row.get(name, "")) for name in columns) for row in rows]
    return SourceFile(
        file_name="hanyo-jyuchu.csv",
        stream=io.BytesIO(("\r\n".join(lines) + "\r\n").encode(encoding)),
    )


def only(reader: Channel, file: SourceFile):
    (document,) = reader.content(file).of("order")
    return reader.parse_order(document.raw, document.line_nos)


def test_the_classic_order_csv_becomes_one_order():
    draft = only(channel("next_engine_38"), csv_of(CLASSIC, ORDER | TEA, ORDER | BOWL))
    assert draft.external_order_no == "2026-0001"
    assert draft.ordered_at.isoformat() == "2026-11-20T01:15:00+00:00"
    assert [(line.external_listing_no, line.quantity) for line in draft.lines] == [
        ("000123", 1),
        ("tea-01", 2),
    ]
    assert draft.lines[0].line_name == '=cmd|" /C calc"!A0'
    fees = {fee.fee_kind: fee.amount for fee in draft.fees}
    assert fees == {"shipping_fee": 600, "other": 330, "points": -100, "discount": -50}
    goods = sum(line.unit_price * line.quantity for line in draft.lines)
    assert sum(fees.values()) + goods == draft.total == Decimal(3780)
    assert draft.payment_method == "cod"
    assert draft.recipient.region == "東京都"
    assert draft.recipient.address_line1 == "千代田区丸の内1-1-1"
    assert draft.buyer.name == "髙橋 﨑子"
    assert draft.buyer.phone == "0312345678"
    assert draft.is_gift
    assert str(draft.requested_delivery_on) == "2026-11-25"
    assert draft.buyer_note == "玄関前に置いてください"


def test_the_invoice_csv_brings_rates_and_coupons():
    row = ORDER | TEA | {"消費税率（%）": "8", "クーポン割引額": "200", "合計金額": "3,580"}
    draft = only(channel("next_engine_61"), csv_of(INVOICE, row | {"商品計": "3,000"}))
    assert len(INVOICE) == 61
    assert draft.lines[0].tax_rate == Decimal("0.08")
    taken = {fee.fee_kind: fee.amount for fee in draft.fees if (fee.amount or 0) < 0}
    assert taken == {"points": -100, "discount": -50, "coupon": -200}
    assert draft.total == 3580


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16", "euc_jp"])
def test_the_encoding_is_found_by_trying(encoding):
    row = ORDER | TEA | {"受注名": "田中", "発送先名": "田中", "商品名": "お茶"}
    assert (
        only(channel("next_engine_38"), csv_of(CLASSIC, row, encoding=encoding)).buyer.name
        == "田中"
    )


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("受注日", "昨日", "受注日"),
        ("受注数量", "二つ", "受注数量"),
        ("受注数量", "1.5", "受注数量"),
        ("受注数量", "99999999999", "受注数量"),
        ("受注数量", "-3", "受注数量"),
        ("商品価格", "千円", "商品価格"),
        ("商品価格", "9" * 30, "商品価格"),
        ("商品コード", "4.90123E+12", "商品コード"),
        ("商品コード", "11月3日", "商品コード"),
        ("商品コード", "#N/A", "商品コード"),
        ("商品コード", "", "商品コード"),
        ("日付指定", "2026-13-45", "日付指定"),
        ("合計金額", "1.2E+5", "合計金額"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(column, cell, words):
    reader = channel("next_engine_38")
    good = ORDER | TEA | {"店舗伝票番号": "2026-0002"}
    file = csv_of(CLASSIC, good, ORDER | TEA | {column: cell})
    found = reader.preview(file)
    assert found.problem_count >= 1
    assert (found.problems[0].line_no, found.problems[0].column_name) == (3, words)
    assert " | " in found.problems[0].reason
    assert [draft.external_order_no for draft in found.drafts] == ["2026-0002"]
    bad = next(one for one in reader.content(again(file)).of("order") if one.line_nos == [3])
    with pytest.raises(Refused, match="3 行目"):
        reader.parse_order(bad.raw, bad.line_nos)


def again(file: SourceFile) -> SourceFile:
    file.stream.seek(0)
    return file


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空"),
        ("店舗伝票番号,受注日\r\n1,2\r\n".encode("cp932"), "列「"),
        (b"\x81\xff\xfe\x00garbage", "文字コード"),
        (("a" * 10_000_001).encode(), "セル"),
        (b'"never closed\r\n1,2', "引用符"),
        (",".join(f"c{n}" for n in range(600)).encode() + b"\r\n", "列"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(data, words):
    with pytest.raises(ContractBroken, match=words) as caught:
        channel("next_engine_38").content(SourceFile(file_name="x.csv", stream=io.BytesIO(data)))
    assert " | " in caught.value.message
    assert len(caught.value.message) < 1500


def test_the_same_column_twice_is_refused():
    columns = [*CLASSIC, "商品コード"]
    with pytest.raises(ContractBroken, match="二つ"):
        channel("next_engine_38").content(csv_of(columns, ORDER | TEA))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"key": ""}, "key"),
        ({"line": []}, "line"),
        ({"encoding": "rot13"}, "encoding"),
        ({"x": 1}, "x"),
    ],
)
def test_a_map_that_is_wrong_says_where(changed, words):
    import tomllib

    body = tomllib.loads((MAPS / "next_engine_38.toml").read_text("utf-8")) | changed
    with pytest.raises(LayoutWrong, match=words):
        read_layout("mine", body)


def test_a_name_is_not_repeated_in_a_message():
    reader = channel("next_engine_38")
    file = csv_of(CLASSIC, ORDER | TEA | {"受注数量": "x", "受注名": "秘密花子"})
    assert "秘密" not in str(reader.preview(file).problems)
