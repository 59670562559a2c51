select shipment.shipment_id, sales_order.external_order_no, shipment.tracking_no, shipment.carrier_code::text as carrier_code,
    shipment.shipped_at
from shipping.shipment as shipment
join sales.sales_order as sales_order on sales_order.sales_order_id = shipment.sales_order_id
where shipment.shipment_id = any(%(shipment_ids)s);
