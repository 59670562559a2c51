select account.*, shop.shop_code, shop.shop_name
from mail.mail_account as account
join channel.shop as shop on shop.shop_id = account.shop_id
where account.shop_id = %(shop_id)s;
