"""Values between PostgreSQL, forms, filters and JSON: one rule per kind of column, errors as sentences."""

import json
import math
import re
import unicodedata
import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from app.catalog import Argument, kind_of
from app.fab import spans
from app.words import t

TEXT_MAX = 100_000
ARRAY_MAX = 1_000
JSON_DEPTH_MAX = 32
UNKEPT = (
    "使えない文字（制御文字か、書く向きを変える印）があります。消してください。 | "
    "There are characters that cannot be kept: control characters, or marks that turn the direction "
    "of writing. Delete them."
)
_UNKEPT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_INTEGER_BITS = {"smallint": 16, "integer": 32, "bigint": 64}
_NUMERIC = re.compile(r"numeric\((\d+),(-?\d+)\)")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_RANGE = re.compile(r"\s*(empty|[\[(][^,]*,[^,]*[\])])\s*")
_YES, _NO = {"y", "yes", "true", "t", "1", "on"}, {"n", "no", "false", "f", "0", "off"}


class Typed(Protocol):
    """What has a PostgreSQL type: a column, or a parameter of a function."""

    @property
    def type(self) -> str: ...
    @property
    def kind(self) -> str: ...


class NotAValue(ValueError):
    """The text is not a value of the column's type; the sentence says what to write."""


def from_text(typed: Typed, text: str, zone: ZoneInfo) -> object:
    """The value that a person typed; an empty text is None. Raises NotAValue."""
    if typed.kind == "array":
        return _array(typed, [line.strip() for line in text.splitlines() if line.strip()], zone)
    if typed.kind == "text":
        return _text(text) or None
    stripped = text.strip()
    return _scalar(typed.kind, typed.type, stripped, zone) if stripped else None


def from_json(typed: Typed, value: object, zone: ZoneInfo) -> object:
    """The value in a JSON document, as strictly as its type allows. Raises NotAValue."""
    if value is None:
        return None
    if typed.kind == "json":
        return _document(value)
    if typed.kind == "array":
        if not isinstance(value, list):
            raise NotAValue(t("一覧（[…]）で書いてください。 | Write a list ([…])."))
        return _array(typed, value, zone)
    if isinstance(value, bool):
        if typed.kind != "boolean":
            raise NotAValue(t("true・falseは書けません。 | true and false cannot stand here."))
        return value
    if isinstance(value, int | float) and typed.kind in ("integer", "numeric", "float"):
        return _scalar(typed.kind, typed.type, repr(value), zone)
    if not isinstance(value, str):
        raise NotAValue(t("文字列で書いてください。 | Write a string."))
    if typed.kind == "text":
        return _text(value)
    if not value.strip():
        return None
    return _scalar(typed.kind, typed.type, value.strip(), zone)


def to_text(value: object, zone: ZoneInfo) -> str:
    """A value as an input field holds it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            local = value.astimezone(zone) if value.tzinfo else value
            return local.replace(tzinfo=None).isoformat(timespec="seconds")
        case date() | time():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case timedelta():
            return spans.said(value)
        case dict():
            return json.dumps(value, ensure_ascii=False, indent=1)
        case list() | tuple():
            return "\n".join(to_text(item, zone) for item in value)
        case _:
            return _range_text(value) if hasattr(value, "isempty") else str(value)


def to_json(value: object) -> object:
    """A value as the REST answers hold it: exact numbers as text, times with their offset."""
    match value:
        case None | bool() | int() | str() | dict():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case list() | tuple():
            return [to_json(item) for item in value]
        case bytes() | memoryview():
            return None
        case _:
            return _range_text(value) if hasattr(value, "isempty") else str(value)


def shown(value: object, zone: ZoneInfo, *, grouped: bool = True) -> str:
    """A value as a page shows it: amounts with their thousands, times in the shop's zone."""
    match value:
        case None:
            return ""
        case bool():
            return t("はい | Yes") if value else t("いいえ | No")
        case int():
            return f"{value:,}" if grouped else str(value)
        case Decimal():
            trimmed = _trimmed(value)
            return f"{trimmed:,f}" if grouped else f"{trimmed:f}"
        case datetime():
            local = value.astimezone(zone) if value.tzinfo else value
            return f"{local:%Y-%m-%d %H:%M}"
        case timedelta():
            return spans.said(value)
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case list() | tuple():
            return "、".join(shown(item, zone, grouped=grouped) for item in value)
        case bytes() | memoryview():
            return t("{size}バイト | {size} bytes", size=len(value))
        case _:
            return _range_text(value) if hasattr(value, "isempty") else str(value)


def short_moment(value: datetime, zone: ZoneInfo) -> str:
    """A moment as lists say it: the time for today, else the day and the time, the year when it is another."""
    local = value.astimezone(zone) if value.tzinfo else value
    now = datetime.now(zone)
    if local.date() == now.date():
        return f"{local:%H:%M}"
    if local.year == now.year:
        return t("{d:%m/%d} {d:%H:%M} | {d.day} {d:%b} {d:%H:%M}", d=local)
    return t("{d:%Y/%m/%d} {d:%H:%M} | {d.day} {d:%b} {d:%Y} {d:%H:%M}", d=local)


def _trimmed(value: Decimal) -> Decimal:
    """An amount without idle zeros: whole, or with two decimals and as many more as it has."""
    if not value.is_finite():
        return value
    if value == value.to_integral_value():
        return value.quantize(Decimal(1))
    short = value.normalize()
    return short.quantize(Decimal("0.01")) if int(short.as_tuple().exponent) > -2 else short


def _range_text(value: Any) -> str:
    """A range in PostgreSQL's own writing: an open end is empty."""
    if value.isempty:
        return "empty"
    low, high = ("" if end is None else str(to_json(end)) for end in (value.lower, value.upper))
    return f"{value.bounds[0]}{low},{high}{value.bounds[1]}"


def _scalar(kind: str, type_name: str, text: str, zone: ZoneInfo) -> object:
    parse = {
        "integer": lambda: _integer(text, type_name),
        "numeric": lambda: _numeric(text, type_name),
        "float": lambda: _float(text),
        "boolean": lambda: _boolean(text),
        "date": lambda: _date(text),
        "moment": lambda: _moment(text, zone),
        "datetime": lambda: _moment(text, zone).replace(tzinfo=None),
        "time": lambda: _time(text),
        "json": lambda: _json(text),
        "uuid": lambda: _uuid(text),
        "range": lambda: _range(text),
        "interval": lambda: _span(text),
    }.get(kind)
    return parse() if parse else _text(text)


def _span(text: str) -> object:
    """A span in words of either language; what else PostgreSQL understands is left to it."""
    span = spans.span_of(text)
    return _text(text) if span is None else span


def _text(text: str) -> str:
    if len(text) > TEXT_MAX:
        raise NotAValue(
            t("{n}文字までです。 | At most {n} characters.", n=f"{TEXT_MAX:,}"),
        )
    if unkept(text):
        raise NotAValue(t(UNKEPT))
    return text.replace("\r\n", "\n")


def unkept(text: str) -> bool:
    """Whether a text holds what is never kept: control characters, marks that turn writing round, half characters."""
    return bool(_UNKEPT.search(text))


def dropped(text: str) -> str:
    """A text without the characters that are never kept."""
    return _UNKEPT.sub("", text)


def plainly(text: str) -> str:
    """A number as a person types it: full-width digits, thousands, a yen sign and 円 are taken away.

    A comma that does not part groups of three stays: 1,5 must not become 15.
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-")
    plain = plain.strip().removeprefix("¥").removesuffix("円").strip()
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain


def _number(text: str) -> str:
    plain = plainly(text)
    if "," in plain:
        raise NotAValue(
            t(
                "コンマは三桁ごとの区切りにだけ使えます。小数は点です。例: 1,980、1.5 | "
                "A comma parts groups of three digits only; decimals take a point: 1,980 or 1.5."
            )
        )
    return plain


def _integer(text: str, type_name: str) -> int:
    plain = _number(text)
    if len(plain) > 20 or not re.fullmatch(r"[+-]?[0-9]+", plain):
        raise NotAValue(t("整数を書いてください。例: 12 | Write a whole number, such as 12."))
    number, half = int(plain), 1 << (_INTEGER_BITS.get(type_name, 64) - 1)
    if not -half <= number < half:
        raise NotAValue(
            t("{a}から{b}までです。 | Between {a} and {b}.", a=f"{-half:,}", b=f"{half - 1:,}")
        )
    return number


def _numeric(text: str, type_name: str) -> Decimal:
    limit = _NUMERIC.fullmatch(type_name)
    # What is less than ten by its type is a share: 10 % is 0.1
    is_percent = limit is not None and int(limit[1]) - int(limit[2]) <= 1 and text[-1:] in "%％"
    said = text[:-1].rstrip() if is_percent else text
    try:
        number = Decimal(_number(said)) if len(said) <= 60 else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 60:
        raise NotAValue(t("数を書いてください。例: 1980 | Write a number, such as 1980."))
    if is_percent:
        number = number.scaleb(-2)
    if limit:
        precision, scale = int(limit[1]), int(limit[2])
        if -int(number.normalize().as_tuple().exponent) > scale:
            raise NotAValue(
                t("小数は{n}桁までです。 | At most {n} decimals.", n=scale),
            )
        if abs(number) >= Decimal(10) ** (precision - scale):
            raise NotAValue(
                t(
                    "整数部は{n}桁までです。 | At most {n} digits before the point.",
                    n=precision - scale,
                )
            )
    return number


def _float(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise NotAValue(t("数を書いてください。例: 0.5 | Write a number, such as 0.5."))
    return number


def _boolean(text: str) -> bool:
    if (word := text.lower()) in _YES | _NO:
        return word in _YES
    raise NotAValue(t("「はい」か「いいえ」です。 | Yes or no."))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise NotAValue(
            t("日付を書いてください。例: 2026-11-24 | Write a date, such as 2026-11-24.")
        ) from None


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise NotAValue(
            t("時刻を書いてください。例: 14:02 | Write a time, such as 14:02.")
        ) from None


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace("/", "-"))
        return found if found.tzinfo else found.replace(tzinfo=zone)
    except ValueError:
        raise NotAValue(
            t(
                "日時を書いてください。例: 2026-11-24 14:02 | Write a time, such as 2026-11-24 14:02."
            )
        ) from None


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotAValue(t("UUIDを書いてください。 | Write a UUID.")) from None


def _range(text: str) -> str:
    if not _RANGE.fullmatch(text):
        raise NotAValue(
            t(
                "範囲を書いてください。例: [2026-11-01,2026-12-01) | "
                "Write a range, such as [2026-11-01,2026-12-01)."
            )
        )
    return _text(text)


def _json(text: str) -> object:
    try:
        return _document(json.loads(_text(text)))
    except (json.JSONDecodeError, RecursionError):
        raise NotAValue(
            t('JSONを書いてください。例: {{"a": 1}} | Write JSON, such as {{"a": 1}}.', n=1)
        ) from None


def _document(value: object, depth: int = 0) -> object:
    if depth > JSON_DEPTH_MAX:
        raise NotAValue(t("JSONの入れ子が深すぎます。 | The JSON is nested too deeply."))
    match value:
        case dict():
            return {_text(str(key)): _document(item, depth + 1) for key, item in value.items()}
        case list():
            return [_document(item, depth + 1) for item in value]
        case str():
            return _text(value)
        case float() if not math.isfinite(value):
            raise NotAValue(t("JSONにNaN・Infinityは書けません。 | JSON has no NaN or Infinity."))
        case _:
            return value


def _array(typed: Typed, items: Sequence[object], zone: ZoneInfo) -> list[object]:
    if len(items) > ARRAY_MAX:
        raise NotAValue(t("{n}個までです。 | At most {n} entries.", n=ARRAY_MAX))
    item_type = typed.type.removesuffix("[]")
    item = Argument(name="", type=item_type, kind=kind_of(item_type), has_default=False)
    return [from_json(item, value, zone) for value in items]
