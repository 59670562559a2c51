-- The shops in scope, with the language of their buyers.
select shop.shop_id, shop.shop_name, coalesce(sender.locale, case when shop.currency_code = 'JPY' then 'ja' else 'en' end) as locale
from channel.shop as shop
left join document.sender as sender on sender.shop_id = shop.shop_id
order by shop.shop_name, shop.shop_id
