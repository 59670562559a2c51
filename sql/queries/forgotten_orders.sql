-- The orders whose person was forgotten, by what a copy of this database knows them as.
select shop.shop_code, known.external_order_no
from sales.sales_order_party as party
join sales.sales_order as known on known.sales_order_id = party.sales_order_id
join channel.shop as shop on shop.shop_id = known.shop_id
where party.forgotten_at is not null
order by party.sales_order_id
