create or replace view report.order_count with (security_invoker = true) as
select status.status::text as status, status.label::text as label, status.rank,
    (select count(*) from sales.sales_order as sales_order where sales_order.status = status.status and not sales_order.is_history) as orders
from sales.order_status as status
where status.status not in ('shipped', 'cancelled');
comment on view report.order_count is
    '状態別の受注数。まだ終わっていないもの。 @key(status) | Orders by status. Those that have not ended. @key(status)';
comment on column report.order_count.status is 'コード。 | Code. Stable for ever.';
comment on column report.order_count.label is '名称。 | Name.';
comment on column report.order_count.rank is '順。 | Rank. In which screens list it.';
comment on column report.order_count.orders is '受注の数。過去受注を除く。 | Orders. Without history.';
