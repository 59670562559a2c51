"""An order's whole way: one mall's sale, the other mall's level."""


def test_an_order_at_one_mall_lowers_the_level_at_the_other(house):
    house.settle()
    assert house.levels_differ() == []
    before = house.world.malls["minato-1"].fake.listings["SEN-100"].level
    order = house.world.place_order("hinode-1", [("sen/100", 3)], note="")

    result = house.pull("hinode-1")
    assert result.counts == {"accepted": 1}
    house.settle()

    assert house.world.malls["minato-1"].fake.listings["SEN-100"].level == before - 3
    assert house.levels_differ() == []
    row = house.one(
        "select status::text, total from sales.sales_order where external_order_no = %s",
        order.order_no,
    )
    assert row.total == order.total
    assert house.checks() == {}
    assert house.inbox() == []
