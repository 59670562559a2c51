create or replace view report.shop_health with (security_invoker = true) as
select shop.shop_id, shop.shop_code::text as shop_code, shop.shop_name, shop.channel_code::text as channel_code, shop.paused_at,
    shop.pause_reason, gate.failing_since, gate.failures, gate.last_error,
    (select count(*) from transit.push as push where push.shop_id = shop.shop_id and push.is_due) as pushes_due,
    (select max(cursor.moved_at) from transit.cursor as cursor where cursor.shop_id = shop.shop_id) as read_at
from channel.shop as shop
left join transit.shop_gate as gate on gate.shop_id = shop.shop_id;
comment on view report.shop_health is
    '店舗の接続の様子。 @key(shop_id) | How the connection of each shop is. @key(shop_id)';
