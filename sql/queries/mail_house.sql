select base.setting_text('time_zone') as time_zone, base.setting_text('public_url') as public_url
from channel.shop as shop
where shop.shop_id = %(shop_id)s;
