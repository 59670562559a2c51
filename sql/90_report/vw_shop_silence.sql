create or replace view report.shop_silence with (security_invoker = true) as
select shop.shop_id, newest.ordered_at as last_order_at, usual.orders as usual_orders, usual.weeks,
    -- Five usual orders and none now: by chance in less than 1 of 100 such times; and it never was so quiet before.
    coalesce(usual.weeks >= 2 and usual.orders >= 5 and usual.fewest > 0, false) as is_silent
from channel.shop as shop
cross join (select base.setting_text('time_zone') as time_zone offset 0) as clock
left join lateral (
    select max(sales_order.ordered_at) as ordered_at from sales.sales_order as sales_order where sales_order.shop_id = shop.shop_id
) as newest on true
left join lateral (
    select min(sales_order.ordered_at) as ordered_at from sales.sales_order as sales_order where sales_order.shop_id = shop.shop_id
) as oldest on true
-- What was quiet for more than a day is compared with a day.
cross join lateral (select greatest(newest.ordered_at, now() - interval '1 day') as since) as quiet
left join lateral (
    select percentile_disc(0.5) within group (order by before.orders) as orders, min(before.orders) as fewest, count(*) as weeks
    from generate_series(1, 8) as back (weeks)
    cross join lateral (
        select (quiet.since at time zone clock.time_zone - 7 * back.weeks * interval '1 day') at time zone clock.time_zone as begins_at,
            (now() at time zone clock.time_zone - 7 * back.weeks * interval '1 day') at time zone clock.time_zone as ends_at
    ) as span
    cross join lateral (
        select count(*) as orders
        from sales.sales_order as sales_order
        where sales_order.shop_id = shop.shop_id and sales_order.ordered_at > span.begins_at and sales_order.ordered_at <= span.ends_at
    ) as before
    where span.begins_at >= oldest.ordered_at
) as usual on true;
comment on view report.shop_silence is
    '店舗の沈黙。最後の受注からの時間を、前の八週の同じ曜日と時刻に比べる。 @key(shop_id) | Silence of a shop. The time since its last order beside the same weekday and hour of the eight weeks before. @key(shop_id)';
comment on column report.shop_silence.shop_id is '店舗。 | Shop.';
comment on column report.shop_silence.last_order_at is '最後の受注。店舗での注文日時。 | Last order. When it was ordered at the shop.';
comment on column report.shop_silence.usual_orders is 'いつもの受注。同じ間に入った数の中央値。 | Usual orders. The median of what came in the same span.';
comment on column report.shop_silence.weeks is '比べた週。 | Weeks compared.';
comment on column report.shop_silence.is_silent is '沈黙。いつもなら五件以上あり、一件もなかった週のない間に、受注がない。 | Silent. None came in a span that usually brings five or more and was never without one.';
