select sku.sku_id, warehouse.warehouse_id
from catalog.sku as sku
join stock.warehouse as warehouse on warehouse.warehouse_code = 'main'
where sku.sku_code = %(sku_code)s;
