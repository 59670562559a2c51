"""A day at the shop, told in order."""

import sql

YAMATO = "1234-5678-9012"


def slip(house, order):
    return house.one(
        "select * from sales.sales_order where external_order_no = %s and shop_id = %s",
        order.order_no,
        house.shop_ids["hinode-1" if order.order_no.startswith("HN") else "minato-1"],
    )


def level(house, mall, listing):
    return house.world.malls[mall].fake.listings[listing].level


def news(house):
    """What the schedule does all day long."""
    for mall in ("hinode-1", "minato-1"):
        house.pull(mall)
    house.settle()


# What the day changes, and the keys of its rows
TABLES = {
    "sales.sales_order": "sales_order_id",
    "sales.sales_order_line": "sales_order_line_id",
    "sales.sales_order_fee": "sales_order_fee_id",
    "sales.payment": "payment_id",
    "sales.hold": "hold_id",
    "shipping.shipment": "shipment_id",
}
HISTORY = (
    "select changed_at, account_id, login, action, change from staff.audit_log where table_name = %s"
    " and row_key = jsonb_build_object(%s::text, %s::bigint) order by audit_log_id"
)


def history(house, table, number):
    return house.all(HISTORY, table, TABLES[table], number)


def replayed(house, seen):
    """Compare the history of each row with the row as it was seen along the day."""
    changed = set()
    for (table, number), docs in seen.items():
        entries = [row for row in history(house, table, number) if row.action == "update"]
        assert all(row.account_id and row.login and row.changed_at for row in entries)
        changed |= {table} if entries else set()
        for column in docs[0]:
            changes = [row.change[column] for row in entries if column in row.change]
            if "＊" in str(changes) or not all(isinstance(one, dict) for one in changes):
                # Of what a person wrote the log says that it changed, not what it was
                continue
            values = [one["old"] for one in changes] + [one["new"] for one in changes[-1:]]
            # What was before is what the entry before it said was after
            assert [one["new"] for one in changes[:-1]] == values[1:-1], column
            told = iter(values or [docs[0][column]])
            at = next(told)
            for doc in docs:
                while at != doc[column]:
                    at = next(told, None)
                    assert at is not None or doc[column] is None, (table, number, column, values)
            assert docs[-1][column] == (values[-1] if values else docs[0][column]), (table, column)
    return changed


def test_a_day_at_the_shop(house, monkeypatch):
    seen = {}

    def look():
        for table, key in TABLES.items():
            for row in house.all(
                f"select {key} as number, to_jsonb(known) as doc from {table} as known order by 1"
            ):
                seen.setdefault((table, row.number), []).append(row.doc)

    settle = house.settle
    monkeypatch.setattr(type(house), "settle", lambda _: (settle(), look()))
    # In the morning both malls are told what is on the shelf
    house.settle()
    assert house.levels_differ() == []
    morning = level(house, "minato-1", "SEN-100")

    # Nine o'clock: somebody buys tea at Hinode and pays by card
    tea = house.world.place_order(
        "hinode-1", [("sen/100", 4)], note="", is_paid=True, payment_method="card", requested_on=""
    )
    news(house)
    assert slip(house, tea).status == "ready_to_ship"
    assert level(house, "minato-1", "SEN-100") == morning - 4

    # Half past: another wants to pay by bank transfer; the tea is put aside for them all the same
    unpaid = house.world.place_order(
        "minato-1",
        [("SEN-100", 2)],
        note="",
        is_paid=False,
        payment_method="bank_transfer",
        requested_on="",
    )
    news(house)
    assert slip(house, unpaid).status == "awaiting_payment"
    assert level(house, "hinode-1", "sen/100") == morning - 6

    # Ten: a third writes a note, so a person looks first
    noted = house.world.place_order(
        "minato-1",
        [("GEN-200", 1)],
        note="のし紙をお願いします",
        is_paid=True,
        payment_method="card",
        requested_on="",
    )
    news(house)
    assert slip(house, noted).status == "on_hold"
    why = sql.call(house.connection, "sales.order_explain", slip(house, noted).sales_order_id)
    assert [row.reason for row in why] == ["on_hold", "buyer_note"]
    (hold,) = house.all(
        "select hold_id from sales.hold where sales_order_id = %s and released_at is null",
        slip(house, noted).sales_order_id,
    )
    sql.call(house.connection, "sales.hold_release", hold.hold_id, "のし対応 | wrapped")
    assert slip(house, noted).status == "ready_to_ship"

    # Eleven: the money arrives
    house.world.pay("minato-1", unpaid.order_no)
    news(house)
    assert slip(house, unpaid).status == "ready_to_ship"

    # Noon: the tea leaves, and Hinode shows it with its number
    sql.call(
        house.connection,
        "shipping.shipment_post",
        slip(house, tea).sales_order_id,
        "yamato",
        YAMATO,
    )
    news(house)
    shown = house.world.malls["hinode-1"].fake.orders[tea.order_no]
    assert (shown.state, shown.tracking_nos) == ("shipped", (YAMATO,))
    assert slip(house, tea).status == "shipped"
    # What left was promised before: what may be sold does not change
    assert level(house, "minato-1", "SEN-100") == morning - 6
    row = house.one(
        "select on_hand, reserved from stock.stock_balance join catalog.sku using (sku_id) where sku_code = 'SEN-100'"
    )
    assert (row.on_hand, row.reserved) == (morning - 4, 2)

    # Two o'clock: the one who paid changes their mind; the tea may be sold again, everywhere
    house.world.cancel("minato-1", unpaid.order_no)
    news(house)
    assert slip(house, unpaid).status == "cancelled"
    for mall, listing in (("hinode-1", "sen/100"), ("minato-1", "SEN-100")):
        assert level(house, mall, listing) == morning - 4

    # Three: somebody wants more than there is; it waits, and nobody else may buy
    left = level(house, "hinode-1", "sen/100")
    house.world.malls["hinode-1"].fake.listings["sen/100"].level += 5
    greedy = house.world.place_order(
        "hinode-1",
        [("sen/100", left + 5)],
        note="",
        is_paid=True,
        payment_method="card",
        requested_on="",
    )
    news(house)
    assert level(house, "minato-1", "SEN-100") == 0
    assert slip(house, greedy).status in {"awaiting_stock", "on_hold"}
    entry = house.one(
        "select sku_id, warehouse_id from stock.stock_balance join catalog.sku using (sku_id) where sku_code = 'SEN-100'"
    )

    # Four: goods come in. Who waits is served before the malls hear of it
    receipt = [{**entry._asdict(), "quantity": 8, "cause_id": 1}]
    sql.call(house.connection, "stock.stock_receive", "goods_receipt_line", sql.Json(receipt))
    news(house)
    short = house.one(
        "select sum(quantity_ordered - quantity_reserved) as n from sales.sales_order_line where sales_order_id = %s",
        slip(house, greedy).sales_order_id,
    )
    assert short.n == 0
    assert level(house, "minato-1", "SEN-100") == 3

    # In the evening everything adds up
    assert house.levels_differ() == []
    assert house.checks() == {}
    assert house.inbox() == []
    assert house.world.oversold({"SEN-100": morning + 8, "GEN-200": 10_000}).get("SEN-100", 0) == 0
    # And each change of each row stands in its history: who, when, before and after
    look()
    assert len([table for table, _ in seen if table == "sales.sales_order"]) == 4
    assert replayed(house, seen) >= {"sales.sales_order", "sales.sales_order_line", "sales.hold"}
    number = slip(house, noted).sales_order_id
    changes = [row.change for row in history(house, "sales.sales_order", number)]
    assert [one["status"] for one in changes if "status" in one][-1] == {
        "old": "on_hold",
        "new": "ready_to_ship",
    }
