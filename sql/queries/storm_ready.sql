select sales_order.sales_order_id
from sales.sales_order as sales_order
where sales_order.status = 'ready_to_ship' and sales_order.accepted_at < now() - interval '3 seconds'
order by sales_order.sales_order_id
limit %(limit)s;
