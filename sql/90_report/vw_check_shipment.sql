create or replace view report.check_shipment with (security_invoker = true) as
select line.shipment_line_id, shipment.shipment_id, shipment.sales_order_id, line.quantity, entry.issued, sales_order.status::text as status
from shipping.shipment as shipment
join sales.sales_order as sales_order on sales_order.sales_order_id = shipment.sales_order_id
left join shipping.shipment_line as line on line.shipment_id = shipment.shipment_id
left join sales.sales_order_line as order_line on order_line.sales_order_line_id = line.sales_order_line_id
left join (
    select stock_entry.cause_id, -sum(stock_entry.on_hand_change) as issued
    from stock.stock_entry as stock_entry
    where stock_entry.cause = 2
    group by stock_entry.cause_id
) as entry on entry.cause_id = line.shipment_line_id
left join (
    select stock_entry.cause_id, sum(stock_entry.reserved_change) as promised
    from stock.stock_entry as stock_entry
    where stock_entry.cause = 1
    group by stock_entry.cause_id
) as promise on promise.cause_id = line.sales_order_line_id
where sales_order.shipped_at is null or entry.issued is distinct from promise.promised
    or line.quantity is distinct from order_line.quantity_shipped
union all
select null, null, sales_order.sales_order_id, null, null, sales_order.status::text
from sales.sales_order as sales_order
where sales_order.shipped_at is not null and not sales_order.is_history
    and not exists (select from shipping.shipment as shipment where shipment.sales_order_id = sales_order.sales_order_id);
comment on view report.check_shipment is
    '出荷検査。出荷と台帳の出庫、受注の日時が違うもの。空であること。 @key(sales_order_id,shipment_line_id) | Shipment check. Shipments that differ from what the ledger issued, or from their order; must be empty. @key(sales_order_id,shipment_line_id)';
comment on column report.check_shipment.shipment_line_id is '出荷明細。 | Shipment line.';
comment on column report.check_shipment.shipment_id is '出荷。 | Shipment.';
comment on column report.check_shipment.sales_order_id is '受注。 | Order.';
comment on column report.check_shipment.quantity is '数。 | Quantity.';
comment on column report.check_shipment.issued is '台帳の出庫数。 | Issued by the ledger.';
comment on column report.check_shipment.status is '受注の状態。 | Status of the order.';
