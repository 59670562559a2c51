"""What may leave the house: on only where a person turned it on, off in every copy."""

import pytest

import sql
from sql.errors import NotAllowed, NotThere
from tests.conftest import clone, drop
from tests.ledger.shop import Draft, accept, order_id, receive

KINDS = ("stock", "shipment")


def on(connection) -> dict[str, bool]:
    return {kind: sql.value(connection, "transit.outgoing_is_on", kind) for kind in KINDS}


def claimed(worker, house) -> int:
    return len(sql.call(worker, "transit.push_claim", house.shops["one"], "stock", 100, "1 minute"))


def test_everything_is_off_until_a_person_turns_it_on(worker, admin, house, as_staff):
    assert on(worker) == {"stock": False, "shipment": False}
    assert claimed(worker, house) == 0
    assert sql.call(worker, "transit.shops_due", "stock") == []
    manager = as_staff("manager")
    sql.call(manager, "transit.outgoing_set", "stock", True)
    assert on(worker) == {"stock": True, "shipment": False}
    who = admin.execute("select changed_by from transit.outgoing where kind = 'stock'").fetchone()
    assert who[0] == sql.value(manager, "access.account_id")
    assert [row[0] for row in sql.call(worker, "transit.shops_due", "stock")] != []
    assert claimed(worker, house) == 5
    sql.call(manager, "transit.outgoing_set", "stock", False)
    assert on(worker)["stock"] is False
    with pytest.raises(NotThere):
        sql.call(manager, "transit.outgoing_set", "rockets", True)
    with pytest.raises(NotAllowed):
        sql.call(as_staff("order_desk"), "transit.outgoing_set", "stock", True)


def test_a_copied_database_sends_nothing_until_told(server, fresh_database, worker, admin, house):
    for kind in KINDS:
        sql.call(worker, "transit.outgoing_set", kind, True)
    receive(worker, house, a=3)
    accept(worker, house, Draft(no="1", lines=(("a", 1),)))
    sql.call(worker, "shipping.shipment_post", order_id(worker, house, "1"), "yamato", "1")
    worker.close()
    admin.close()
    copy = clone(server, fresh_database.name)
    try:
        with sql.connect(copy.worker, account_id=1) as there:
            assert on(there) == {"stock": False, "shipment": False}
            assert claimed(there, house) == 0
            assert sql.call(there, "transit.shops_due", "stock") == []
            # one kind turned on there does not wake the other, which the original had on
            sql.call(there, "transit.outgoing_set", "shipment", True)
            assert on(there) == {"stock": False, "shipment": True}
        with sql.connect(fresh_database.worker, account_id=1) as original:
            assert on(original) == {"stock": True, "shipment": True}
    finally:
        drop(server, copy)


def test_a_restored_database_is_held(worker):
    sql.call(worker, "transit.outgoing_set", "stock", True)
    sql.call(worker, "transit.outgoing_hold")
    assert on(worker) == {"stock": False, "shipment": False}


def test_a_renamed_database_goes_on(server, fresh_database, worker, admin):
    """Its number is its own, whatever it is called."""
    sql.call(worker, "transit.outgoing_set", "stock", True)
    worker.close()
    admin.close()
    with sql.connect(server.admin_url) as outside:
        outside.execute(f"alter database {fresh_database.name} rename to {fresh_database.name}_x")
        try:
            with sql.connect(
                fresh_database.worker.replace(fresh_database.name, f"{fresh_database.name}_x"),
                account_id=1,
            ) as there:
                assert on(there)["stock"] is True
        finally:
            outside.execute(
                f"alter database {fresh_database.name}_x rename to {fresh_database.name}"
            )
