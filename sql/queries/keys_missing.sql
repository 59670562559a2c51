select
    (
        select count(*) from transit.data_key as data_key
        where substr(data_key.wrapped_key, 1, %(length)s) <> all (%(known)s::bytea[])
    ) as orders,
    (
        select count(*) from channel.shop_secret as secret
        where substr(secret.ciphertext, 1, %(length)s) <> all (%(known)s::bytea[])
    ) as secrets;
