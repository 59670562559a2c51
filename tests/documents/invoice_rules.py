"""The rules of the qualified invoice system, read from the paper alone: a PDF's text in, what is wrong out.

Written from the rules (the six items of the law, one rounding for each rate), not from the code: it
knows no table and no function of ours, and reads amounts as a tax officer would, from the sheet.
"""

import io
import re
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal

import pypdfium2
from stdnum.jp import cn

AMOUNT = r"−?(?:[A-Z]{3} |[¥$€£])[\d,]+(?:\.\d+)?"
DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
ROUNDINGS = (ROUND_DOWN, ROUND_HALF_UP, ROUND_CEILING, ROUND_FLOOR)


def value_of(text: str) -> Decimal:
    """An amount as printed."""
    digits = Decimal(re.sub(r"[^\d.]", "", text))
    return -digits if text.startswith("−") else digits


@dataclass(kw_only=True)
class Sheet:
    """One document as it reads."""

    kind: str
    number: str
    text: str
    currency: str
    lines: list[tuple[Decimal, Decimal, bool]] = field(default_factory=list)
    rates: dict[Decimal, tuple[Decimal, Decimal]] = field(default_factory=dict)
    in_yen: dict[Decimal, Decimal] = field(default_factory=dict)
    total: Decimal = Decimal()
    tax: Decimal = Decimal()
    is_copy: bool = False
    is_inclusive: bool = True


def sheets_of(pdf: bytes) -> list[Sheet]:
    """The documents of a file in Japanese; one begins where a page says when it was issued."""
    found: list[str] = []
    for page in pypdfium2.PdfDocument(io.BytesIO(pdf)):
        text = page.get_textpage().get_text_range().replace("\r\n", "\n")
        if "発行日" in text:
            found.append(text)
        else:
            found[-1] += "\n" + text
    return [read(text) for text in found]


def read(text: str) -> Sheet:
    """Read one document."""
    kind = next(
        word
        for word in ("返還請求書", "領収書", "請求書")
        if re.search(rf"^{word}$", text, re.MULTILINE)
    )
    number = re.search(r"書類番号\s*([A-Z]-\d+)", text)
    assert number, text
    sheet = Sheet(
        kind=kind,
        number=number[1],
        text=text,
        currency="JPY" if "¥" in text.split("品名", maxsplit=1)[0] else "USD",
    )
    sheet.is_copy = bool(re.search(r"^写し \d+$", text, re.MULTILINE))
    sheet.is_inclusive = "対象額（税込）" in text
    body, _, sums = text.partition("対象額（")
    # What stands between two amounts belongs to the second, however the sheet is cut into lines
    row = ""
    for line in body.splitlines():
        row += line
        if match := re.search(rf"(\d+(?:\.\d+)?)% ({AMOUNT})$", line.strip()):
            sheet.lines.append((Decimal(match[1]), value_of(match[2]), "※" in row))
            row = ""
    for match in re.finditer(
        rf"(\d+(?:\.\d+)?)%対象\s+({AMOUNT})\s+({AMOUNT})(?:\s+({AMOUNT}))?", sums
    ):
        rate = Decimal(match[1])
        sheet.rates[rate] = (value_of(match[2]), value_of(match[3]))
        if match[4]:
            sheet.in_yen[rate] = value_of(match[4])
    if match := re.search(rf"(?:合計（税込）|返還額計（税込）)\s*({AMOUNT})", sums):
        sheet.total = value_of(match[1])
    if match := re.search(rf"消費税計\s*({AMOUNT})", sums):
        sheet.tax = value_of(match[1])
    return sheet


def wrong(sheet: Sheet) -> list[str]:
    """What one document breaks."""
    text, found = sheet.text, []
    is_qualified = "この書類は適格請求書ではありません" not in text
    number = re.search(r"登録番号\s*(T\d{13})(?!\d)", text)
    if is_qualified and not number:
        found.append("1 no registration number")
    # One that covers many transactions may state their period
    if not re.search(rf"(?:(?:取引日|返還日)|取引期間\s*{DAY}〜)\s*{DAY}", text):
        found.append("2 no transaction date")
    is_balance = sheet.number.startswith("B-") and not is_qualified
    if not sheet.lines and not is_balance:
        found.append("3 no goods")
    if any(is_marked != (rate == 8) for rate, _, is_marked in sheet.lines):
        found.append("3 the mark of the reduced rate")
    if any(rate == 8 for rate, _, _ in sheet.lines) and "※ は軽減税率（8%）の対象です" not in text:
        found.append("3 the mark is not explained")
    if not sheet.rates and not is_balance:
        found.append("4 no amount by rate")
    step = Decimal(1) if sheet.currency == "JPY" else Decimal("0.01")
    for rate in {rate for rate, _, _ in sheet.lines} | set(sheet.rates):
        printed = sum((amount for of, amount, _ in sheet.lines if of == rate), Decimal())
        amount, tax = sheet.rates.get(rate, (Decimal(), Decimal()))
        if printed != amount:
            found.append(f"4 {rate}%: lines come to {printed}, said is {amount}")
        exact = amount * rate / (100 + rate if sheet.is_inclusive else 100)
        if tax not in {exact.quantize(step, way) for way in ROUNDINGS}:
            found.append(f"5 {rate}%: tax {tax} of {amount} is no single rounding")
    if sheet.currency != "JPY" and set(sheet.in_yen) != set(sheet.rates):
        found.append("5 the tax is not stated in yen")
    if sheet.tax != sum((tax for _, tax in sheet.rates.values()), Decimal()):
        found.append("5 the taxes do not come to their sum")
    if sheet.total != sum((amount for amount, _ in sheet.rates.values()), Decimal()) + (
        0 if sheet.is_inclusive else sheet.tax
    ):
        found.append("4 the total is not the sum of its rates")
    if sheet.number[0] in "IB" and not re.search(
        r"\S (?:様|御中)", text.split("品名", maxsplit=1)[0]
    ):
        found.append("6 no addressee")
    if sheet.number.startswith("B-"):
        found += unbalanced(sheet)
    if sheet.kind == "返還請求書" and not re.search(
        rf"もとの請求書 [IS]-\d+（{DAY}発行、取引日 {DAY}）", re.sub(r"\s*\n", "", text)
    ):
        found.append("return: names no invoice")
    return found


def unbalanced(sheet: Sheet) -> list[str]:
    """Where a statement's balance does not come to what it asks for."""
    body = sheet.text.partition("前回御請求額")[2]
    match = re.search(rf"(?:{AMOUNT}\s+){{5,6}}{AMOUNT}", body)
    asked = re.search(rf"({AMOUNT})（税込）", sheet.text)
    if not match or not asked:
        return ["balance: not stated"]
    previous, received, carried, sales, tax, *before, due = map(
        value_of, re.findall(AMOUNT, match[0])
    )
    mall = re.search(rf"（モール負担）\s*({AMOUNT})", sheet.text)
    found = []
    if previous - received != carried:
        found.append("balance: what is carried over")
    if sales != sheet.total + (value_of(mall[1]) if mall else 0) or tax != sheet.tax:
        found.append("balance: the sales are not those of the invoice")
    if carried + sales + sum(before) != due or value_of(asked[1]) != due:
        found.append("balance: what is due")
    return found


def ways(sheets: list[Sheet]) -> set[str]:
    """By which single way of rounding all taxes of a house can be explained; none where lines were mixed."""
    fits = set(ROUNDINGS)
    for sheet in sheets:
        step = Decimal(1) if sheet.currency == "JPY" else Decimal("0.01")
        for rate, (amount, tax) in sheet.rates.items():
            exact = amount * rate / (100 + rate if sheet.is_inclusive else 100)
            fits &= {way for way in ROUNDINGS if exact.quantize(step, way) == tax}
    return fits


def gaps(sheets: list[Sheet]) -> list[str]:
    """Numbers that are missing or twice among the originals, by letter."""
    found = []
    for letter in {sheet.number[0] for sheet in sheets}:
        numbers = sorted(
            int(sheet.number[2:])
            for sheet in sheets
            if sheet.number[0] == letter and not sheet.is_copy
        )
        if numbers != list(range(1, len(numbers) + 1)):
            found.append(f"{letter}: {numbers}")
    return found


def doubtful(number: str) -> bool:
    """Whether the check digit of a corporation does not fit; a sole proprietor's number has none, so this only warns."""
    return not cn.is_valid(number.removeprefix("T"))
