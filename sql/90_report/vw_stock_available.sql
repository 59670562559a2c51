create or replace view report.stock_available with (security_invoker = true) as
select balance.sku_id, balance.warehouse_id, sku.sku_code, sku.sku_name, warehouse.warehouse_code::text as warehouse_code, balance.on_hand,
    balance.reserved, balance.available
from stock.stock_balance as balance
join catalog.sku as sku on sku.sku_id = balance.sku_id
join stock.warehouse as warehouse on warehouse.warehouse_id = balance.warehouse_id;
comment on view report.stock_available is
    '在庫。SKU と倉庫ごと。 @key(sku_id,warehouse_id) | Stock. By SKU and warehouse. @key(sku_id,warehouse_id)';
comment on column report.stock_available.sku_id is 'SKU。 | SKU.';
comment on column report.stock_available.warehouse_id is '倉庫。 | Warehouse.';
comment on column report.stock_available.sku_code is 'SKU コード。大文字と小文字は別物。 | SKU code. Capitals and small letters differ.';
comment on column report.stock_available.sku_name is 'SKU 名。 | SKU name.';
comment on column report.stock_available.warehouse_code is 'コード。 | Code. Stable for ever.';
comment on column report.stock_available.on_hand is '実在庫。 | On hand. What is in the warehouse.';
comment on column report.stock_available.reserved is '引当数。 | Reserved. Promised to orders.';
comment on column report.stock_available.available is '販売可能数。倉庫にあり、まだ約束していない数量。 | Available. On hand and not yet promised.';
