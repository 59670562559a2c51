create or replace view report.check_order_end with (security_invoker = true) as
select line.sales_order_line_id, line.sales_order_id, line.quantity_reserved, line.is_closed
from sales.sales_order_line as line
join sales.sales_order as sales_order on sales_order.sales_order_id = line.sales_order_id
where line.is_closed <> (sales_order.cancelled_at is not null or sales_order.shipped_at is not null or sales_order.is_history)
    or line.is_closed and line.quantity_reserved <> 0;
comment on view report.check_order_end is
    '終了検査。終わった受注に引当か開いた明細が残るもの。空であること。 @key(sales_order_line_id) | Ended orders that still reserve, or with open lines; must be empty. @key(sales_order_line_id)';
comment on column report.check_order_end.sales_order_line_id is '明細。 | Line.';
comment on column report.check_order_end.sales_order_id is '受注。 | Order.';
comment on column report.check_order_end.quantity_reserved is '引当数。 | Reserved.';
comment on column report.check_order_end.is_closed is '終了。 | Closed.';
