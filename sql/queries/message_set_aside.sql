update transit.message as message
set outcome = 'set_aside', accepted_at = clock_timestamp(), attempt = message.attempt + 1
where message.message_id = any(%(ids)s) and message.outcome is null;
