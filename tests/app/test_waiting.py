"""What home counts is what the list behind it shows; a hold is called by its slip and its reason."""

import html
import re
from typing import Any

import sql
from tests.app.shopfront import Person, take_order


def counted(page: str, relation: str) -> dict[str, tuple[str, int]]:
    """Links of the home page to a list, by reason: address and figure."""
    found = {}
    for address, rest in re.findall(
        rf'href="(/{relation}/list/[^"]+)"(.*?)(?=href=|$)', page, re.DOTALL
    ):
        reason = re.search(r"f\.(?:hold|inbox)_reason=(\w+)", address)
        figure = re.search(r">\s*([\d,]+)\s*<", rest)
        if reason and figure:
            found[reason[1]] = (html.unescape(address), int(figure[1].replace(",", "")))
    return found


def shown(page: str) -> int:
    """How many rows a list shows; these fit one page."""
    return len(re.findall(r'<input[^>]*name="rowid"', page))


def test_home_and_the_lists_behind_it_agree(owner: Person, house: Any, admin: Any) -> None:
    with sql.connect(house.worker, account_id=1) as worker:
        orders = [take_order(worker, f"W-{n}", "読んでください") for n in range(4)]
        for order in orders:
            sql.call(
                worker,
                "transit.inbox_note",
                "changed_too_late",
                None,
                None,
                order,
                None,
                None,
                None,
            )
        # One is read, one is cancelled, one is held by hand and then cancelled
        for order in orders[:3]:
            admin.execute(
                "update sales.hold set released_at = now(), released_by = 1"
                " where sales_order_id = %s and hold_reason = 'buyer_note' and %s",
                (order, order == orders[0]),
            )
        admin.execute(
            "insert into sales.hold (sales_order_id, hold_reason, label)"
            " values (%s, 'manual', '手 | By hand')",
            (orders[2],),
        )
        for order in orders[1:3]:
            sql.call(worker, "sales.order_cancel", order, "buyer")
        inbox_id = admin.execute("select max(inbox_id) from transit.inbox").fetchone()[0]
        sql.call(worker, "transit.inbox_close", inbox_id, "済み")
    for relation, reasons in (
        ("sales/hold", {"buyer_note"}),
        ("transit/inbox", {"changed_too_late"}),
    ):
        found = counted(owner.get("/").text, relation)
        assert reasons <= set(found)
        for reason, (address, figure) in found.items():
            assert shown(owner.get(address).text) == figure > 0, reason
            everything = address.replace("&f.is_open=true", "").replace("f.is_open=true&", "")
            assert everything != address
            if reason in ("buyer_note", "changed_too_late"):
                # Among all there are closed ones, so that a list without the condition would differ
                assert shown(owner.get(everything).text) > figure, reason


def test_a_hold_is_called_by_its_slip_and_its_reason(
    owner: Person, first_order: int, admin: Any
) -> None:
    hold_id, order_no = admin.execute(
        "select hold_id, order_no from sales.hold join sales.sales_order using (sales_order_id)"
        " where sales_order_id = %s and hold_reason = 'awaiting_stock'",
        (first_order,),
    ).fetchone()
    page = owner.get(f"/sales/hold/show/{hold_id}").text
    assert f"{order_no} 引当待ち" in page[page.index("<h1") : page.index("</h1>")]
