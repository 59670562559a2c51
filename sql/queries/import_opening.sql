select listing.external_listing_no, listing.sku_id, shop.warehouse_id
from channel.listing as listing
join channel.shop as shop on shop.shop_id = listing.shop_id
join catalog.sku as sku on sku.sku_id = listing.sku_id and not sku.is_bundle
where listing.shop_id = %(shop_id)s
order by listing.sku_id;
