select message.shop_id, array_agg(message.message_id order by message.message_id) as message_ids
from (
    select waiting.shop_id, waiting.message_id
    from transit.message as waiting
    where waiting.outcome is null and waiting.message_kind = 'order' and waiting.map_code is null
        and waiting.received_at < clock_timestamp() - make_interval(secs => %(min_age_s)s)
    order by waiting.message_id
    limit %(limit)s
) as message
group by message.shop_id
order by message.shop_id;
