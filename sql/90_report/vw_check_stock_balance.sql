create or replace view report.check_stock_balance with (security_invoker = true) as
select sku_id, warehouse_id, balance.on_hand, balance.reserved, entry.on_hand as on_hand_entered, entry.reserved as reserved_entered,
    balance.version, entry.version as entries
from stock.stock_balance as balance
full join (
    select stock_entry.sku_id, stock_entry.warehouse_id, sum(stock_entry.on_hand_change) as on_hand,
        sum(stock_entry.reserved_change) as reserved, count(*) as version
    from stock.stock_entry as stock_entry
    group by stock_entry.sku_id, stock_entry.warehouse_id
) as entry using (sku_id, warehouse_id)
where (balance.on_hand, balance.reserved, balance.version) is distinct from (entry.on_hand, entry.reserved, entry.version)
    and not (entry.version is null and balance.version = 0 and balance.on_hand = 0 and balance.reserved = 0);
comment on view report.check_stock_balance is
    '残高検査。台帳の合計と残高が違うもの。空であること。 @key(sku_id,warehouse_id) | Balance check. Balances that differ from the sum of the ledger; must be empty. @key(sku_id,warehouse_id)';
comment on column report.check_stock_balance.sku_id is 'SKU。 | SKU.';
comment on column report.check_stock_balance.warehouse_id is '倉庫。 | Warehouse.';
comment on column report.check_stock_balance.on_hand is '実在庫。 | On hand.';
comment on column report.check_stock_balance.reserved is '引当数。 | Reserved.';
comment on column report.check_stock_balance.on_hand_entered is '台帳の実在庫。 | On hand by the ledger.';
comment on column report.check_stock_balance.reserved_entered is '台帳の引当数。 | Reserved by the ledger.';
comment on column report.check_stock_balance.version is '版。 | Version.';
comment on column report.check_stock_balance.entries is '台帳の行数。 | Ledger rows.';
