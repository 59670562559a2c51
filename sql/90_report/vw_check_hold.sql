create or replace view report.check_hold with (security_invoker = true) as
select coalesce(wanted.sales_order_id, hold.sales_order_id) as sales_order_id, coalesce(wanted.hold_reason, hold.hold_reason)::text as hold_reason,
    hold.hold_id is null as is_missing
from sales.hold_wanted as wanted
full join (
    select hold.hold_id, hold.sales_order_id, hold.hold_reason
    from sales.hold as hold
    where hold.released_at is null and hold.hold_rule_id is not null
) as hold on hold.sales_order_id = wanted.sales_order_id and hold.hold_reason = wanted.hold_reason
left join sales.sales_order as sales_order on sales_order.sales_order_id = coalesce(wanted.sales_order_id, hold.sales_order_id)
where (
        wanted.sales_order_id is null
        or hold.hold_id is null and not exists (
            select from sales.hold as released
            where released.sales_order_id = wanted.sales_order_id and released.hold_reason = wanted.hold_reason
                and released.released_by is not null and released.evidence = wanted.evidence
        )
    )
    and coalesce(wanted.hold_reason, hold.hold_reason) not in ('scheduled', 'awaiting_release')
    and sales_order.cancelled_at is null and sales_order.shipped_at is null
    -- The dispatcher has still to look at a SKU that it holds.
    and not (coalesce(wanted.hold_reason, hold.hold_reason) = 'awaiting_goods' and exists (
        select from sales.sales_order_line as line
        join stock.stock_entry as entry on entry.cause = 1 and entry.cause_id = line.sales_order_line_id
        join transit.sku_changed as changed on changed.sku_id = entry.sku_id and not changed.is_served
        where line.sales_order_id = sales_order.sales_order_id
    ))
union all
select hold.sales_order_id, hold.hold_reason::text, false
from sales.hold as hold
join sales.sales_order as sales_order on sales_order.sales_order_id = hold.sales_order_id
where hold.released_at is null and (sales_order.cancelled_at is not null or sales_order.shipped_at is not null);
comment on view report.check_hold is
    '保留検査。規則が求めるのにない、または求めないのにある保留と、終わった受注に残る保留。日付の変わり目の十分間は除く。空であること。 @key(sales_order_id,hold_reason) | Hold check. Holds that the rules want and are not there, that nobody wants, or that an ended order still has; must be empty. @key(sales_order_id,hold_reason)';
comment on column report.check_hold.sales_order_id is '受注。 | Order.';
comment on column report.check_hold.hold_reason is '理由。 | Reason.';
comment on column report.check_hold.is_missing is 'あるべきなのにない。 | Wanted and not there.';
