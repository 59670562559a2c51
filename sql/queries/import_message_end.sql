update transit.message as message
set outcome = ending.outcome, accepted_at = clock_timestamp(), attempt = message.attempt + 1
from unnest(%(message_ids)s::bigint[], %(outcomes)s::text[]) as ending (message_id, outcome)
where message.message_id = ending.message_id;
