insert into catalog.bundle_component (bundle_sku_id, sku_id, quantity)
select bundle.sku_id, part.sku_id, item.quantity
from jsonb_to_recordset(%(parts)s) as item (bundle_code text, sku_code text, quantity integer)
join catalog.sku as bundle on bundle.sku_code = item.bundle_code
join catalog.sku as part on part.sku_code = item.sku_code;
