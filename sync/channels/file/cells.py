"""From the text of a cell to a value. Pure; what cannot be read raises `CellWrong`."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

QUANTITY_MAX: Final = 10_000_000
AMOUNT_MAX: Final = Decimal(10) ** 15
DECIMALS_MAX: Final = 4
SHOWN_MAX: Final = 40
CACHE: Final = 65_536

NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
SCIENTIFIC: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)
MONTHS: Final = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
EATEN_DATE: Final = re.compile(
    rf"[0-9]{{1,2}}月[0-9]{{1,2}}日|[0-9]{{1,4}}年[0-9]{{1,2}}月([0-9]{{1,2}}日)?|(?:{MONTHS})-[0-9]{{2,4}}"
    rf"|[0-9]{{1,2}}-(?:{MONTHS})|[0-9]{{4}}/[0-9]{{1,2}}/[0-9]{{1,2}}(?: 0:00(?::00)?)?"
)
EXCEL_ERROR: Final = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|#+)|#{3,}")
FORMULA_TEXT: Final = re.compile(r'="([^"]*)"')
MONEY_SIGNS: Final = re.compile(r"^[¥\\£$€]|円$")
TRUE: Final = frozenset({"1", "true", "yes", "y", "on", "はい", "有", "あり", "○", "◯", "済"})
FALSE: Final = frozenset({"", "0", "false", "no", "n", "off", "いいえ", "無", "なし", "×"})
EXCEL_HINT: Final = (
    "表計算ソフトで開いて保存すると番号が壊れます。元のファイルを、開かずに取り込んでください。"
    " | A spreadsheet damages numbers when it saves a CSV: import the file as it was exported, without"
    " opening it there."
)


class CellWrong(ValueError):
    """The text of a cell is not what its column should hold; said in both languages."""

    def __init__(self, reason: str, *, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


def shown(text: str) -> str:
    """Shorten a value for a message."""
    return text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 1] + "…"


@lru_cache(CACHE)
def code(text: str) -> str:
    """Read a code or number of theirs: text as it stands, whole.

    What a spreadsheet made of a code is refused: 1.23E+11, a date, #N/A. `="000123"`, written to
    keep zeros, is 000123.
    """
    value = text.strip()
    if wrapped := FORMULA_TEXT.fullmatch(value):
        value = wrapped.group(1).strip()
    if SCIENTIFIC.fullmatch(value):
        raise CellWrong(
            f"「{shown(value)}」は指数の形に変わった番号です | {shown(value)!r} is a number that"
            " was turned into an exponent",
            hint=EXCEL_HINT,
        )
    if EATEN_DATE.fullmatch(value):
        raise CellWrong(
            f"「{shown(value)}」は日付に変わった番号です | {shown(value)!r} is a code that was turned"
            " into a date",
            hint=EXCEL_HINT,
        )
    if EXCEL_ERROR.fullmatch(value):
        raise CellWrong(
            f"「{shown(value)}」は表計算ソフトのエラー表示です | {shown(value)!r} is an error of a"
            " spreadsheet",
            hint=EXCEL_HINT,
        )
    return value


@lru_cache(CACHE)
def amount(text: str, point: str, thousands: str) -> Decimal:
    """Read an amount of money, at most four decimals."""
    value = MONEY_SIGNS.sub("", unicodedata.normalize("NFKC", text).strip()).strip()
    value = value.replace("−", "-").replace("▲", "-").replace("△", "-")
    if SCIENTIFIC.fullmatch(value):
        raise CellWrong(
            f"「{shown(value)}」は指数の形に変わった金額です | {shown(value)!r} is an amount that was"
            " turned into an exponent",
            hint=EXCEL_HINT,
        )
    value = _plain(text, value, point, thousands)
    if not NUMBER.fullmatch(value):
        raise CellWrong(f"「{shown(text)}」は金額ではありません | {shown(text)!r} is not an amount")
    found = Decimal(value)
    if abs(found) >= AMOUNT_MAX or found != round(found, DECIMALS_MAX):
        raise CellWrong(
            f"「{shown(text)}」は扱える桁を超えます（小数 4 桁、15 桁まで） | {shown(text)!r} has too"
            " many digits (15, four of decimals)"
        )
    return found


@lru_cache(CACHE)
def quantity(text: str, point: str = ".", thousands: str = ",") -> int:
    """Read a whole number of pieces, signed."""
    value = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    value = _plain(text, value, point, thousands)
    if NUMBER.fullmatch(value):
        found = Decimal(value)
        if found == int(found) and abs(found) <= QUANTITY_MAX:
            return int(found)
    raise CellWrong(
        f"「{shown(text)}」は数量ではありません（1,000 万までの整数） | {shown(text)!r} is not a"
        " quantity (a whole number, ten million at most)"
    )


def _plain(text: str, value: str, point: str, thousands: str) -> str:
    """Take the marks of thousands away and write the decimal mark as a point.

    A mark that does not part groups of three is a decimal mark of another land, or a slip: 1,5 must
    not become 15.
    """
    if thousands and thousands in value:
        grouped = (
            rf"[+-]?[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+(?:{re.escape(point)}[0-9]+)?"
        )
        if not re.fullmatch(grouped, value):
            raise CellWrong(
                f"「{shown(text)}」の「{thousands}」は三桁ごとの区切りではありません |"
                f" {shown(text)!r}: {thousands!r} does not part groups of three digits",
                hint=f"1{thousands}234{point}5 のように書くか、「{thousands}」を除きます。小数点が「{thousands}」なら、対応表の"
                f" decimal に書きます。 | Write 1{thousands}234{point}5, or leave {thousands!r} out. If it is the"
                " decimal mark, say so in the column map (decimal).",
            )
        value = value.replace(thousands, "")
    if point != ".":
        value = "?" if "." in value else value.replace(point, ".")
    return value


@lru_cache(CACHE)
def moment(text: str, forms: tuple[str, ...], zone: str) -> datetime:
    """Read a time in one of the forms, in the zone where it has none; the answer is in UTC."""
    value = unicodedata.normalize("NFKC", text).strip()
    for form in forms:
        try:
            found = datetime.strptime(value, form)  # noqa: DTZ007 - its zone is put on below
        except ValueError:
            continue
        if found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(zone))
        return found.astimezone(UTC)
    raise CellWrong(
        f"「{shown(text)}」は日時として読めません（{forms[0]} など） | {shown(text)!r} is not a time of"
        f" a known form (such as {forms[0]})"
    )


@lru_cache(CACHE)
def day(text: str, forms: tuple[str, ...]) -> date:
    """Read a day in one of the forms."""
    value = unicodedata.normalize("NFKC", text).strip()
    for form in forms:
        try:
            return datetime.strptime(value, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise CellWrong(
        f"「{shown(text)}」は日付として読めません（{forms[0]} など） | {shown(text)!r} is not a day of a"
        f" known form (such as {forms[0]})"
    )


def percent(text: str) -> Decimal:
    """Read a tax rate in percent as a fraction: 8 or 8% is 0.08."""
    value = unicodedata.normalize("NFKC", text).strip().removesuffix("%").strip()
    if not NUMBER.fullmatch(value) or not 0 <= Decimal(value) <= 100:
        raise CellWrong(
            f"「{shown(text)}」は税率ではありません（0〜100 の %） | {shown(text)!r} is not a tax rate (0"
            " to 100 %)"
        )
    return Decimal(value) / 100


def yes(text: str) -> bool:
    """Read a flag."""
    value = unicodedata.normalize("NFKC", text).strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise CellWrong(
        f"「{shown(text)}」は有無（1 か 0）ではありません | {shown(text)!r} is not a flag (1 or 0)"
    )
