"""Cases about documents as remotes write them: kept ones, and those made from them by damage."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from sync import contract, errors, registry
from tests.contract.faults import refuse
from tests.contract.ground import Ground, needs


class DocumentCases(Ground):
    """Parsing."""

    def fixtures(self, kind: str) -> Mapping[str, bytes]:
        """Documents of a kind (order, listing) as the remote writes them."""
        folder = registry.CHANNELS / self.code / "fixtures"
        return {path.name: path.read_bytes() for path in sorted(folder.glob(f"{kind}-*.json"))}

    def broken(self) -> Mapping[str, str]:
        """Fixtures that must not parse, and their error."""
        path = registry.CHANNELS / self.code / "fixtures" / "errors.toml"
        return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}

    def parse(self, kind: str, name: str, body: bytes) -> Any:
        """Parse a document without any network."""
        channel = self.connect(httpx.MockTransport(refuse), {})
        raw = contract.Raw(external_no=Path(name).stem, changed_at=None, body=body)
        return channel.parse_order(raw) if kind == "order" else channel.parse_listing(raw)

    @needs("remote")
    @pytest.mark.parametrize("kind", ["order", "listing"])
    def test_every_fixture_parses_or_is_listed_with_its_error(self, kind: str) -> None:
        fixtures = self.fixtures(kind)
        assert fixtures, f"no fixtures/{kind}-*.json"
        for name, body in fixtures.items():
            expected = self.broken().get(name)
            if expected is None:
                assert self.parse(kind, name, body) == self.parse(kind, name, body)
            else:
                with pytest.raises(getattr(errors, expected)):
                    self.parse(kind, name, body)

    @needs("remote")
    @pytest.mark.parametrize("kind", ["order", "listing"])
    def test_unknown_fields_are_ignored(self, kind: str) -> None:
        for name, body in self._good(kind):
            plain = self.parse(kind, name, body)
            value = json.loads(body)
            for item in list(objects(value)):
                item["brandNewField"] = {"of": ["any", 1, None]}
            assert self.parse(kind, name, json.dumps(value).encode()) == plain

    @needs("remote")
    @pytest.mark.parametrize("kind", ["order", "listing"])
    def test_a_missing_or_changed_field_breaks_the_contract_and_nothing_else(
        self, kind: str
    ) -> None:
        """Each field in turn is taken away and given other types: a draft, or `ContractBroken`."""
        broken = 0
        for name, body in self._good(kind):
            for changed in mutations(json.loads(body)):
                try:
                    self.parse(kind, name, json.dumps(changed).encode())
                except errors.ContractBroken:
                    broken += 1
        assert broken > 20

    @needs("orders", "remote")
    def test_what_an_order_cannot_do_without_is_asked_for(self) -> None:
        """At least number, times, lines, listing, quantity, price and total are required."""
        name, body = next(self._good("order"))
        required = 0
        for changed in removals(json.loads(body)):
            with_error = False
            try:
                self.parse("order", name, json.dumps(changed).encode())
            except errors.ContractBroken:
                with_error = True
            required += with_error
        assert required >= 12

    @needs("remote")
    def test_text_that_no_database_stores_is_cleaned(self) -> None:
        for name, body in self._good("order"):
            text = body.decode().replace("備考", "備\\u0000考\\ud800")
            draft = self.parse("order", name, text.encode())
            draft.buyer_note.encode("utf-8")
            assert "\x00" not in draft.buyer_note

    def _good(self, kind: str) -> Iterator[tuple[str, bytes]]:
        broken = self.broken()
        return ((n, body) for n, body in self.fixtures(kind).items() if n not in broken)


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Walk all objects of a document."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from objects(item)


def removals(value: Any) -> Iterator[Any]:
    """Yield the document without each of its fields in turn."""
    for path in paths(value):
        changed = copy.deepcopy(value)
        holder = changed
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
        yield changed


def mutations(value: Any) -> Iterator[Any]:
    """Yield the document with each field in turn removed, and of other types and wild values."""
    yield from removals(value)
    wild = (None, True, 0, -1, 10**30, 1.5, "", "x", "NaN", "2026-13-45", [], [1], {}, {"a": None})
    for path in paths(value):
        for other in wild:
            changed = copy.deepcopy(value)
            holder = changed
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = other
            yield changed


def paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Walk the fields of a document; of a list only its first item."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield (*before, name)
            yield from paths(item, (*before, name))
    elif isinstance(value, list) and value:
        yield from paths(value[0], (*before, 0))
