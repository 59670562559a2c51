"""A shop with years behind it: a million orders with their people, lines and holds, written at once."""

from __future__ import annotations

import sql
from scripts.benches._orders import fill

FAMILY = "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水".split()
GIVEN = "花子 太郎 健一 美咲 翔 葵 蓮 陽菜 大輔 さくら".split()

# Written with triggers and foreign keys off: what is measured is reading
_STATEMENTS = (
    """
    insert into customer.customer (customer_id, first_seen_at) overriding system value
    select n, now() - interval '700 days' from generate_series(1, %(customers)s) as n
    """,
    """
    insert into customer.customer_party (customer_id, customer_name, customer_kana, email, phone, region)
    select n, (%(family)s::text[])[1 + n %% 20] || ' ' || (%(given)s::text[])[1 + (n / 20) %% 10], 'カナ ' || n, 'c' || n || '@example.com',
        '0' || (9000000000 + n), '東京都'
    from generate_series(1, %(customers)s) as n
    """,
    """
    insert into sales.sales_order (sales_order_id, shop_id, warehouse_id, customer_id, first_message_id, changed_at, ordered_at,
        accepted_at, paid_at, shipped_at, draft_digest, item_total, shipping_fee, fee_total, discount_total, points_used,
        tax_total, total, total_computed, total_base, status, payment_method, currency_code, external_order_no)
    overriding system value
    select n, 1 + n %% 3, 1, 1 + n %% %(customers)s, n, at, at, at, at,
        case when status = 'shipped' then at + interval '1 day' end, md5(n::text)::uuid, 1000 + n %% 9000, 600, 0, 0, 0,
        100, 1600 + n %% 9000, 1600 + n %% 9000, 1600 + n %% 9000, status,
        (array['card', 'cod', 'bank_transfer'])[1 + n %% 3], 'JPY', 'EX-' || lpad(n::text, 10, '0')
    from (
        select n, now() - interval '700 days' * ((%(orders)s - n)::float8 / %(orders)s) as at,
            case when n <= %(orders)s - 2000 then 'shipped'
                else (array['ready_to_ship', 'on_hold', 'awaiting_payment', 'awaiting_stock'])[1 + n %% 4] end as status
        from generate_series(1, %(orders)s) as n
    ) as made
    """,
    """
    insert into sales.sales_order_party (sales_order_id, buyer_name, buyer_email, buyer_phone, recipient_name, recipient_phone,
        recipient_postal_code, recipient_region, recipient_address_line1)
    select n, party.customer_name, party.email, party.phone, party.customer_name, party.phone, '1000001', '東京都', '千代田区 ' || n
    from generate_series(1, %(orders)s) as n
    join customer.customer_party as party on party.customer_id = 1 + n %% %(customers)s
    """,
    """
    insert into sales.sales_order_line (sales_order_id, listing_id, sku_id, line_no, quantity_ordered, quantity_shipped, is_closed,
        unit_price, line_key, external_listing_no, line_name)
    select n, 1 + (n * line) %% 200, 1 + (n * line) %% 200, line, 1 + n %% 3,
        case when n <= %(orders)s - 2000 then 1 + n %% 3 else 0 end, n <= %(orders)s - 2000, 500, line::text,
        'L' || 1 + (n * line) %% 200, '品 ' || 1 + (n * line) %% 200
    from generate_series(1, %(orders)s) as n, generate_series(1, 2) as line
    """,
    """
    insert into sales.hold (sales_order_id, hold_reason, placed_at, label)
    select sales_order.sales_order_id, case sales_order.status when 'on_hold' then 'buyer_note' else sales_order.status end,
        sales_order.accepted_at, '待つ理由 | Reason'
    from sales.sales_order as sales_order
    where sales_order.status in ('on_hold', 'awaiting_payment', 'awaiting_stock')
    """,
)
_AFTER = (
    "vacuum analyze sales.sales_order, sales.sales_order_party, sales.sales_order_line, sales.hold, customer.customer,"
    " customer.customer_party",
)


def write(admin_url: str, worker_url: str, orders: int) -> None:
    """Fill a loaded database with so many orders; a third as many customers."""
    fill(worker_url, shops=3, skus=200, bundles=0, on_hand=1_000)
    values = {
        "orders": orders,
        "customers": orders // 3,
        "family": FAMILY,
        "given": GIVEN,
    }
    with sql.connect(admin_url) as admin:
        sql.run(admin, "set session_replication_role = replica")
        sql.run(admin, "set synchronous_commit = off")
        for statement in _STATEMENTS:
            sql.run(admin, statement, values)
    with sql.connect(admin_url, autocommit=True) as admin:
        for statement in _AFTER:
            sql.run(admin, statement)
