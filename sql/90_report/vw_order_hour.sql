create or replace view report.order_hour with (security_invoker = true) as
-- Materialized: else the zone and the day would be asked for again with each order.
with week as materialized (
    select clock.time_zone, clock.today, clock.today - 7 * back.weeks as on_day,
        (clock.midnight - 7 * back.weeks * interval '1 day') at time zone clock.time_zone as begins_at,
        (clock.midnight - (7 * back.weeks - 1) * interval '1 day') at time zone clock.time_zone as ends_at,
        (now() at time zone clock.time_zone - 7 * back.weeks * interval '1 day') at time zone clock.time_zone as until
    from (
        select zone.time_zone, base.today() as today, date_trunc('day', now() at time zone zone.time_zone) as midnight
        from (select base.setting_text('time_zone') as time_zone offset 0) as zone
        offset 0
    ) as clock
    cross join generate_series(0, 8) as back (weeks)
)
select binned.shop_id, binned.on_day, extract(hour from binned.bin at time zone binned.time_zone)::smallint as hour, binned.is_today,
    sum(binned.orders)::bigint as orders, sum(binned.orders_so_far)::bigint as orders_so_far, sum(binned.sales) as sales,
    sum(binned.sales_so_far) as sales_so_far
from (
    -- By whole hours first: the zone is asked of a few thousand of them, not of each order.
    select sales_order.shop_id, week.on_day, week.time_zone, week.on_day = week.today as is_today,
        date_bin('1 hour', sales_order.ordered_at, week.begins_at) as bin,
        count(*) as orders, count(*) filter (where sales_order.ordered_at <= week.until) as orders_so_far, sum(sales_order.total_base) as sales,
        sum(sales_order.total_base) filter (where sales_order.ordered_at <= week.until) as sales_so_far
    from week
    join sales.sales_order as sales_order on sales_order.ordered_at >= week.begins_at and sales_order.ordered_at < week.ends_at
    where sales_order.cancelled_at is null and (week.on_day < week.today or not sales_order.is_history)
    group by sales_order.shop_id, week.on_day, week.time_zone, week.today, bin
) as binned
group by binned.shop_id, binned.on_day, hour, binned.is_today;
comment on view report.order_hour is
    '時間ごとの受注。今日と、前の八週の同じ曜日。キャンセルは除く。 @key(shop_id,on_day,hour) | Orders by the hour. Of today and the same weekday of the eight weeks before, without cancelled ones. @key(shop_id,on_day,hour)';
comment on column report.order_hour.shop_id is '店舗。 | Shop.';
comment on column report.order_hour.on_day is '日。店の時間帯で。 | Day. In the shop''s time zone.';
comment on column report.order_hour.hour is '時。0〜23。 | Hour. 0 to 23.';
comment on column report.order_hour.is_today is '今日。 | Today.';
comment on column report.order_hour.orders is '受注の数。前の週は取り込んだ過去受注も数える。 | Orders. Of earlier weeks with imported history.';
comment on column report.order_hour.orders_so_far is '今の時刻までの受注の数。 | Orders until this time of day.';
comment on column report.order_hour.sales is '売上。基準通貨で。 | Sales. In base money.';
comment on column report.order_hour.sales_so_far is '今の時刻までの売上。 | Sales until this time of day.';
