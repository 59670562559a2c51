insert into channel.listing (shop_id, sku_id, external_listing_no, listing_name)
select item.shop_id, sku.sku_id, item.external_listing_no, sku.sku_name
from jsonb_to_recordset(%(listings)s) as item (shop_id bigint, sku_code text, external_listing_no text)
join catalog.sku as sku on sku.sku_code = item.sku_code
order by item.shop_id, item.external_listing_no;
