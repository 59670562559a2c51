create or replace view report.check_cancellation with (security_invoker = true) as
select line.sales_order_line_id, line.quantity_ordered, cancellation.quantity as quantity_cancelled
from (
    select cancellation.sales_order_line_id, sum(cancellation.quantity) as quantity
    from sales.line_cancellation as cancellation
    group by cancellation.sales_order_line_id
) as cancellation
join sales.sales_order_line as line on line.sales_order_line_id = cancellation.sales_order_line_id
where cancellation.quantity > line.quantity_ordered;
comment on view report.check_cancellation is
    '取消検査。売れた数より多く取り消された明細。空であること。 @key(sales_order_line_id) | Cancellation check. Lines of which more was cancelled than was sold; must be empty. @key(sales_order_line_id)';
comment on column report.check_cancellation.sales_order_line_id is '明細。 | Line.';
comment on column report.check_cancellation.quantity_ordered is '受注数。 | Ordered.';
comment on column report.check_cancellation.quantity_cancelled is '取消数。 | Cancelled.';
