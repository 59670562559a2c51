select sales_order.external_order_no, sales_order.status::text as status, sales_order.total,
    (select shipment.tracking_no from shipping.shipment as shipment where shipment.sales_order_id = sales_order.sales_order_id) as tracking_no,
    (select count(*) from sales.payment as payment where payment.sales_order_id = sales_order.sales_order_id and payment.amount > 0) as payments,
    (
        select coalesce(jsonb_object_agg(line.external_listing_no, line.quantity_ordered), '{}')
        from sales.sales_order_line as line
        where line.sales_order_id = sales_order.sales_order_id and line.quantity_ordered > 0
    ) as lines,
    exists (
        select from transit.inbox as inbox
        where inbox.sales_order_id = sales_order.sales_order_id and inbox.inbox_reason = 'changed_too_late'
    ) as is_in_inbox
from sales.sales_order as sales_order
where sales_order.shop_id = %(shop_id)s;
