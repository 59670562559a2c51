-- What another worker is accepting is left to it.
select message.message_id
from transit.message as message
where message.message_id = any(%(ids)s) and message.outcome is null
order by message.message_id
for no key update skip locked;
