"""Databases of the loader's own, and connections for single questions."""

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

import sql
from tests.ledger.shop import House, build


@pytest.fixture
def admin(fresh_database) -> Iterator[Any]:
    with sql.connect(fresh_database.admin) as connection:
        yield connection


@pytest.fixture
def house(admin) -> House:
    return build(admin)


@pytest.fixture
def as_staff(fresh_database, admin) -> Iterator[Callable[..., Any]]:
    """Opens the web's connection as somebody of a role who sees everything."""
    with ExitStack() as stack:

        def opened(role: str) -> Any:
            account_id = admin.execute(
                "insert into staff.account (login_name, display_name, staff_role, sees_all_shops, sees_all_warehouses)"
                " values (%(role)s::text, %(role)s::text, %(role)s::text, true, true) returning account_id",
                {"role": role},
            ).fetchone()[0]
            web = stack.enter_context(sql.connect(fresh_database.web, account_id=account_id))
            web.execute(f"set role daicho_{role}")
            return web

        yield opened


@pytest.fixture
def staff(as_staff: Callable[..., Any]) -> Callable[[str], Any]:
    """The connection of one person of each role, opened at its first use."""
    return functools.cache(as_staff)


@pytest.fixture
def owner(staff: Callable[[str], Any]) -> Any:
    return staff("owner")
