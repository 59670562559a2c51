create or replace view report.shop_today with (security_invoker = true) as
select shop.shop_id, coalesce(taken.orders, 0) as orders, coalesce(taken.sales, 0) as sales, coalesce(taken.unfixed, 0) as unfixed,
    coalesce(taken.unattended, 0) as unattended, coalesce(sent.shipped, 0) as shipped, coalesce(ready.to_ship, 0) as to_ship
from channel.shop as shop
left join (
    select sales_order.shop_id, count(*) as orders, sum(sales_order.total_base) as sales,
        count(*) filter (where sales_order.total_base is null) as unfixed,
        count(*) filter (where not exists (
            select from sales.hold as hold
            join sales.hold_reason as reason on reason.hold_reason = hold.hold_reason and reason.needs_person
            where hold.sales_order_id = sales_order.sales_order_id
        )) as unattended
    from sales.sales_order as sales_order
    where sales_order.ordered_at >= (select date_trunc('day', now(), base.setting_text('time_zone')))
        and sales_order.cancelled_at is null and not sales_order.is_history
    group by sales_order.shop_id
) as taken on taken.shop_id = shop.shop_id
left join (
    select sales_order.shop_id, count(*) as shipped
    from sales.sales_order as sales_order
    where sales_order.shipped_at >= (select date_trunc('day', now(), base.setting_text('time_zone'))) and not sales_order.is_history
    group by sales_order.shop_id
) as sent on sent.shop_id = shop.shop_id
left join (
    select sales_order.shop_id, count(*) as to_ship
    from sales.sales_order as sales_order
    where sales_order.status in ('ready_to_ship', 'in_fulfilment') and not sales_order.is_history
    group by sales_order.shop_id
) as ready on ready.shop_id = shop.shop_id;
comment on view report.shop_today is
    '店舗の今日。受注、売上、出荷。キャンセルと過去受注は除く。 @key(shop_id) | A shop today. Orders, sales and shipments, without cancelled orders and history. @key(shop_id)';
comment on column report.shop_today.shop_id is '店舗。 | Shop.';
comment on column report.shop_today.orders is '受注。今日注文されたもの。 | Orders. Ordered today.';
comment on column report.shop_today.sales is '売上。今日の受注の合計を基準通貨で。 | Sales. The totals of today''s orders, in base money.';
comment on column report.shop_today.unfixed is '金額が決まらない受注。売上に入っていない。 | Orders without a fixed amount. Not in the sales.';
comment on column report.shop_today.unattended is '人手なしで進んだ受注。今日の受注のうち、人が決める保留が一度も付かなかったもの。 | Unattended orders. Of today''s, those that never had a hold which needs a person.';
comment on column report.shop_today.shipped is '出荷。今日出荷したもの。 | Shipped. Today.';
comment on column report.shop_today.to_ship is '出荷できるもの。出荷可能と出荷作業中。 | To ship. Ready or in fulfilment now.';
