"""Actions: granted functions on rows, each row by itself, and only rows that the reader may see."""

import re
from typing import Any

import sql
from tests.app.shopfront import Person, errors_in, take_order

ORDERS = "/sales/sales_order"


def an_order(house: Any, number: str) -> int:
    with sql.connect(house.worker, account_id=1) as worker:
        return take_order(worker, number)


def test_an_action_asks_for_what_it_needs_then_runs(owner: Person, house: Any, admin: Any) -> None:
    order = an_order(house, "A-1")
    asked = owner.post(f"{ORDERS}/act/sales.order_cancel", {"rowid": str(order)})
    assert asked.status_code == 200
    assert 'name="p_cancel_reason"' in asked.text
    assert "お客様都合" in asked.text
    refused = owner.post(f"{ORDERS}/act/sales.order_cancel", {"rowid": str(order), "confirm": "1"})
    assert refused.status_code == 422
    assert errors_in(refused.text)
    done = owner.post(
        f"{ORDERS}/act/sales.order_cancel",
        {"rowid": str(order), "confirm": "1", "p_cancel_reason": "buyer"},
    )
    assert done.status_code == 302
    row = admin.execute(
        "select status from sales.sales_order where sales_order_id = %s", [order]
    ).fetchone()
    assert row == ("cancelled",)


def test_what_the_function_refuses_is_its_sentence_with_the_form_kept(
    owner: Person, house: Any
) -> None:
    order = an_order(house, "A-2")
    answer = owner.post(
        f"{ORDERS}/act/shipping.shipment_post",
        {
            "rowid": str(order),
            "confirm": "1",
            "p_carrier_code": "yamato",
            "p_tracking_no": "1234-5678",
        },
    )
    assert answer.status_code == 422
    assert 'value="1234-5678"' in answer.text
    assert "D0" in answer.text
    assert " | " not in re.sub(
        r"<[^>]+>", "", answer.text[answer.text.index('role="alert"') :][:400]
    )


def test_in_bulk_each_row_stands_alone(owner: Person, house: Any, admin: Any) -> None:
    good, ended = an_order(house, "A-3"), an_order(house, "A-4")
    owner.post(
        f"{ORDERS}/act/sales.order_cancel",
        {"rowid": str(ended), "confirm": "1", "p_cancel_reason": "shop"},
    )
    answer = owner.post(
        f"{ORDERS}/act/sales.order_cancel",
        {
            "rowid": [str(ended), str(good), "99999999", "abc"],
            "confirm": "1",
            "p_cancel_reason": "shop",
        },
    )
    assert answer.status_code == 200
    assert "1件しました。3件はできませんでした" in answer.text
    assert "すでに" in answer.text
    row = admin.execute(
        "select status from sales.sales_order where sales_order_id = %s", [good]
    ).fetchone()
    assert row == ("cancelled",)


def test_a_row_out_of_scope_is_as_if_it_were_not_there(
    house: Any, app: Any, passwords: Any, admin: Any
) -> None:
    order = an_order(house, "A-5")
    admin.execute(
        "update staff.account set sees_all_warehouses = false where login_name = 'the_outside_warehouse'"
    )
    person = Person(app)
    person.sign_in(*passwords["outside_warehouse"])
    try:
        assert person.get(f"{ORDERS}/show/{order}").status_code == 404
        answer = person.post(
            f"{ORDERS}/act/shipping.shipment_post",
            {"rowid": str(order), "confirm": "1", "p_carrier_code": "yamato", "p_tracking_no": "1"},
        )
        assert answer.status_code == 422
        assert "見つかりません" in answer.text
    finally:
        admin.execute(
            "update staff.account set sees_all_warehouses = true where login_name = 'the_outside_warehouse'"
        )


def test_an_action_that_makes_something_stands_on_its_list(owner: Person, admin: Any) -> None:
    page = owner.get("/stock/stock_balance/list/").text
    assert "stock.stock_adjust" in page
    asked = owner.post("/stock/stock_balance/act/stock.stock_adjust")
    assert 'name="p_quantity"' in asked.text
    sku, warehouse = admin.execute(
        "select sku_id, warehouse_id from catalog.sku, stock.warehouse where sku_code = 'p2-s'"
    ).fetchone()
    (reason,) = admin.execute(
        "select adjustment_reason from stock.adjustment_reason limit 1"
    ).fetchone()
    given = {
        "confirm": "1",
        "p_sku_id": str(sku),
        "p_warehouse_id": str(warehouse),
        "p_quantity": "7",
        "p_adjustment_reason": reason,
    }
    assert owner.post("/stock/stock_balance/act/stock.stock_adjust", given).status_code == 302
    row = admin.execute(
        "select on_hand from stock.stock_balance where sku_id = %s", [sku]
    ).fetchone()
    assert row == (7,)
    wrong = owner.post("/stock/stock_balance/act/stock.stock_adjust", given | {"p_quantity": "七"})
    assert wrong.status_code == 422
    assert "整数" in wrong.text


def test_only_functions_that_the_screen_names_can_be_called(owner: Person) -> None:
    for name in ("pg_sleep", "sales.orders_accept", "access.account_id", "staff.checks_run"):
        assert owner.post(f"{ORDERS}/act/{name}", {"rowid": "1", "confirm": "1"}).status_code == 404
    assert owner.get(f"{ORDERS}/act/sales.order_cancel").status_code == 405


def test_forgetting_a_person_is_asked_about_first(owner: Person, first_order: int) -> None:
    page = owner.get(f"{ORDERS}/show/{first_order}").text
    button = re.search(r"<button[^>]*customer\.forget[^>]*>", page)
    assert button
    assert "confirm" not in button[0]


def test_a_parameter_without_a_column_is_asked_about_in_words(
    owner: Person, first_order: int
) -> None:
    asked = owner.post(f"{ORDERS}/act/shipping.shipment_post", {"rowid": str(first_order)}).text
    assert re.search(r"<label[^>]*p_in_one_parcel[^>]*>同梱<", asked)
    assert "同じ送り状番号の別の受注" in asked


def test_a_page_offers_only_what_its_row_allows(owner: Person, house: Any, admin: Any) -> None:
    order = an_order(house, "A-9")
    page = owner.get(f"{ORDERS}/show/{order}").text
    offered = {"sales.order_cancel", "sales.hold_place"}
    assert {name for name in (*offered, "shipping.shipment_post") if name in page} == offered
    given = {"rowid": str(order), "confirm": "1", "p_cancel_reason": "shop"}
    assert owner.post(f"{ORDERS}/act/sales.order_cancel", given).status_code == 302
    page = owner.get(f"{ORDERS}/show/{order}").text
    assert not [name for name in (*offered, "shipping.shipment_post") if name in page]
    assert "customer.forget" in page
    (shop,) = admin.execute("select min(shop_id) from channel.shop").fetchone()
    page = owner.get(f"/channel/shop/show/{shop}").text
    assert "channel.shop_pause" in page
    assert "channel.shop_resume" not in page


def test_a_payment_is_recorded_and_taken_back_from_the_admin(
    owner: Person, house: Any, admin: Any
) -> None:
    order = an_order(house, "A-10")
    (total,) = admin.execute(
        "select total from sales.sales_order where sales_order_id = %s", [order]
    ).fetchone()
    given = {
        "rowid": str(order),
        "confirm": "1",
        "p_amount": str(total + 1),
        "p_paid_at": "2026-11-02T10:00",
        "p_external_payment_no": "A-10-p",
    }
    record = f"{ORDERS}/act/sales.payment_record"
    refused = owner.post(record, given)
    assert refused.status_code == 422
    assert "の未入金額 2000 を超えます" in refused.text
    assert re.search(r"<label[^>]*p_is_over[^>]*>過入金<", refused.text)
    done = owner.post(record, given | {"p_is_over": "true"})
    assert done.status_code == 302, errors_in(done.text)
    mine = "select payment_id from sales.payment where sales_order_id = %s order by payment_id desc"
    (payment,) = admin.execute(mine, [order]).fetchone()
    assert "sales.payment_void" in owner.get(f"/sales/payment/show/{payment}").text
    void = "/sales/payment/act/sales.payment_void"
    given = {"rowid": str(payment), "confirm": "1", "p_void_reason": ""}
    assert errors_in(owner.post(void, given).text) == ["必ず入れてください。"]
    assert owner.post(void, given | {"p_void_reason": "桁違い"}).status_code == 302
    (taken,) = admin.execute(mine, [order]).fetchone()
    assert taken != payment
    assert "sales.payment_void" not in owner.get(f"/sales/payment/show/{taken}").text
    row = admin.execute(
        "select sum(amount) as amount, bool_or(void_reason = '桁違い') as has_reason"
        " from sales.payment where sales_order_id = %s",
        [order],
    ).fetchone()
    assert tuple(row) == (0, True)


def test_a_reason_of_one_area_is_not_offered_the_codes_of_another(owner: Person) -> None:
    asked = owner.post("/channel/shop/act/channel.shop_pause", {"rowid": "1"}).text
    field = asked.partition('name="p_reason"')
    assert "<select" not in field[0].rpartition("<")[2] + field[1]
    assert "reserve" not in asked
