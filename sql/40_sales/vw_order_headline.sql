create or replace view sales.order_headline with (security_invoker = true) as
select sales_order.sales_order_id,
    case
        when sales_order.cancelled_at is not null then 'cancelled'
        when sales_order.shipped_at is not null then 'shipped'
        else coalesce((
            select hold_reason.status::text
            from sales.hold as hold
            join sales.hold_reason as hold_reason on hold_reason.hold_reason = hold.hold_reason
            where hold.sales_order_id = sales_order.sales_order_id and hold.released_at is null
            order by hold_reason.rank
            limit 1
        ), 'ready_to_ship')
    end as status
from sales.sales_order as sales_order;
comment on view sales.order_headline is
    '受注の見出し。事実と保留から導いた状態。 @key(sales_order_id) | Headline of an order. Its status as derived from facts and holds. @key(sales_order_id)';
comment on column sales.order_headline.sales_order_id is '受注。 | Order.';
comment on column sales.order_headline.status is '状態。 | Status.';
