select mail.shop_id, shop.shop_name, sales_order.customer_id
from mail.mail as mail
join channel.shop as shop on shop.shop_id = mail.shop_id
left join sales.sales_order as sales_order on sales_order.sales_order_id = mail.sales_order_id
where mail.mail_id = %(mail_id)s;
