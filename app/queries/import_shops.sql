select shop.shop_id, shop.shop_code::text as shop_code, shop.shop_name
from channel.shop as shop
where shop.channel_code = 'file'
order by shop.shop_code
