select shop.shop_id, shop.shop_code::text as shop_code, shop.channel_code::text as channel_code, shop.currency_code, shop.time_zone,
    shop.warehouse_id
from channel.shop as shop
where shop.shop_code = %(shop_code)s::text;
