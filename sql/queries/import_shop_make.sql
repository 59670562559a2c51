with known as (
    select min(warehouse.warehouse_id) as warehouse_id from stock.warehouse as warehouse
), made as (
    insert into stock.warehouse (warehouse_code, warehouse_name)
    select 'main', '本店倉庫' from known where known.warehouse_id is null
    returning warehouse_id
)
insert into channel.shop (shop_code, shop_name, channel_code, warehouse_id, currency_code, time_zone)
select %(shop_code)s::text, %(shop_code)s::text, 'file', coalesce(known.warehouse_id, (select made.warehouse_id from made)), %(currency_code)s, %(time_zone)s
from known
returning shop_id;
