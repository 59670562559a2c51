with warehouse as (
    insert into stock.warehouse (warehouse_code, warehouse_name)
    values ('main', '本店倉庫')
    returning warehouse_id
)
insert into channel.shop (shop_code, shop_name, channel_code, warehouse_id, settings)
select item.shop_code, item.shop_name, item.channel_code, warehouse.warehouse_id, item.settings
from jsonb_to_recordset(%(shops)s) as item (shop_code text, shop_name text, channel_code text, settings jsonb)
cross join warehouse
order by item.shop_code
returning shop_id, shop_code, warehouse_id;
