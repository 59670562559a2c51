create or replace view report.check_order_amount with (security_invoker = true) as
select sales_order.sales_order_id, sales_order.total_computed, line.amount as line_amount, fee.amount as fee_amount
from sales.sales_order as sales_order
left join (
    select line.sales_order_id, sum(line.quantity_ordered * line.unit_price) as amount
    from sales.sales_order_line as line
    group by line.sales_order_id
) as line on line.sales_order_id = sales_order.sales_order_id
left join (
    select fee.sales_order_id, sum(fee.amount) as amount from sales.sales_order_fee as fee group by fee.sales_order_id
) as fee on fee.sales_order_id = sales_order.sales_order_id
where sales_order.total_computed <> coalesce(line.amount, 0) + coalesce(fee.amount, 0)
    + case when sales_order.tax_inclusive then 0 else coalesce(sales_order.tax_total, 0) end;
comment on view report.check_order_amount is
    '金額検査。自社計算の合計が明細と料金の和と違う受注。空であること。 @key(sales_order_id) | Amount check. Orders whose computed total is not the sum of lines and fees; must be empty. @key(sales_order_id)';
comment on column report.check_order_amount.sales_order_id is '受注。 | Order.';
comment on column report.check_order_amount.total_computed is '計算合計。 | Computed total.';
comment on column report.check_order_amount.line_amount is '明細の和。 | Sum of lines.';
comment on column report.check_order_amount.fee_amount is '料金の和。 | Sum of fees.';
