"""Read a remote document field by field; a field that is not as expected is a broken contract.

Unknown fields are never looked at. Messages name the path of a field and the kind found there,
never its value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar, cast

from sync.errors import ContractBroken, RemoteUnavailable

T = TypeVar("T")

AMOUNT_DIGITS_MAX: Final = 18
"""Digits of an amount before the point; more is not money but a mistake."""

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_CLOSING: Final = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class Doc:
    """A JSON object that knows where it came from."""

    body: Mapping[str, object]
    path: str = "$"

    def has(self, name: str) -> bool:
        """Say whether a field is there and not null."""
        return self.body.get(name) is not None

    def text(self, name: str) -> str:
        """Return a field that must be text, without characters that no database stores."""
        return storable(self._take(name, str))

    def text_or(self, name: str, default: str = "") -> str:
        """Return a text field that may be null or absent."""
        return self.text(name) if self.has(name) else default

    def code(self, name: str) -> str:
        """Return a text field that must not be empty: a number or code of theirs."""
        value = self.text(name).strip()
        if not value:
            raise ContractBroken(f"{self.path}.{name} is empty")
        return value

    def integer(self, name: str) -> int:
        """Return a field that must be a whole number (true and false are none)."""
        value = self._take(name, int)
        if isinstance(value, bool):
            raise ContractBroken(f"{self.path}.{name} is bool, not int")
        return value

    def boolean(self, name: str) -> bool:
        """Return a field that must be true or false."""
        return self._take(name, bool)

    def amount(self, name: str) -> Decimal:
        """Return an amount: a number, or text with a decimal point. Never a binary fraction."""
        value = self.body.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
            raise self._unlike(name, "an amount")
        try:
            amount = Decimal(value)
        except InvalidOperation as error:
            raise self._unlike(name, "an amount") from error
        if not amount.is_finite() or amount.adjusted() >= AMOUNT_DIGITS_MAX:
            raise ContractBroken(f"{self.path}.{name} is no finite amount of money")
        return amount

    def amount_or_none(self, name: str) -> Decimal | None:
        """Return an amount that may be null or absent."""
        return self.amount(name) if self.has(name) else None

    def moment(self, name: str) -> datetime:
        """Return a field that must be an ISO 8601 time with an offset."""
        try:
            value = datetime.fromisoformat(self.text(name))
        except ValueError as error:
            raise self._unlike(name, "a time") from error
        if value.tzinfo is None:
            raise ContractBroken(f"{self.path}.{name} has no offset")
        return value

    def moment_or_none(self, name: str) -> datetime | None:
        """Return a time that may be null, absent or empty."""
        return self.moment(name) if self.body.get(name) not in (None, "") else None

    def day_or_none(self, name: str) -> date | None:
        """Return an ISO 8601 day that may be null, absent or empty."""
        if self.body.get(name) in (None, ""):
            return None
        try:
            return date.fromisoformat(self.text(name))
        except ValueError as error:
            raise self._unlike(name, "a day") from error

    def child(self, name: str) -> Doc:
        """Go into a field that must be an object."""
        value = cast("dict[str, object]", self._take(name, dict))
        return Doc(value, f"{self.path}.{name}")

    def child_or_none(self, name: str) -> Doc | None:
        """Go into an object that may be null or absent."""
        return self.child(name) if self.has(name) else None

    def each(self, name: str) -> Iterator[Doc]:
        """Walk a field that must be a list of objects."""
        for index, item in enumerate(cast("list[object]", self._take(name, list))):
            where = f"{self.path}.{name}[{index}]"
            if not isinstance(item, dict):
                raise ContractBroken(f"{where} is {type(item).__name__}, not an object")
            yield Doc(cast("dict[str, object]", item), where)

    def texts(self, name: str) -> list[str]:
        """Return a field that must be a list of text."""
        values = cast("list[object]", self._take(name, list))
        for index, value in enumerate(values):
            if not isinstance(value, str):
                raise ContractBroken(f"{self.path}.{name}[{index}] is {type(value).__name__}")
        return [storable(value) for value in cast("list[str]", values)]

    def dump(self) -> bytes:
        """Write the object back as JSON, for the raw store. Amounts keep their digits."""
        return dump(self.body)

    def _take(self, name: str, kind: type[T]) -> T:
        value = self.body.get(name)
        if not isinstance(value, kind):
            raise self._unlike(name, kind.__name__)
        return value

    def _unlike(self, name: str, wanted: str) -> ContractBroken:
        found = type(self.body[name]).__name__ if name in self.body else "missing"
        return ContractBroken(f"{self.path}.{name} is {found}, not {wanted}")


def storable(text: str) -> str:
    """Drop NUL and unpaired surrogates: JSON may carry them, PostgreSQL refuses them."""
    return _UNSTORABLE.sub("", text)


def dump(value: Mapping[str, object]) -> bytes:
    """Write a document as JSON in UTF-8. A Decimal goes out as text."""
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace")


def load(body: bytes, where: str) -> Doc:
    """Read a JSON object.

    A cut-off or empty body and a page of HTML (maintenance) raise `RemoteUnavailable`: the next try
    may get the whole. Anything else that is not a JSON object raises `ContractBroken`.
    """
    text = body.decode("utf-8", "replace").strip()
    if not text:
        raise RemoteUnavailable(f"{where} answered an empty body")
    if text.startswith("<"):
        raise RemoteUnavailable(f"{where} answered a page of HTML, not JSON")
    try:
        value: object = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        if _is_cut_off(text, error):
            raise RemoteUnavailable(f"{where} answered JSON that ends too early") from error
        raise ContractBroken(f"{where} did not answer JSON") from error
    except (RecursionError, ValueError) as error:
        raise ContractBroken(f"{where} answered JSON that cannot be read") from error
    if not isinstance(value, dict):
        raise ContractBroken(f"{where} answered {type(value).__name__}, not an object")
    return Doc(cast("dict[str, object]", value), where)


def _no_number(name: str) -> object:
    message = f"{name} is no JSON number"
    raise ValueError(message)


def _is_cut_off(text: str, error: json.JSONDecodeError) -> bool:
    closing = _CLOSING.get(text[0])
    if closing is None or error.msg.startswith("Extra data"):
        return False
    is_at_end = error.pos >= len(text) or error.msg.startswith("Unterminated string")
    return is_at_end or not text.endswith(closing)
