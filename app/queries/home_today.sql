-- Today's figures of each shop, and of all together in the row without a shop.
select today.shop_id, min(shop.shop_name) as shop_name, sum(today.orders) as orders, sum(today.sales) as sales, sum(today.unfixed) as unfixed,
    sum(today.unattended) as unattended, sum(today.shipped) as shipped, sum(today.to_ship) as to_ship,
    base.setting_text('base_currency') as currency_code
from report.shop_today as today
join channel.shop as shop on shop.shop_id = today.shop_id
group by grouping sets ((today.shop_id), ())
