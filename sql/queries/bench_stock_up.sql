insert into stock.stock_entry (sku_id, warehouse_id, reason, on_hand_change, cause, cause_id)
select balance.sku_id, balance.warehouse_id, 'receive', %(on_hand)s - balance.on_hand, 3, balance.sku_id
from stock.stock_balance as balance
join catalog.sku as sku on sku.sku_id = balance.sku_id and not sku.is_bundle
where balance.on_hand < %(on_hand)s
order by balance.sku_id, balance.warehouse_id;
