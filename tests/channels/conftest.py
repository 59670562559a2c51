"""Gives the inherited suite pytest's own messages."""

import pytest

for _part in ("channel_suite", "ground", "order_cases", "document_cases", "outgoing_cases"):
    pytest.register_assert_rewrite(f"tests.contract.{_part}")
