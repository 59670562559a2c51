insert into channel.shop (shop_code, shop_name, channel_code, warehouse_id, settings)
select %(shop_code)s::text, %(shop_code)s::text, %(channel_code)s, warehouse.warehouse_id, %(settings)s
from stock.warehouse as warehouse
where warehouse.warehouse_code = 'main'
returning shop_id;
