"""Past orders that come again, told in single steps."""

import pytest

from tests.ledger.shop import Draft, accept, findings, order_id, status


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_a_line_that_comes_late_to_a_past_order_is_as_the_order_is(
    worker, admin, house, is_cancelled
):
    """Found by the random search, seed 142320: the new line of a cancelled past order was shipped."""
    past = Draft(no="1", lines=(("a", 2),), at=1, is_cancelled=is_cancelled, is_history=True)
    accept(worker, house, past)
    again = Draft(no="1", lines=(("a", 2), ("b", 3)), at=2, is_history=True)
    accept(worker, house, again)
    assert status(worker, house, "1") == ("cancelled" if is_cancelled else "shipped")
    shipped = worker.execute(
        "select quantity_shipped from sales.sales_order_line where sales_order_id = %s order by line_no",
        (order_id(worker, house, "1"),),
    ).fetchall()
    assert [row[0] for row in shipped] == ([0, 0] if is_cancelled else [2, 3])
    assert findings(admin) == {}
