"""What staff correct on an order holds, until the shop itself says something else."""

from tests.ledger.shop import BUYER, Draft, accept, arrived, holds, order_id, receive, status

NO_PHONE = {**BUYER, "phone": ""}


def take(worker, house, draft):
    accept(worker, house, arrived(worker, house, draft))


def test_a_corrected_recipient_releases_the_order_and_survives_the_shops_next_word(
    house, worker, as_staff
):
    receive(worker, house, a=10)
    first = Draft(no="1", lines=(("a", 1),), more=(("recipient", NO_PHONE),))
    take(worker, house, first)
    assert status(worker, house, "1") == "on_hold"
    assert "recipient_incomplete" in holds(worker, house, "1")

    desk = as_staff("order_desk")
    desk.execute(
        "update sales.sales_order_party set recipient_phone = '0312345678' where sales_order_id = %s",
        (order_id(worker, house, "1"),),
    )
    assert status(worker, house, "1") == "ready_to_ship"

    # The shop changes a quantity and says the same address again: the correction stays
    take(worker, house, Draft(no="1", lines=(("a", 2),), at=10, more=(("recipient", NO_PHONE),)))
    assert status(worker, house, "1") == "ready_to_ship"
    phone = worker.execute(
        "select recipient_phone from sales.sales_order_party where sales_order_id = %s",
        (order_id(worker, house, "1"),),
    ).fetchone()
    assert phone == ("0312345678",)

    # The buyer moves, and the new address has no phone again: the shop's word counts
    elsewhere = {**NO_PHONE, "address_line1": "丸の内9-9-9"}
    take(worker, house, Draft(no="1", lines=(("a", 2),), at=20, more=(("recipient", elsewhere),)))
    assert status(worker, house, "1") == "on_hold"
