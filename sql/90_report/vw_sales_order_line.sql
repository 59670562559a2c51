create or replace view report.sales_order_line with (security_invoker = true) as
select line.sales_order_line_id, line.sales_order_id, line.line_no, sku.sku_code, line.external_listing_no, line.line_name,
    line.quantity_ordered, line.quantity_reserved, line.quantity_shipped,
    coalesce(cancellation.quantity, 0) as quantity_cancelled, line.unit_price, line.quantity_ordered * line.unit_price as amount,
    line.tax_rate
from sales.sales_order_line as line
left join catalog.sku as sku on sku.sku_id = line.sku_id
left join (
    select cancellation.sales_order_line_id, sum(cancellation.quantity) as quantity
    from sales.line_cancellation as cancellation
    group by cancellation.sales_order_line_id
) as cancellation on cancellation.sales_order_line_id = line.sales_order_line_id;
comment on view report.sales_order_line is
    '受注明細。 @key(sales_order_line_id) | Order lines. @key(sales_order_line_id)';
