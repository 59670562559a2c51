create or replace view report.check_message with (security_invoker = true) as
select message.message_id, message.shop_id, message.received_at, message.attempt
from transit.message as message
where message.outcome is null and message.received_at < now() - interval '1 hour';
comment on view report.check_message is
    '受信検査。一時間たっても処理されない受信。空であること。 @key(message_id) | Message check. Messages not dealt with for an hour; must be empty. @key(message_id)';
comment on column report.check_message.message_id is '受信。 | Message.';
comment on column report.check_message.shop_id is '店舗。 | Shop.';
comment on column report.check_message.received_at is '受信日時。 | Received at.';
comment on column report.check_message.attempt is '試行回数。 | Attempts.';
