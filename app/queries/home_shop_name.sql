select shop.shop_name from channel.shop as shop where shop.shop_id = :shop_id
