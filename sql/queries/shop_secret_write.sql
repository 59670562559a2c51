insert into channel.shop_secret as secret (shop_id, secret_name, ciphertext)
values (%(shop_id)s, %(name)s, %(ciphertext)s)
on conflict (shop_id, secret_name) do update set ciphertext = excluded.ciphertext;
