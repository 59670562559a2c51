-- What came or left by shop and hour: today, and the median of this weekday in the weeks since the shop's first of them.
with told as materialized (
    select taken.shop_id, taken.on_day, taken.hour, taken.is_today,
        case :measure when 'sales' then taken.sales else taken.orders end as amount,
        case :measure when 'sales' then taken.sales_so_far else taken.orders_so_far end as so_far
    from report.order_hour as taken
    where :measure in ('orders', 'sales')
    union all
    select sent.shop_id, sent.on_day, sent.hour, sent.is_today, sent.shipments, sent.shipments_so_far
    from report.shipment_hour as sent
    where :measure = 'shipments'
), usual_day as (
    select began.shop_id, clock.today - 7 * back.weeks as on_day
    from (select told.shop_id, min(told.on_day) as on_day from told group by told.shop_id) as began
    cross join (select base.today() as today) as clock
    cross join generate_series(1, 8) as back (weeks)
    where clock.today - 7 * back.weeks >= began.on_day
), usual_so_far as (
    select day.shop_id, count(*) as weeks, percentile_cont(0.5) within group (order by day.so_far) as so_far
    from (
        select usual_day.shop_id, usual_day.on_day, coalesce(sum(told.so_far), 0)::float8 as so_far
        from usual_day
        left join told on told.shop_id = usual_day.shop_id and told.on_day = usual_day.on_day
        group by usual_day.shop_id, usual_day.on_day
    ) as day
    group by day.shop_id
), usual_hour as (
    select usual_day.shop_id, hour.hour, percentile_cont(0.5) within group (order by coalesce(told.amount, 0)::float8) as amount
    from usual_day
    cross join generate_series(0, 23) as hour (hour)
    left join told on told.shop_id = usual_day.shop_id and told.on_day = usual_day.on_day and told.hour = hour.hour
    group by usual_day.shop_id, hour.hour
)
select shop.shop_id, min(shop.shop_name) as shop_name, coalesce(sum(today.amount), 0) as total, min(usual_so_far.so_far) as usual_so_far,
    coalesce(min(usual_so_far.weeks), 0) as weeks, array_agg(coalesce(today.amount, 0)::float8 order by hour.hour) as amounts,
    array_agg(usual_hour.amount order by hour.hour) as usual
from (select distinct told.shop_id from told) as known
join channel.shop as shop on shop.shop_id = known.shop_id
cross join generate_series(0, 23) as hour (hour)
left join told as today on today.shop_id = known.shop_id and today.is_today and today.hour = hour.hour
left join usual_hour on usual_hour.shop_id = known.shop_id and usual_hour.hour = hour.hour
left join usual_so_far on usual_so_far.shop_id = known.shop_id
group by shop.shop_id
order by sum(today.amount) desc nulls last, sum(usual_hour.amount) desc nulls last, shop.shop_id
