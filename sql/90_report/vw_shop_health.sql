create or replace view report.shop_health with (security_invoker = true) as
select shop.shop_id, shop.shop_code::text as shop_code, shop.shop_name, shop.channel_code::text as channel_code, shop.paused_at,
    shop.pause_reason, gate.failing_since, gate.failures, gate.last_error,
    (select count(*) from transit.push as push where push.shop_id = shop.shop_id and push.is_due) as pushes_due,
    (select max(cursor.moved_at) from transit.cursor as cursor where cursor.shop_id = shop.shop_id) as read_at
from channel.shop as shop
left join transit.shop_gate as gate on gate.shop_id = shop.shop_id;
comment on view report.shop_health is
    '店舗の接続の様子。 @key(shop_id) | How the connection of each shop is. @key(shop_id)';
comment on column report.shop_health.shop_id is '店舗番号。 | Shop number. Given by Daicho.';
comment on column report.shop_health.shop_code is '店舗コード。 | Shop code. Stable for ever.';
comment on column report.shop_health.shop_name is '店舗名。 | Shop name.';
comment on column report.shop_health.channel_code is 'チャネル。 | Channel. Its kind.';
comment on column report.shop_health.paused_at is '停止日時。入っている間は取込も送信もしない。 | Paused at. While set, nothing is fetched from or sent to it.';
comment on column report.shop_health.pause_reason is '停止理由。 | Reason of the pause.';
comment on column report.shop_health.failing_since is '不通になった時刻。 | Failing since. Empty while it answers.';
comment on column report.shop_health.failures is '続けて失敗した回数。 | Failures in a row.';
comment on column report.shop_health.last_error is '最後の失敗。 | Last error. Its class, in words.';
comment on column report.shop_health.pushes_due is '送信待ちの数。 | Pushes due. What it has still to be told.';
comment on column report.shop_health.read_at is '最後に読んだ日時。 | Read at. When it was last read.';
