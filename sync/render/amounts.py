"""Amounts and days as documents say them, in the language of their reader."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import UnknownLocaleError
from babel.numbers import get_currency_precision, get_currency_symbol

MINUS: Final = "−"


def amount(value: Decimal, currency_code: str) -> str:
    """An amount in its currency: `¥1,980`, `$19.80`, `CHF 5.00`; more decimals where it has them."""
    places = max(places_of(currency_code), -int(value.normalize().as_tuple().exponent))
    sign = MINUS if value < 0 else ""
    return f"{sign}{mark_of(currency_code)}{abs(value):,.{places}f}"


@cache
def places_of(code: str) -> int:
    """The decimals of a currency, as CLDR knows them; two for one that it does not."""
    try:
        return get_currency_precision(code)
    except (UnknownLocaleError, ValueError, KeyError):
        return 2


@cache
def mark_of(code: str) -> str:
    """The sign before an amount: ¥, $, €; the code and a space where there is none."""
    mark = get_currency_symbol(code, "en")
    return mark if mark != code else f"{code} "


def percent(rate: Decimal) -> str:
    """A tax rate: `10%`, `8%`, `7.7%`."""
    return f"{(rate * 100).normalize():f}%"


def day(moment: datetime | date, zone: ZoneInfo, language: str) -> str:
    """A day of the shop: `2026年11月26日`, `26 Nov 2026`."""
    local = moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
    if language == "ja":
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {local:%b} {local.year}"
