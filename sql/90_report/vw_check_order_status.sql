create or replace view report.check_order_status with (security_invoker = true) as
select sales_order.sales_order_id, sales_order.status::text as status, headline.status as status_derived
from sales.sales_order as sales_order
join sales.order_headline as headline on headline.sales_order_id = sales_order.sales_order_id
where sales_order.status <> headline.status;
comment on view report.check_order_status is
    '状態検査。導いた状態と違う受注。空であること。 @key(sales_order_id) | Status check. Orders whose status differs from what is derived; must be empty. @key(sales_order_id)';
comment on column report.check_order_status.sales_order_id is '受注。 | Order.';
comment on column report.check_order_status.status is '状態。 | Status.';
comment on column report.check_order_status.status_derived is '導いた状態。 | Status as derived.';
