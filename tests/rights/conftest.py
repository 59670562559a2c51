"""One database for the people of all roles, and one for each planted hole."""

from collections.abc import Iterator
from typing import Any

import pytest

import sql
from tests.conftest import Database, clone, drop
from tests.rights.people import World, arrange


@pytest.fixture(scope="session")
def arranged(server, template) -> Iterator[tuple[Database, Any, World]]:
    """A house that the tests only read, or try in vain to change."""
    database = clone(server, template)
    with (
        sql.connect(database.admin) as admin,
        sql.connect(database.worker, account_id=1) as worker,
    ):
        world = arrange(admin, worker)
        yield database, admin, world
    drop(server, database)


@pytest.fixture
def own_house(fresh_database) -> Iterator[tuple[Database, Any, Any, World]]:
    """A house that one test may break."""
    with (
        sql.connect(fresh_database.admin) as admin,
        sql.connect(fresh_database.worker, account_id=1) as worker,
    ):
        yield fresh_database, admin, worker, arrange(admin, worker)
