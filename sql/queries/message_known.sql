-- The newest message of each order that says the very same; without a time of the shop's own only the newest of all counts.
select distinct on (wanted.place) wanted.place, message.message_id, message.outcome
from unnest(%(external_nos)s::text[], %(digests)s::uuid[], %(kinds)s::text[], %(timed)s::boolean[])
    with ordinality as wanted (external_no, body_digest, message_kind, is_timed, place)
join transit.message as message on message.shop_id = %(shop_id)s and message.external_no = wanted.external_no
    and message.message_kind = wanted.message_kind and message.body_digest = wanted.body_digest
where wanted.is_timed or not exists (
    select from transit.message as newer
    where newer.shop_id = message.shop_id and newer.external_no = message.external_no and newer.message_kind = message.message_kind
        and newer.message_id > message.message_id
)
order by wanted.place, message.message_id desc;
