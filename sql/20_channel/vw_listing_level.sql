create or replace view channel.listing_level with (security_invoker = true) as
select listing.listing_id, listing.shop_id, listing.external_listing_no,
    least(
        greatest(0, coalesce(min(
            floor(coalesce(balance.available + balance.oversell_limit, sku.oversell_limit)::numeric / part.quantity)
        ), 0) - listing.buffer),
        listing.max_published
    )::integer as level
from channel.listing as listing
join channel.shop as shop on shop.shop_id = listing.shop_id
join catalog.sku_part as part on part.sold_sku_id = listing.sku_id
join catalog.sku as sku on sku.sku_id = part.sku_id
left join stock.stock_balance as balance on balance.sku_id = part.sku_id and balance.warehouse_id = shop.warehouse_id
group by listing.listing_id;
comment on view channel.listing_level is
    '公開数。店が今売ってよい数。店の出荷倉庫の在庫で決まる。 @key(listing_id) | Level. What a shop may sell of a listing, now, by the stock of the warehouse it ships from. @key(listing_id)';
comment on column channel.listing_level.listing_id is '出品。 | Listing.';
comment on column channel.listing_level.shop_id is '店舗。 | Shop.';
comment on column channel.listing_level.external_listing_no is '店舗側の商品番号。 | External listing no.';
comment on column channel.listing_level.level is '公開数。予備を引き、上限を超えない。 | Level. Without the buffer, within the maximum.';
