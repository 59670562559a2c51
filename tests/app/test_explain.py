"""Why an order waits: a slip opens for everybody who may read orders, in scope and with its reasons."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

import sql
from tests.app.shopfront import ROLES, Person, take_order

READERS = tuple(role for role in ROLES if role != "merchandiser")


@pytest.fixture(scope="module")
def waiting(house: Any) -> int:
    """An order on hold, by the rule about a buyer's note."""
    with sql.connect(house.worker, account_id=1) as worker:
        return take_order(worker, "EXPLAIN-1", "急ぎません")


def test_the_readers_are_those_who_may_read_orders(admin: Any) -> None:
    found = {
        role
        for role in ROLES
        for (may,) in admin.execute(
            "select has_table_privilege(%s, 'sales.sales_order', 'select')", (f"daicho_{role}",)
        ).fetchall()
        if may
    }
    assert found == set(READERS)


@pytest.mark.parametrize("role", READERS)
def test_a_slip_opens_with_its_reasons(
    role: str, signed_in: Callable[[str], Person], waiting: int, admin: Any
) -> None:
    holds = admin.execute(
        "select split_part(rule.rule_name, ' | ', 1) from sales.hold as hold join sales.hold_rule as rule using (hold_rule_id)"
        " where hold.sales_order_id = %s and hold.released_at is null",
        (waiting,),
    ).fetchall()
    assert holds
    page = signed_in(role).get(f"/sales/sales_order/show/{waiting}")
    assert page.status_code == 200
    text = html.unescape(page.text)
    for (name,) in holds:
        assert f"ルール「{name}」v" in text, name


def test_reasons_that_may_not_be_read_leave_the_page(
    app: Flask, signed_in: Callable[[str], Person], waiting: int, admin: Any
) -> None:
    person = signed_in("analyst")
    generations = app.extensions["generations"]
    admin.execute("revoke select on sales.hold_rule from daicho_analyst")
    try:
        generations.refresh()
        page = person.get(f"/sales/sales_order/show/{waiting}")
        assert page.status_code == 200
        assert "EXPLAIN-1" in page.text
        assert "ルール「" not in page.text
    finally:
        admin.execute("grant select on sales.hold_rule to daicho_analyst")
        generations.refresh()
