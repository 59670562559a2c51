create or replace view report.check_order_amount with (security_invoker = true) as
select sales_order.sales_order_id, sales_order.total_computed, line.amount as line_amount, fee.amount as fee_amount, wrong.sums as wrong_sums
from sales.sales_order as sales_order
left join (
    select line.sales_order_id, sum(line.quantity_ordered * line.unit_price) as amount
    from sales.sales_order_line as line
    group by line.sales_order_id
) as line on line.sales_order_id = sales_order.sales_order_id
left join (
    select fee.sales_order_id, sum(fee.amount) as amount, sum(fee.amount) filter (where fee.fee_kind = 'shipping_fee') as shipping_fee,
        sum(fee.amount) filter (where fee.fee_kind in ('cod_fee', 'gift_fee', 'other')) as fee_total,
        sum(fee.amount) filter (where fee.fee_kind in ('discount', 'coupon')) as discount,
        sum(fee.amount) filter (where fee.fee_kind = 'points') as points
    from sales.sales_order_fee as fee
    group by fee.sales_order_id
) as fee on fee.sales_order_id = sales_order.sales_order_id
cross join lateral (
    select array_remove(array[
        case when sales_order.item_total <> coalesce(line.amount, 0) then 'item_total' end,
        case when sales_order.shipping_fee <> coalesce(fee.shipping_fee, 0) then 'shipping_fee' end,
        case when sales_order.fee_total <> coalesce(fee.fee_total, 0) then 'fee_total' end,
        case when sales_order.discount_total <> -coalesce(fee.discount, 0) then 'discount_total' end,
        case when sales_order.points_used <> -coalesce(fee.points, 0) then 'points_used' end,
        case when sales_order.total_computed <> coalesce(line.amount, 0) + coalesce(fee.amount, 0)
            + case when sales_order.tax_inclusive then 0 else coalesce(sales_order.tax_total, 0) end then 'total_computed' end
    ], null) as sums
) as wrong
where wrong.sums <> '{}';
comment on view report.check_order_amount is
    '金額検査。合計、商品計、送料、手数料、値引、ポイントのどれかが明細と料金の和と違う受注。空であること。 @key(sales_order_id) | Amount check. Orders of which a total (items, shipping, fees, discounts, points or all) is not the sum of its lines and fees; must be empty. @key(sales_order_id)';
comment on column report.check_order_amount.sales_order_id is '受注。 | Order.';
comment on column report.check_order_amount.total_computed is '計算合計。 | Computed total.';
comment on column report.check_order_amount.line_amount is '明細の和。 | Sum of lines.';
comment on column report.check_order_amount.fee_amount is '料金の和。 | Sum of fees.';
comment on column report.check_order_amount.wrong_sums is '合わない列。 | Wrong sums. The columns of the order that differ.';
