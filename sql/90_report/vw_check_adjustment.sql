create or replace view report.check_adjustment with (security_invoker = true) as
select adjustment.adjustment_id, adjustment.sku_id, adjustment.quantity, entry.on_hand_change
from stock.adjustment as adjustment
full join (
    select stock_entry.cause_id, stock_entry.sku_id, stock_entry.warehouse_id, stock_entry.on_hand_change
    from stock.stock_entry as stock_entry
    where stock_entry.cause = 5
) as entry on entry.cause_id = adjustment.adjustment_id and entry.sku_id = adjustment.sku_id and entry.warehouse_id = adjustment.warehouse_id
where adjustment.adjustment_id is null
    or case when adjustment.is_history then entry.cause_id is not null else entry.on_hand_change is distinct from adjustment.quantity end;
comment on view report.check_adjustment is
    '調整検査。台帳にない調整、調整にない台帳の行。空であること。 @key(adjustment_id) | Adjustment check. Adjustments that are not in the ledger, or ledger rows without one; must be empty. @key(adjustment_id)';
comment on column report.check_adjustment.adjustment_id is '調整。 | Adjustment.';
comment on column report.check_adjustment.sku_id is 'SKU。 | SKU.';
comment on column report.check_adjustment.quantity is '数。 | Quantity.';
comment on column report.check_adjustment.on_hand_change is '台帳の増減。 | Change in the ledger.';
