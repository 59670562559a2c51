"""What every channel must do. Inherited, never copied.

The test file of a connector is ``class TestRakuten(ChannelSuite, code="rakuten"): ...`` and its
special cases. Cases are chosen by what the class can do. A case that does not hold for a channel
that has the capability needs its name and a reason under ``[exempt]`` in the manifest.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sync import contract, errors, registry
from tests.contract.document_cases import DocumentCases
from tests.contract.faults import FAULTS
from tests.contract.ground import Recorder, needs
from tests.contract.order_cases import OrderCases
from tests.contract.outgoing_cases import OutgoingCases

HEADINGS = ("Get credentials", "Set up", "Known limits", "Troubleshooting", "Remove")


class ChannelSuite(OrderCases, DocumentCases, OutgoingCases):
    """All cases, and those about the connector itself and a remote that fails."""

    # --- The connector says what it is ---

    def test_manifest_class_and_folder_agree(self) -> None:
        manifest = registry.manifest(self.code)
        found = registry.channel_class(self.code)
        assert found.code == manifest.code == self.code
        assert contract.capabilities(found) == manifest.capabilities
        folder = registry.CHANNELS / self.code
        wanted = {"manifest.toml", "__init__.py", "channel.py", "mapping.py", "README.md"}
        assert wanted <= {path.name for path in folder.iterdir()}

    def test_a_class_implements_all_that_its_protocols_ask(self) -> None:
        found = registry.channel_class(self.code)
        assert getattr(found, "__abstractmethods__", frozenset()) == frozenset()

    def test_every_exemption_names_a_case_and_a_reason(self) -> None:
        for name, reason in registry.manifest(self.code).exemptions.items():
            assert hasattr(self, name), name
            assert len(reason) > 20, f"{name} needs a reason"

    def test_the_readme_has_its_headings(self) -> None:
        text = (registry.CHANNELS / self.code / "README.md").read_text("utf-8")
        headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
        for heading in HEADINGS:
            assert any(line.endswith(f"| {heading}") for line in headings), heading

    @needs("stock")
    def test_the_batch_size_is_the_published_one(self) -> None:
        found: Any = registry.channel_class(self.code)
        assert found.stock_batch_max == registry.manifest(self.code).sizes["stock_batch"]

    def test_mapping_is_pure(self) -> None:
        """No network, clock, randomness, files or settings: by what it imports and calls."""
        path = registry.CHANNELS / self.code / "mapping.py"
        tree = ast.parse(path.read_text("utf-8"))
        imported: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            if isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
        impure = {"httpx", "time", "random", "secrets", "os", "io", "pathlib", "socket", "config"}
        assert imported & impure == set()
        called = {
            node.func.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert called & {"now", "today", "utcnow"} == set()

    # --- The remote is there, or is not ---

    @needs("remote")
    def test_check_names_the_shop(self, channel: Any, fake: Any) -> None:
        assert channel.check().shop_name == fake.shop_name

    @needs("remote")
    def test_closing_twice_is_no_error(self, channel: Any) -> None:
        channel.close()
        channel.close()

    @needs("remote")
    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("call", ["check", "fetch_orders", "set_stock"])
    def test_a_fault_gives_its_error(
        self, channel: Any, recorder: Recorder, fault: str, call: str
    ) -> None:
        answer, expected, after_s = FAULTS[fault]
        channel.check()
        recorder.failure, recorder.fail_from = answer, 0
        with pytest.raises(expected) as caught:
            self._call(channel, call)
        if after_s is not None:
            assert caught.value.retry_after_s == after_s  # type: ignore[attr-defined]

    def _call(self, channel: Any, call: str) -> None:
        can = contract.capabilities(type(channel))
        if call == "fetch_orders" and "orders" in can:
            list(channel.fetch_orders(None))
        elif call == "set_stock" and "stock" in can:
            channel.set_stock([contract.StockLevel(external_listing_no="a/b", level=1)])
        else:
            channel.check()

    @needs("remote")
    def test_an_answer_without_end_is_not_read(self, recorder: Recorder, channel: Any) -> None:
        def endless() -> Iterator[bytes]:
            while True:
                yield b" " * 1_000_000

        recorder.failure = lambda _: httpx.Response(200, content=endless())
        recorder.fail_from = 0
        with pytest.raises(errors.ContractBroken):
            channel.check()
