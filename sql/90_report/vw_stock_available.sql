create or replace view report.stock_available with (security_invoker = true) as
select balance.sku_id, balance.warehouse_id, sku.sku_code, sku.sku_name, warehouse.warehouse_code::text as warehouse_code, balance.on_hand,
    balance.reserved, balance.available
from stock.stock_balance as balance
join catalog.sku as sku on sku.sku_id = balance.sku_id
join stock.warehouse as warehouse on warehouse.warehouse_id = balance.warehouse_id;
comment on view report.stock_available is
    '在庫。SKU と倉庫ごと。 @key(sku_id,warehouse_id) | Stock. By SKU and warehouse. @key(sku_id,warehouse_id)';
