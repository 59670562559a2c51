-- Which secrets of mail a shop has.
select found.secret_name from mail.secrets_there(:shop_id) as found
