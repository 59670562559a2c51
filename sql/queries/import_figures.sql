-- How a shop's orders of today stand: by status, then by what they wait for.
select 'status' as kind, status.label, count(*) as orders, status.rank
from sales.sales_order as sales_order
join sales.order_status as status on status.status = sales_order.status
where sales_order.shop_id = %(shop_id)s and not sales_order.is_history
group by status.status
union all
select 'hold', reason.label, count(*), reason.rank
from sales.hold as hold
join sales.hold_reason as reason on reason.hold_reason = hold.hold_reason
join sales.sales_order as sales_order on sales_order.sales_order_id = hold.sales_order_id
where sales_order.shop_id = %(shop_id)s and not sales_order.is_history and hold.released_at is null
group by reason.hold_reason
union all
select 'line', 'すべて引き当てた明細 | Lines reserved whole', count(*), 1
from sales.sales_order_line as line
join sales.sales_order as sales_order on sales_order.sales_order_id = line.sales_order_id
where sales_order.shop_id = %(shop_id)s and not sales_order.is_history and not line.is_closed
    and line.quantity_reserved + line.quantity_shipped = line.quantity_ordered
union all
select 'line', '在庫を待つ明細 | Lines that wait for stock', count(*), 2
from sales.sales_order_line as line
join sales.sales_order as sales_order on sales_order.sales_order_id = line.sales_order_id
where sales_order.shop_id = %(shop_id)s and not sales_order.is_history and not line.is_closed
    and line.quantity_reserved + line.quantity_shipped < line.quantity_ordered
order by kind desc, rank;
