select shop.shop_id, shop.shop_code::text as shop_code from channel.shop as shop order by shop.shop_id;
