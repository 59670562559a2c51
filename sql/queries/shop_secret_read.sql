select secret.secret_name, secret.ciphertext
from channel.shop_secret as secret
where secret.shop_id = %(shop_id)s;
