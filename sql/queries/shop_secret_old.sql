select secret.shop_id, secret.secret_name, secret.ciphertext
from channel.shop_secret as secret
where substr(secret.ciphertext, 1, length(%(current)s::bytea)) <> %(current)s::bytea
order by secret.shop_id, secret.secret_name
limit %(limit)s
for update;
