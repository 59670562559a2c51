select message.message_id
from transit.message as message
where message.shop_id = %(shop_id)s and message.outcome = 'set_aside' and message.message_kind = 'order' and message.body is not null
order by message.message_id;
