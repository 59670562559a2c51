create or replace view report.check_oversell with (security_invoker = true) as
select balance.sku_id, balance.warehouse_id, balance.on_hand, balance.reserved, balance.oversell_limit, sku.oversell_limit as sku_oversell_limit
from stock.stock_balance as balance
join catalog.sku as sku on sku.sku_id = balance.sku_id
where balance.oversell_limit <> sku.oversell_limit or balance.reserved > balance.on_hand + balance.oversell_limit or balance.on_hand < 0
    or sku.is_bundle;
comment on view report.check_oversell is
    '超過販売の検査。上限を超えて約束した残高。空であること。 @key(sku_id,warehouse_id) | Oversell check. Balances promised beyond their SKUs limit; must be empty. @key(sku_id,warehouse_id)';
comment on column report.check_oversell.sku_id is 'SKU。 | SKU.';
comment on column report.check_oversell.warehouse_id is '倉庫。 | Warehouse.';
comment on column report.check_oversell.on_hand is '実在庫。 | On hand.';
comment on column report.check_oversell.reserved is '引当数。 | Reserved.';
comment on column report.check_oversell.oversell_limit is '上限の写し。 | Limit, as copied.';
comment on column report.check_oversell.sku_oversell_limit is 'SKU の上限。 | Limit of the SKU.';
