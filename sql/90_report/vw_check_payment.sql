create or replace view report.check_payment with (security_invoker = true) as
select sales_order.sales_order_id, sales_order.paid_at, payment.amount, sales_order.total
from sales.sales_order as sales_order
left join (
    select payment.sales_order_id, sum(payment.amount) as amount from sales.payment as payment group by payment.sales_order_id
) as payment on payment.sales_order_id = sales_order.sales_order_id
where not sales_order.is_history and (
    sales_order.paid_at is not null and coalesce(payment.amount, 0) <= 0 and sales_order.total > 0
    or sales_order.paid_at is null and sales_order.cancelled_at is null and payment.amount >= sales_order.total and sales_order.total > 0
);
comment on view report.check_payment is
    '入金検査。入金日時と入金の記録が合わない受注。空であること。 @key(sales_order_id) | Payment check. Orders marked paid by money that is not there, or the other way; must be empty. @key(sales_order_id)';
comment on column report.check_payment.sales_order_id is '受注。 | Order.';
comment on column report.check_payment.paid_at is '入金日時。 | Paid at.';
comment on column report.check_payment.amount is '入金額。 | Paid.';
comment on column report.check_payment.total is '合計。 | Total.';
