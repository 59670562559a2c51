select shop.shop_id from channel.shop as shop where shop.shop_code = %(shop_code)s;
