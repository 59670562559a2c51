"""Home: its counts are the rows of its lists, its usual day is a median, its buttons do what they say."""

import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.desk.home import checks, plots
from tests.app.shopfront import ROLES, Person

STATEMENTS_MAX = 12
PANELS = {
    "needs": "人の判断が必要",
    "hours": "今日の受注",
    "shops": "店舗との接続",
    "checks": "今すぐ実行",
    "begin": "ここから始める",
}
SEES = {
    "owner": {"needs", "hours", "shops", "checks"},
    "manager": {"needs", "hours", "shops", "checks"},
    "order_desk": {"needs", "hours", "shops"},
    "support": {"needs", "hours", "shops"},
    "warehouse": {"hours", "shops"},
    "purchasing": {"begin"},
    "merchandiser": {"shops"},
    "accounting": {"hours", "shops"},
    "analyst": {"needs", "hours", "shops"},
    "outside_warehouse": {"begin"},
}
PAST = """
insert into sales.sales_order (shop_id, warehouse_id, first_message_id, changed_at, ordered_at, draft_digest, item_total, shipping_fee,
    fee_total, discount_total, points_used, total, total_computed, total_base, status, payment_method, currency_code, external_order_no)
select %(shop_id)s, shop.warehouse_id, 1, at, at, gen_random_uuid(), 100, 0, 0, 0, 0, 100, 100, 100, 'ready_to_ship', 'card', 'JPY',
    gen_random_uuid()::text
from channel.shop as shop, unnest(%(at)s::timestamptz[]) as at
where shop.shop_id = %(shop_id)s
"""


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_the_panels_of_its_grants_in_few_statements(
    role: str, signed_in: Callable[[str], Person], statements: list[str]
) -> None:
    person = signed_in(role)
    for measure in ("orders", "sales", "shipments"):
        statements.clear()
        answer = person.get(f"/?by={measure}")
        assert answer.status_code == 200
        assert len(statements) <= STATEMENTS_MAX, statements
        assert "style=" not in answer.text
        assert "<script>" not in answer.text
    page = person.get("/").text
    assert {name for name, title in PANELS.items() if title in page} == SEES[role]


def test_each_count_is_the_rows_of_the_list_behind_it(owner: Person, admin: Any) -> None:
    orders = admin.execute(
        "select sales_order_id from sales.sales_order order by sales_order_id limit 2"
    ).fetchall()
    admin.execute(
        "insert into transit.inbox (inbox_reason, subject, noted_at, closed_at, close_note)"
        " values ('refused_draft', 'h-1', now() - interval '9 days', null, null),"
        " ('refused_draft', 'h-2', now(), null, null), ('refused_draft', 'h-3', now(), now(), 'seen')"
    )
    for row in orders:
        admin.execute(
            "insert into sales.hold (sales_order_id, hold_reason, placed_at, label)"
            " values (%s, 'manual', now() - interval '30 hours', '試験 | test') on conflict do nothing",
            [row.sales_order_id],
        )
    try:
        page = owner.get("/").text
        rows = re.findall(
            r'<a class="b" href="([^"]+)">([^<]+)</a>.*?<td class="n b">([\d,]+)</td>.*?aria-label="([^"]+)"',
            page,
            re.DOTALL,
        )
        assert {label for _, label, _, _ in rows} >= {"手動で保留", "受け付けられない受注"}
        for address, label, count, ages in rows:
            parts = urlsplit(html.unescape(address))
            counted = owner.get(
                parts.path.replace("/list/", "/list/counted.json"),
                query_string=parse_qsl(parts.query),
            ).get_json()
            assert counted["count"] == int(count.replace(",", "")), label
            assert sum(int(n) for n in re.findall(r" (\d+)", ages)) == counted["count"], label
            assert owner.get(html.unescape(address)).status_code == 200
        # What has waited longest stands first, and is what the first button opens
        assert rows[0][1] == "受け付けられない受注"
        assert f'<a class="btn btn-primary" href="{rows[0][0]}"' in page
    finally:
        admin.execute("delete from transit.inbox where subject in ('h-1', 'h-2', 'h-3')")
        admin.execute("delete from sales.hold where label = '試験 | test'")


def test_figures_lead_to_their_rows(owner: Person) -> None:
    page = owner.get("/").text
    found = re.findall(r'<b><a href="([^"]+)">([\d,]+)</a>', page)
    assert len(found) == 3
    for address, said in found:
        parts = urlsplit(html.unescape(address))
        counted = owner.get(
            parts.path.replace("/list/", "/list/counted.json"), query_string=parse_qsl(parts.query)
        ).get_json()
        assert counted["count"] == int(said.replace(",", "")), address


def test_a_paused_shop_says_why_and_is_resumed(
    owner: Person, signed_in: Callable[[str], Person], admin: Any
) -> None:
    (shop,) = admin.execute(
        "update channel.shop set paused_at = now(), pause_reason = '鍵が切れた | The key ran out'"
        " where shop_code = 'tea' returning shop_id"
    ).fetchall()
    try:
        assert "鍵が切れた" in owner.get("/").text
        assert "鍵が切れた" not in signed_in("order_desk").get("/").text
        assert signed_in("order_desk").post(f"/now/resume/{shop.shop_id}").status_code == 403
        answer = owner.post(f"/now/resume/{shop.shop_id}")
        assert answer.headers["Location"] == "/"
        assert "「茶の店」を再開しました" in owner.get("/").text
        still = admin.execute(
            "select count(*) as paused from channel.shop where paused_at is not null"
        ).fetchone()
        assert still.paused == 0
        owner.post("/now/resume/999999")
        assert "見つかりません" in owner.get("/").text
        assert owner.post(f"/now/resume/{2**63}").status_code == 404
    finally:
        admin.execute("update channel.shop set paused_at = null, pause_reason = null")


def test_checks_run_now_and_long_ones_are_asked_for(
    owner: Person, signed_in: Callable[[str], Person], admin: Any
) -> None:
    assert signed_in("order_desk").post("/now/checks").status_code == 403
    admin.execute("delete from staff.check_run")
    admin.execute("delete from transit.job_request where job = 'run_checks'")
    assert "まだ一度も実行されていません" in owner.get("/").text
    assert owner.post("/now/checks").headers["Location"] == "/"
    ran = admin.execute("select count(*) as checks, sum(findings) as found from staff.check_run")
    row = ran.fetchone()
    page = owner.get("/").text
    assert row.checks > 10
    assert f"{row.checks}個の検査" in page
    admin.execute(
        "update staff.check_run set findings = 3, changed_at = now() - interval '2 days'"
        " where check_name = 'check_stock_balance'"
    )
    admin.execute(
        "update staff.check_run set duration_ms = %s, ran_at = now() - interval '1 hour'",
        [checks.WAIT_MAX_MS],
    )
    try:
        page = owner.get("/").text
        main = page[page.index('<main class="main"') :]
        assert main.index("check_stock_balance") < main.index("check_access")
        assert "行われていません" in page
        owner.post("/now/checks")
        assert "検査を頼みました" in owner.get("/").text
        owner.post("/now/checks")
        assert "もう始まっています" in owner.get("/").text
        asked = admin.execute(
            "select count(*) as requests from transit.job_request where job = 'run_checks' and done_at is null"
        ).fetchone()
        assert asked.requests == 1
    finally:
        admin.execute("delete from transit.job_request where job = 'run_checks'")
        admin.execute("delete from staff.check_run")


def test_home_speaks_english(owner: Person) -> None:
    owner.post("/language/en", {"next": "/"})
    try:
        page = owner.get("/").text
        for said in ("Needs a person", "Orders today", "Run now", "To send to shops"):
            assert said in page, said
        main = page[page.index('<main class="main"') : page.index("</main>")]
        # Names of shops alone are Japanese
        assert re.findall(r"[぀-ヿ㐀-鿿]+", main.replace("茶の店", "").replace("茶", "")) == []
    finally:
        owner.post("/language/ja", {"next": "/"})


@pytest.fixture
def shop(db: Any) -> Any:
    """A shop, seen by the system account."""
    db.execute("insert into channel.channel (channel_code, label) values ('c', 'モール | Mall')")
    db.execute("insert into stock.warehouse (warehouse_code, warehouse_name) values ('w', '倉庫')")
    (made,) = db.execute(
        "insert into channel.shop (shop_code, shop_name, channel_code, warehouse_id)"
        " select 's', '店', 'c', warehouse_id from stock.warehouse where warehouse_code = 'w' returning shop_id"
    ).fetchall()
    db.execute("set local session_replication_role = replica")
    return made.shop_id


def orders_at(db: Any, shop_id: int, *moments: dt.datetime) -> None:
    db.execute(PAST, {"shop_id": shop_id, "at": list(moments)})


def now_in(db: Any) -> dt.datetime:
    return db.execute("select now() as now").fetchone().now


def test_a_shop_is_silent_only_where_it_never_was(db: Any, shop: int) -> None:
    now, hour = now_in(db), dt.timedelta(hours=1)
    week = dt.timedelta(weeks=1)

    def is_silent() -> bool:
        row = db.execute(
            "select is_silent, usual_orders, weeks from report.shop_silence where shop_id = %s",
            [shop],
        ).fetchone()
        return row.is_silent

    assert not is_silent()
    # Eight orders in the last two hours of this weekday, three weeks long; the newest order is two hours old
    orders_at(db, shop, now - 5 * week, now - 2 * hour)
    for back in (1, 2, 3):
        orders_at(db, shop, *(now - back * week - n * hour / 5 for n in range(8)))
    assert not is_silent()  # the fourth week brought none
    orders_at(db, shop, *(now - 4 * week - n * hour / 5 for n in range(8)))
    assert is_silent()
    orders_at(db, shop, now - hour / 4)
    assert not is_silent()


def test_hours_count_today_and_the_same_weekday_before(db: Any, shop: int) -> None:
    day = db.execute(
        "select date_trunc('day', now(), base.setting_text('time_zone')) as begins_at"
    ).fetchone()
    first = day.begins_at + dt.timedelta(seconds=1)
    week = dt.timedelta(weeks=1)
    orders_at(db, shop, first, first, first - week, first - 8 * week, first - 9 * week)
    orders_at(db, shop, first - dt.timedelta(days=1))
    rows = db.execute(
        "select on_day, hour, is_today, orders, orders_so_far, sales from report.order_hour where shop_id = %s order by on_day desc",
        [shop],
    ).fetchall()
    assert [(row.hour, row.is_today, row.orders, row.orders_so_far) for row in rows] == [
        (0, True, 2, 2),
        (0, False, 1, 1),
        (0, False, 1, 1),
    ]
    assert rows[0].sales == 200
    db.execute(
        "update sales.sales_order set status = 'shipped', shipped_at = ordered_at + interval '1 second'"
    )
    shipped = db.execute(
        "select is_today, shipments from report.shipment_hour where shop_id = %s order by on_day desc",
        [shop],
    ).fetchall()
    assert [tuple(row) for row in shipped] == [(True, 2), (False, 1), (False, 1)]
    today = db.execute("select * from report.shop_today where shop_id = %s", [shop]).fetchone()
    assert (today.orders, today.sales, today.shipped, today.to_ship) == (2, 200, 2, 0)


def test_an_order_that_waited_for_a_person_did_not_go_unattended(db: Any, shop: int) -> None:
    now = now_in(db)
    orders_at(db, shop, now, now, now)
    ids = db.execute("select sales_order_id as id from sales.sales_order").fetchall()
    for order, reason in zip(ids, ("buyer_note", "awaiting_payment"), strict=False):
        db.execute(
            "insert into sales.hold (sales_order_id, hold_reason, label, released_at)"
            " values (%s, %s, '札 | note', now())",
            [order.id, reason],
        )
    today = db.execute("select orders, unattended from report.shop_today").fetchone()
    assert (today.orders, today.unattended) == (3, 2)


def test_plots_are_drawn_to_one_measure() -> None:
    assert plots.ages((0, 0, 0), 0) == []
    (today, old) = plots.ages((50, 0, 50), 100)
    assert (today.kind, old.kind) == ("a1", "a3")
    assert today.x == 0
    assert old.x + old.width <= plots.AGE_WIDTH
    # One among thousands is still seen
    assert plots.ages((1, 0, 0), 10_000)[0].width >= 2
    assert plots.scale([]) == 0
    assert plots.scale([[1, 4], [3]]) == 4
    assert plots.bars([0, 0], 0) == []
    (full, half) = plots.bars([4, 2], 4)
    assert full.height == plots.HEIGHT
    assert half.height == plots.HEIGHT / 2
    assert full.y + full.height == half.y + half.height
    assert plots.steps([], 4) == ""
    assert plots.steps([0, 4, 4], 4) == "M0 40.0H10V6.0H20H30"
    assert plots.share_of_day(12, 0) == 50
