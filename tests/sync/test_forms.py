"""A shop's own template in a wave: its documents by it, and a broken one holds back its own alone."""

from itertools import pairwise

import pytest

from sync import forms
from sync.render import pages
from tests.sync.people import a_worker, an_account, asked, until
from tests.sync.test_documenting import made, sheets, some_orders

OWN = """#import "house.typ": *
#show: sheet
#each-document(data.documents, one => [OWN #one.external_order_no])
"""
# Sound for presents: any other order meets the name that is not there
WRONG_FOR_PLAIN = OWN.replace("[OWN", "[#if not one.is_gift { one.nothing } OWN")
ENDLESS = OWN + "#for a in range(100000) { for b in range(100000) { } }\n"


def take(house, mall, body, kind="delivery_note"):
    """A template in force that was sound when it was tried, as the page of templates leaves it."""
    shop = house.shop_ids[mall]
    (number,) = house.admin.execute(
        "insert into document.form_template (shop_id, document_kind, version_no, body)"
        " select %(shop)s, %(kind)s, 1 + count(*), %(body)s from document.form_template returning form_template_id",
        {"shop": shop, "kind": kind, "body": body},
    ).fetchone()
    house.admin.execute(
        "insert into document.form_trial (form_template_id, is_sound) values (%s, true)", (number,)
    )
    house.admin.execute(
        "insert into document.form_choice (shop_id, document_kind, form_template_id) values (%s, %s, %s)",
        (shop, kind, number),
    )


def of_mall(house, mall):
    return house.all(
        "select order_no, external_order_no, is_gift from sales.sales_order where shop_id = %s"
        " order by ordered_at, sales_order_id",
        house.shop_ids[mall],
    )


def interleaved(house):
    """The orders of both malls as they came in turn by turn."""
    some_orders(house)
    house.admin.execute("""
        update sales.sales_order set ordered_at = ordered_at + turn * interval '1 minute'
        from (select sales_order_id, row_number() over (partition by shop_id order by sales_order_id) as turn
            from sales.sales_order) as seen
        where seen.sales_order_id = sales_order.sales_order_id
    """)
    orders = house.all(
        "select shop_id, external_order_no from sales.sales_order order by ordered_at, sales_order_id"
    )
    assert sum(one.shop_id != after.shop_id for one, after in pairwise(orders)) > len(orders) / 2
    return orders


def test_each_shop_s_documents_are_set_by_its_own_template_in_the_order_of_the_wave(house):
    orders = interleaved(house)
    take(house, "minato-1", OWN)
    row = made(house, an_account(house.admin, "warehouse"))
    assert row.answer == {"documents": len(orders)}
    said = sheets(house, row)
    own = {one.external_order_no for one in of_mall(house, "minato-1")}
    assert 0 < len(own) < len(orders)
    for order, text in zip(orders, said, strict=True):
        assert order.external_order_no in text
        assert ("OWN" in text) is (order.external_order_no in own)


def test_a_picking_list_of_its_own_has_a_sheet_of_its_own(house):
    orders = some_orders(house)
    take(house, "minato-1", "#import \"house.typ\": *\n#show: sheet\nOWN #data.documents.map(one => one.order_no).join(\" \")", "picking_list")  # fmt: skip
    said = sheets(house, made(house, an_account(house.admin, "warehouse"), "picking_list"))
    (own,) = [text for text in said if "OWN" in text]
    for one in of_mall(house, "minato-1"):
        assert one.order_no in own
    rest = "".join(text for text in said if text != own)
    assert all((one.order_no in rest) is (one.order_no not in own) for one in orders)


def test_a_broken_template_holds_back_its_own_shop_alone(house, monkeypatch):
    # The first file of the shop can be set: nothing of it goes out all the same
    monkeypatch.setattr(pages, "CHUNK", 1)
    orders = some_orders(house)
    take(house, "minato-1", WRONG_FOR_PLAIN)
    held = of_mall(house, "minato-1")
    assert held[0].is_gift
    assert not all(one.is_gift for one in held)
    row = made(house, an_account(house.admin, "order_desk"))
    assert row.error is None
    assert row.answer["documents"] == len(orders) - len(held)
    assert row.answer["held_back"] == len(held)
    text = "".join(sheets(house, row))
    for one in orders:
        assert (one.external_order_no in text) is (
            one.external_order_no not in {each.external_order_no for each in held}
        )
    (reason,) = row.answer["reasons"]
    assert reason["row"] == "、".join(one.order_no for one in held)
    first = next(one.order_no for one in held if not one.is_gift)
    assert "3行66桁" in reason["reason"]
    assert first in reason["reason"]
    (note,) = [one for one in house.inbox() if one.reason == "form_wrong"]
    assert "line 3, column 66" in note.detail
    assert all(one.order_no in note.detail for one in held)
    # Made again it is the same row
    made(house, an_account(house.admin, "order_desk"))
    (again,) = [one for one in house.inbox() if one.reason == "form_wrong"]
    assert again.seen == 2
    # And with the standard template in force nothing is held back
    house.admin.execute(
        "insert into document.form_choice (shop_id, document_kind) values (%s, 'delivery_note')",
        (house.shop_ids["minato-1"],),
    )
    assert made(house, an_account(house.admin, "owner")).answer == {"documents": len(orders)}


def test_an_endless_template_holds_back_its_own_shop_alone(house, monkeypatch):
    monkeypatch.setattr(pages, "CPU_S", 2)
    monkeypatch.setattr(pages.Limits, "__init__", _short(pages.Limits.__init__))
    orders = some_orders(house)
    take(house, "minato-1", ENDLESS)
    row = made(house, an_account(house.admin, "order_desk"))
    assert row.answer["documents"] + row.answer["held_back"] == len(orders)
    assert "上限" in row.answer["reasons"][0]["reason"]
    assert [one.reason for one in house.inbox()].count("form_wrong") == 1


def _short(plain):
    def made_short(self, **given):
        plain(self, **{"cpu_s": 2, "wall_s": 10, **given})

    return made_short


def test_with_nothing_to_print_the_job_says_why(house):
    some_orders(house)
    for mall in ("minato-1", "hinode-1"):
        take(house, mall, '#panic(json("data.json").documents.first().recipient.name)')
    row = made(house, an_account(house.admin, "owner"))
    assert row.stored_as is None
    assert row.error.count("1行") == 2
    assert " | " in row.error
    name = house.one("select recipient_name as it from sales.sales_order_party limit 1").it
    said = row.error + "".join(one.detail for one in house.inbox())
    assert name not in said


def test_a_real_worker_goes_on_with_the_others(house, tmp_path):
    orders = some_orders(house)
    take(house, "minato-1", "#nothing")
    owner = an_account(house.admin, "owner")
    number = asked(house, owner, "make_documents", document_kind="delivery_note")
    house.dispatcher.sweep(house.connection)
    with a_worker(house, tmp_path):
        row = until(house, number, lambda row: row.done_at)
    assert row.error is None
    held = len(of_mall(house, "minato-1"))
    assert row.answer["held_back"] == held
    assert len(sheets(house, row)) == len(orders) - held


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([1] * 450, [200, 200, 50]),
        ([700, 700, 700, 1], [2, 2]),
        ([5_000, 1], [1, 1]),
        ([2_000], [1]),
    ],
)
def test_one_child_sets_so_many_documents_and_so_many_lines(sizes, expected):
    found = [{"lines": [None] * size} for size in sizes]
    places = range(len(sizes))
    cut = list(forms._batches(found, places))
    assert [len(one) for one in cut] == expected
    assert [place for one in cut for place in one] == list(places)
