-- Forget in a restored database whom another one has forgotten; say how many orders that were.
select count(customer.forget(known.sales_order_id)) as orders
from jsonb_to_recordset(%(orders)s) as gone (shop_code text, external_order_no text)
join channel.shop as shop on shop.shop_code = gone.shop_code
join sales.sales_order as known on known.shop_id = shop.shop_id and known.external_order_no = gone.external_order_no
join sales.sales_order_party as party on party.sales_order_id = known.sales_order_id and party.forgotten_at is null
