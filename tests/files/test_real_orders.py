"""The real orders of a wholesaler, through the file channel: whole, twice, shuffled, and live."""

import csv
import io
import lzma
import random
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import sql
from scripts.demo import write_channels
from sync.channels.file.content import Content, Document
from sync.contract import Raw, SourceFile
from sync.file_import import (
    Import,
    find_shop,
    make_shop,
    open_channel,
    write_maps,
)
from sync.replay import days, opening_stock, parted, replay
from sync.vault import Vault

FILE = Path(__file__).parents[1] / "data" / "online_retail_2010-12_2011-08.csv.xz"
MAP = "online_retail"
GOOD = """
select count(distinct sales_order_id) as orders, count(*) as lines, sum(quantity_ordered * unit_price) as amount
from sales.sales_order_line
where quantity_ordered > 0 and unit_price > 0 and external_listing_no ~ '^[0-9]{5}[A-Za-z]{0,2}$'
"""
# Everything by keys of the file alone: what an import means, not which numbers it was given
STATE = """
select md5(string_agg(line, E'\\n' order by line)) from (
    select format('order %s %s %s %s', external_order_no, ordered_at, total, status) as line from sales.sales_order
    union all
    select format('line %s %s %s %s %s', external_order_no, line_key, quantity_ordered, unit_price, line_name)
    from sales.sales_order_line join sales.sales_order using (sales_order_id)
    union all
    select format('fee %s %s %s %s', external_order_no, fee_no, fee_kind, amount)
    from sales.sales_order_fee join sales.sales_order using (sales_order_id)
    union all
    select format('cancel %s %s %s %s %s', external_cancel_no, cancellation.line_key, external_order_no, line.line_key, quantity)
    from sales.line_cancellation as cancellation
    join sales.sales_order_line as line using (sales_order_line_id)
    join sales.sales_order using (sales_order_id)
    union all
    select format('adjust %s %s %s', external_adjustment_no, quantity, adjustment_reason) from stock.adjustment
    union all
    select format('inbox %s %s', inbox_reason, subject) from transit.inbox
    union all
    select format('sku %s %s', sku_code, sku_name) from catalog.sku
) as state
"""


@pytest.fixture
def work(server, worker):
    write_channels(worker)
    write_maps(worker)
    make_shop(worker, "uk", MAP)
    shop = find_shop(worker, "uk")
    assert shop is not None
    return Import(
        connection=worker,
        vault=Vault(server.settings.secret_keys),
        shop=shop,
        map_code=MAP,
        is_history=True,
        channel=open_channel(worker, shop, MAP),
    )


def rows(count: int | None = None, *, shuffled: bool = False) -> io.BytesIO:
    with lzma.open(FILE, "rt", encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))[: None if count is None else count + 1]
    heading, body = lines[0], lines[1:]
    if shuffled:
        random.Random(7).shuffle(body)
    text = io.StringIO()
    csv.writer(text).writerows([heading, *body])
    return io.BytesIO(text.getvalue().encode())


def content(work: Import, stream: io.BytesIO):
    return work.channel.content(SourceFile(file_name="orders.csv", stream=stream))


def findings(worker) -> dict[str, int]:
    return {
        row.check_name: row.findings for row in sql.call(worker, "staff.checks_run") if row.findings
    }


@pytest.mark.slow
def test_the_whole_file_goes_in_as_history(work, worker):
    summary = work.run(content(work, rows()))
    assert summary.rows_read == 320_705
    good = worker.execute(GOOD).fetchone()
    assert (good.orders, good.lines, good.amount) == (12_383, 311_482, Decimal("6060667.08"))
    assert summary.cancellations_matched >= 4_513
    assert sum(summary.set_aside.values()) <= summary.rows_read / 100
    assert summary.set_aside.keys() == {"unmatched_cancellation", "not_an_order"}
    assert worker.execute("select count(*) from stock.adjustment").fetchone()[0] > 1_300
    assert worker.execute("select count(*) from stock.stock_entry").fetchone()[0] == 0
    assert findings(worker) == {}


def test_the_same_file_again_changes_nothing(work, worker):
    first = work.run(content(work, rows(20_000)))
    before = worker.execute(STATE).fetchone()
    again = work.run(content(work, rows(20_000)))
    assert first.orders_accepted > 700
    assert (again.orders_accepted, again.orders_changed, again.cancellations_matched) == (0, 0, 0)
    assert again.adjustments == again.skus_made == 0
    assert worker.execute(STATE).fetchone() == before
    assert findings(worker) == {}


def test_a_shuffled_file_gives_the_same_state(work, worker, server, template):
    from tests.conftest import clone, drop

    work.run(content(work, rows(20_000)))
    straight = worker.execute(STATE).fetchone()
    other = clone(server, template)
    try:
        with sql.connect(other.worker, account_id=1) as second:
            write_channels(second)
            write_maps(second)
            shop = make_shop(second, "uk", MAP)
            shuffled = Import(
                connection=second,
                vault=work.vault,
                shop=shop,
                map_code=MAP,
                is_history=True,
                channel=open_channel(second, shop, MAP),
            )
            shuffled.run(content(shuffled, rows(20_000, shuffled=True)))
            assert second.execute(STATE).fetchone() == straight
    finally:
        drop(server, other)


def test_rows_that_are_equal_stay_lines(work, worker):
    text = (
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        + "1,22111,BOTTLE,2,2011-01-05 10:00:00,1.50,17850,United Kingdom\n" * 3
        + "1,POST,POSTAGE,1,2011-01-05 10:00:00,5.00,17850,United Kingdom\n"
    )
    work.run(content(work, io.BytesIO(text.encode())))
    lines = worker.execute(
        "select line_key, quantity_ordered from sales.sales_order_line order by 1"
    ).fetchall()
    assert [tuple(line) for line in lines] == [("22111#1", 2), ("22111#2", 2), ("22111#3", 2)]
    order = worker.execute("select shipping_fee, total from sales.sales_order").fetchone()
    assert tuple(order) == (Decimal("5.00"), Decimal("14.00"))


def test_the_last_part_is_replayed_live_with_opening_stock(work, worker):
    past, rest = parted(
        content(work, rows(25_000)), datetime(2010, 12, 8, tzinfo=ZoneInfo("Europe/London"))
    )
    work.run(past)
    assert opening_stock(worker, work.shop, work.channel, rest, Decimal("0.8")) > 500
    summary = replay(replace(work, is_history=False), rest)
    assert summary.orders_accepted > 100
    counts = worker.execute(
        "select count(*) filter (where quantity_reserved = quantity_ordered) as whole,"
        " count(*) filter (where quantity_reserved < quantity_ordered and not is_closed) as short,"
        " count(*) filter (where quantity_reserved > 0) as reserved"
        " from sales.sales_order_line join sales.sales_order using (sales_order_id)"
        " where not is_history"
    ).fetchone()
    assert counts.whole > counts.short > 0
    assert (
        worker.execute(
            "select count(*) from sales.hold where hold_reason = 'awaiting_stock'"
        ).fetchone()[0]
        > 0
    )
    assert findings(worker) == {}


HEADING = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def row(number: str, pieces: int, at: str, customer: int = 17850) -> str:
    return f"{number},22111,BOTTLE,{pieces},2011-08-{at},1.50,{customer},United Kingdom\n"


def reserved(worker) -> dict[str, int]:
    return dict(
        worker.execute(
            "select external_order_no, quantity_reserved from sales.sales_order_line"
            " join sales.sales_order using (sales_order_id) where not is_history"
        ).fetchall()
    )


@pytest.fixture
def five_pieces(work, worker):
    """A shop that has sold before, with five pieces on the shelf, in live work."""
    work.run(content(work, io.BytesIO((HEADING + row("1", 1, "01 09:00:00")).encode())))
    live = replace(work, is_history=False)

    def taken(*lines: str):
        found = content(live, io.BytesIO((HEADING + "".join(lines)).encode()))
        asked = sum(max(0, int(line.split(",")[3])) for line in lines)
        share = Decimal(5) / asked
        opening_stock(worker, live.shop, live.channel, found, share)
        return replay(live, found)

    return taken


def test_what_is_cancelled_one_day_is_there_for_the_next(five_pieces, worker):
    summary = five_pieces(
        row("11", 5, "02 10:00:00"),
        row("C12", -5, "03 10:00:00"),
        row("13", 5, "04 10:00:00", 13047),
    )
    assert (summary.orders_accepted, summary.cancellations_matched) == (2, 1)
    assert summary.rows_read == 3
    assert reserved(worker) == {"11": 0, "13": 5}
    assert findings(worker) == {}


def test_what_broke_one_day_is_not_sold_the_next(five_pieces, worker):
    summary = five_pieces(
        "11,22111,damaged,-3,2011-08-02 10:00:00,0.00,,United Kingdom\n",
        row("12", 5, "03 10:00:00"),
    )
    assert (summary.adjustments, dict(summary.set_aside)) == (1, {})
    assert reserved(worker) == {"12": 2}


def test_who_waited_is_served_before_who_comes_on_a_later_day(five_pieces, worker):
    five_pieces(
        row("11", 5, "02 10:00:00"),
        row("12", 5, "02 11:00:00", 13047),
        row("C13", -5, "03 10:00:00"),
        row("14", 5, "04 10:00:00", 12583),
    )
    assert reserved(worker) == {"11": 0, "12": 5, "14": 0}


def test_a_replay_again_changes_nothing(five_pieces, worker):
    lines = (
        row("11", 2, "02 10:00:00"),
        row("C12", -2, "03 10:00:00"),
        row("13", 8, "04 10:00:00"),
    )
    assert five_pieces(*lines).cancellations_matched == 1
    before = worker.execute(STATE).fetchone()
    entries = worker.execute("select count(*) from stock.stock_entry").fetchone()
    again = five_pieces(*lines)
    assert (again.orders_accepted, again.cancellations_matched, again.unchanged) == (0, 0, 3)
    assert worker.execute(STATE).fetchone() == before
    assert worker.execute("select count(*) from stock.stock_entry").fetchone() == entries


def test_a_day_is_that_of_the_shop():
    raw = Raw(external_no="1", changed_at=None, body=b"{}")
    documents = [
        Document(kind="order", at=datetime.fromisoformat(at), raw=raw, line_nos=[1, 2])
        for at in ("2011-08-01T14:59:59+00:00", "2011-08-01T15:00:00+00:00", "2011-08-02T14:00:00Z")
    ]
    assert [len(day.documents) for day in days(Content(documents=documents), "Asia/Tokyo")] == [
        1,
        2,
    ]
    assert [day.row_count for day in days(Content(documents=documents), "UTC")] == [4, 2]
