select shop.shop_id, shop.shop_code::text as shop_code, shop.channel_code::text as channel_code, shop.currency_code, shop.time_zone,
    shop.settings, shop.paused_at is not null as is_paused, coalesce(gate.open_at > clock_timestamp(), false) as is_waiting,
    coalesce(gate.failures, 0) as failures, gate.failing_since,
    md5(shop.settings::text || shop.channel_code || coalesce((
        select string_agg(secret.secret_name || encode(secret.ciphertext, 'hex'), ',' order by secret.secret_name)
        from channel.shop_secret as secret
        where secret.shop_id = shop.shop_id
    ), '')) as fingerprint
from channel.shop as shop
left join transit.shop_gate as gate on gate.shop_id = shop.shop_id
where shop.shop_id = %(shop_id)s;
