select message.message_id, message.shop_id, message.data_key_id, message.changed_at, message.message_kind, message.external_no,
    message.map_code, message.body
from transit.message as message
where message.message_id = any(%(ids)s) and message.shop_id = %(shop_id)s and message.outcome is null
order by message.message_id;
