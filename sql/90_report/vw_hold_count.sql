create or replace view report.hold_count with (security_invoker = true) as
select reason.hold_reason::text as hold_reason, reason.label::text as label, reason.needs_person, count(*) as holds,
    min(hold.placed_at) as oldest_at
from sales.hold as hold
join sales.hold_reason as reason on reason.hold_reason = hold.hold_reason
where hold.released_at is null
    and exists (
        select from sales.sales_order as sales_order
        where sales_order.sales_order_id = hold.sales_order_id and sales_order.cancelled_at is null and sales_order.shipped_at is null
    )
group by reason.hold_reason;
comment on view report.hold_count is
    '理由別の保留数。 @key(hold_reason) | Open holds by reason. @key(hold_reason)';
