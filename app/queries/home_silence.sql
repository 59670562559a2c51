-- The last order of each shop, and whether it is quieter than it ever was at this hour.
select silence.shop_id, shop.shop_name, silence.last_order_at, silence.usual_orders, silence.weeks, silence.is_silent
from report.shop_silence as silence
join channel.shop as shop on shop.shop_id = silence.shop_id
order by not silence.is_silent, shop.shop_code
limit 40
