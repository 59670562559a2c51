create or replace view report.sales_order with (security_invoker = true) as
select sales_order.sales_order_id, sales_order.order_no, sales_order.external_order_no, shop.shop_code::text as shop_code,
    sales_order.status::text as status, sales_order.ordered_at, sales_order.accepted_at, sales_order.paid_at, sales_order.shipped_at,
    sales_order.cancelled_at, sales_order.payment_method::text as payment_method, sales_order.currency_code, sales_order.item_total,
    sales_order.shipping_fee, sales_order.fee_total, sales_order.discount_total, sales_order.points_used, sales_order.tax_total,
    sales_order.total, sales_order.total_base, sales_order.is_history, sales_order.customer_id, sales_order.shop_id, sales_order.warehouse_id
from sales.sales_order as sales_order
join channel.shop as shop on shop.shop_id = sales_order.shop_id;
comment on view report.sales_order is
    '受注。一行に一受注、個人情報なし。 @key(sales_order_id) | Orders. One row each, without personal data. @key(sales_order_id)';
