"""Documents of chosen orders as one PDF: as whoever asked, oldest first, whole or not there."""

import io
import stat

import pypdfium2

from sync import jobs
from sync.render.standard import TEMPLATES
from tests.sync.house import MALLS
from tests.sync.people import a_worker, an_account, asked, killed, request, taken_over, until

WARES = (("hinode-1", "sen/100"), ("minato-1", "SEN-100"))


def path_of(house, row):
    return house.settings.data / "files" / "exports" / row.stored_as


def made(house, account_id, kind="delivery_note", **chosen):
    number = asked(house, account_id, "make_documents", document_kind=kind, **chosen)
    jobs.run_request(number)
    return request(house, number)


def sheets(house, row):
    document = pypdfium2.PdfDocument(io.BytesIO(path_of(house, row).read_bytes()))
    return [page.get_textpage().get_text_range() for page in document]


def some_orders(house, wanted=12):
    house.settle()
    for number in range(wanted):
        mall, listing = WARES[number % 2]
        house.world.place_order(mall, [(listing, 1)], is_gift=number % 4 == 1)
    for mall in MALLS:
        house.pull(mall)
    rows = house.all(
        "select sales_order_id, order_no, external_order_no, is_gift from sales.sales_order order by ordered_at, sales_order_id"
    )
    assert len(rows) == wanted
    assert {row.is_gift for row in rows} == {True, False}
    return rows


def test_one_file_holds_a_note_for_each_order_oldest_first(house):
    orders = some_orders(house)
    row = made(house, an_account(house.admin, "order_desk"))
    assert row.error is None
    assert row.answer == {"documents": len(orders)}
    assert row.file_name.startswith("納品書-")
    assert row.file_name.endswith(".pdf")
    assert stat.S_IMODE(path_of(house, row).stat().st_mode) == 0o600
    said = sheets(house, row)
    assert len(said) == len(orders)
    for order, text in zip(orders, said, strict=True):
        assert order.external_order_no in text
        assert ("¥" in text) is not order.is_gift


def test_every_kind_has_its_template(house):
    kinds = {
        row.document_kind for row in house.all("select document_kind from document.document_kind")
    }
    assert kinds == set(TEMPLATES)


def test_chosen_orders_alone_and_without_prices_when_asked(house):
    orders = some_orders(house)[:2]
    keys = [{"sales_order_id": one.sales_order_id} for one in orders]
    desk = an_account(house.admin, "warehouse")
    row = made(house, desk, "gift_delivery_note", keys=keys)
    said = sheets(house, row)
    assert len(said) == 2
    assert "¥" not in "".join(said)
    row = made(house, desk, "packing_label", keys=keys)
    assert row.file_name.startswith("荷札-")
    assert [one.order_no in text for one, text in zip(orders, sheets(house, row), strict=True)] == [
        True,
        True,
    ]
    for kind in ("picking_list", "picking_total"):
        row = made(house, desk, kind, keys=keys)
        assert row.error is None
        assert row.file_name.startswith("ピッキングリスト")
        text = "".join(sheets(house, row))
        assert all((one.order_no in text) is (kind == "picking_list") for one in orders)


def test_customs_forms_are_made_of_what_goes_abroad_and_the_rest_is_said(house):
    orders = some_orders(house, 4)
    desk = an_account(house.admin, "warehouse")
    row = made(house, desk, "customs_form")
    assert row.stored_as is None
    assert "届け先が国内です" in row.error
    house.admin.execute(
        "update sales.sales_order_party set recipient_country_code = 'us', recipient_name = 'Alex 𠮷 🍵'"
        " where sales_order_id = any(%s)",
        ([one.sales_order_id for one in orders[:3]],),
    )
    house.admin.execute(
        "update document.sender set english_name = 'Sunrise Tea', english_address = '1-2 Kyoto'"
    )
    house.admin.execute("update catalog.sku set weight_g = 100")
    house.admin.execute(
        "insert into catalog.sku_customs (sku_id, customs_description, hs_code, origin_country_code)"
        " select line.sku_id, 'Green tea, dried', '090210', 'JP' from sales.sales_order_line as line"
        " where line.sales_order_id = any(%s) group by line.sku_id",
        ([one.sales_order_id for one in orders[:2]],),
    )
    house.admin.execute(
        "update sales.sales_order_line set sku_id = null where sales_order_id = %s",
        (orders[1].sales_order_id,),
    )
    row = made(house, desk, "customs_form")
    assert row.error is None
    assert row.answer["documents"] == 2
    assert row.answer["refused"] == 2
    said = {one["row"]: one["reason"] for one in row.answer["reasons"]}
    assert "not linked to a SKU" in said[orders[1].order_no]
    assert "The recipient is at home" in said[orders[3].order_no]
    for order, text in zip((orders[0], orders[2]), sheets(house, row), strict=True):
        for word in ("CN 22", order.order_no, "UNITED STATES (US)", "Sunrise Tea", "090210"):
            assert word in text
    assert "𠮷" in "".join(sheets(house, row))


def test_quotations_are_made_of_those_that_were_chosen(house):
    desk = an_account(house.admin, "order_desk")
    for company in ("株式会社𠮷野", "有限会社ひので"):
        number = house.admin.execute(
            "insert into sales.quotation (shop_id) values (%s) returning quotation_id",
            (house.shop_ids["hinode-1"],),
        ).fetchone()[0]
        house.admin.execute(
            "update sales.quotation_party set company = %s where quotation_id = %s",
            (company, number),
        )
        house.admin.execute(
            "insert into sales.quotation_line (quotation_id, line_title, quantity, unit_price) values (%s, '箱', 3, 500)",
            (number,),
        )
    both = made(house, desk, "quotation")
    assert both.error is None
    assert both.answer == {"documents": 2}
    assert both.file_name.startswith("見積書-")
    first, second = sheets(house, both)
    assert "株式会社𠮷野 御中" in first
    assert "¥1,650" in first
    assert "有限会社ひので 御中" in second
    one = made(house, desk, "quotation", keys=[{"quotation_id": number}])
    assert [f"Q-{number:07}" in text for text in sheets(house, one)] == [True]
    none = made(house, desk, "quotation", keys=[{"quotation_id": 987654}])
    assert "見積がありません" in none.error
    nobody = made(house, an_account(house.admin, "warehouse"), "quotation")
    assert nobody.error
    assert nobody.stored_as is None


def test_a_shop_speaks_its_buyers_language(house):
    orders = some_orders(house)
    house.admin.execute(
        "update document.sender set sender_name = 'Sunrise', locale = 'en' where shop_id = %s",
        (house.shop_ids["hinode-1"],),
    )
    said = sheets(house, made(house, an_account(house.admin, "owner")))
    english = [text for text in said if "Sunrise" in text]
    assert 0 < len(english) < len(orders)
    assert all("Thank you for your order" in text or "as a present" in text for text in english)


def test_nobody_gets_documents_beyond_their_rights(house):
    some_orders(house)
    row = made(house, an_account(house.admin, "analyst"))
    assert row.error
    assert row.stored_as is None
    nobody = an_account(house.admin, "order_desk", sees_all=False)
    row = made(house, nobody)
    assert "受注がありません" in row.error
    row = made(house, an_account(house.admin, "owner"), "invoice_of_somebody")
    assert "その帳票はありません" in row.error


def test_a_killed_worker_leaves_a_whole_file_or_none(house, tmp_path):
    orders = some_orders(house)
    owner = an_account(house.admin, "owner")
    number = asked(house, owner, "make_documents", document_kind="delivery_note")
    house.dispatcher.sweep(house.connection)
    folder = house.settings.data / "files" / "exports"
    before = set(folder.glob("*"))
    with a_worker(house, tmp_path, pause=1) as process:
        until(house, number, lambda row: row.of_all)
        killed(process)
    assert request(house, number).done_at is None
    assert set(folder.glob("*")) == before
    taken_over(house, number)
    with a_worker(house, tmp_path):
        row = until(house, number, lambda row: row.done_at)
    assert row.error is None
    assert len(sheets(house, row)) == len(orders)
