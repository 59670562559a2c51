"""Connections and houses for the ledger."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

import sql
from tests.ledger.shop import House, build


@pytest.fixture
def admin(fresh_database) -> Iterator[Any]:
    """The administrator in a database of this test's own."""
    with sql.connect(fresh_database.admin) as connection:
        yield connection


@pytest.fixture
def house(admin) -> House:
    return build(admin)


@pytest.fixture
def session(fresh_database) -> Iterator[Callable[..., Any]]:
    """Opens worker's connections; all are closed at the end."""
    with ExitStack() as stack:

        def opened(*, autocommit: bool = True) -> Any:
            return stack.enter_context(
                sql.connect(fresh_database.worker, account_id=1, autocommit=autocommit)
            )

        yield opened
