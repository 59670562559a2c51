"""A draft that the schema refuses stands aside alone, with a sentence; the rest of its page goes on."""

from dataclasses import replace
from decimal import Decimal

import pytest

from sync.contract import OrderFeeDraft
from tests.sync.drafts_of import BUYER, an_order
from tests.sync.test_intake import Intake


def fee(name):
    return OrderFeeDraft(fee_kind="shipping_fee", amount=Decimal(500), fee_name=name)


@pytest.fixture
def page(house):
    return Intake(house)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"recipient": replace(BUYER, name="あ" * 201)}, "A recipient's name has 200 characters"),
        ({"buyer": replace(BUYER, phone="0" * 51)}, "phone has 50 characters"),
        ({"buyer": replace(BUYER, address_line2="鈴\x07")}, "building has 400 characters"),
        ({"buyer_note": "長" * 10_001}, "A buyer's note has 10,000 characters"),
        ({"delivery_time_slot": "朝" * 101}, "A delivery time slot has 100 characters"),
        ({"delivery_time_slot": "午前\x07"}, "no control characters"),
        ({"fees": (fee("あ" * 401),)}, "The name of a fee has 400 characters"),
        ({"fees": (fee("送料\x07"),)}, "no control characters"),
    ],
)
def test_what_is_too_long_or_cannot_be_printed_stands_aside_alone(page, more, said):
    drafts = [an_order(f"A-{number}") for number in range(6)]
    drafts[3] = an_order("A-3", **more)
    assert page.take(*[page.raw(draft) for draft in drafts]) == {"accepted": 5, "set_aside": 1}
    (item,) = page.house.inbox()
    assert (item.reason, item.subject) == ("refused_draft", "A-3")
    assert said in item.detail
    assert "文字まで" in item.detail
    assert page.order("A-3") is None
    assert page.house.checks() == {}
    # corrected at the shop it comes in, and the inbox is done with it
    assert page.take(page.raw(an_order("A-3", minutes=5))) == {"accepted": 1}
    assert page.house.inbox() == []


def test_a_broken_line_in_an_address_keeps_nobody_waiting(page):
    address = "渋谷区神宮前1-2-3\r\n\t裏口"
    draft = an_order(recipient=replace(BUYER, address_line1=address), buyer_note="一行\r\n二行")
    assert page.take(page.raw(draft)) == {"accepted": 1}
    row = page.house.one("select recipient_address_line1, buyer_note from sales.sales_order_party")
    assert row == ("渋谷区神宮前1-2-3 裏口", "一行\r\n二行")
