"""No order of work makes the ledger say what is not so."""

import pytest
from hypothesis.stateful import run_state_machine_as_test

import sql
from tests.ledger.machine import Ledger, with_examples


@pytest.fixture(scope="module")
def connected(server, template):
    from tests.conftest import clone, drop

    database = clone(server, template)
    with sql.connect(database.admin) as connection:
        Ledger.admin = connection
        yield
    drop(server, database)


@pytest.mark.usefixtures("connected")
def test_the_ledger_is_right_after_any_work():
    run_state_machine_as_test(Ledger, settings=with_examples(40, 25))
