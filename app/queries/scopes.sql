-- The shops and warehouses that whoever asks sees, to choose from.
select 'shop' as kind, shop.shop_id as id, shop.shop_name as name from channel.shop as shop
union all
select 'warehouse', warehouse.warehouse_id, warehouse.warehouse_name from stock.warehouse as warehouse
order by 1, 3
