-- An order by its number, without one the newest; of one shop, or of any in scope.
select sales_order.sales_order_id, sales_order.order_no
from sales.sales_order as sales_order
where (cast(:shop_id as bigint) is null or sales_order.shop_id = :shop_id)
    and (:order_no = '' or sales_order.order_no = :order_no or sales_order.external_order_no = :order_no)
order by sales_order.ordered_at desc, sales_order.sales_order_id desc
limit 1
