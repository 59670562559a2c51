select sales_order.external_order_no::text as external_order_no
from sales.sales_order as sales_order
where sales_order.shop_id = %(shop_id)s and sales_order.external_order_no = any(%(external_order_nos)s::text[]);
