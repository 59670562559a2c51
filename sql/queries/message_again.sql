update transit.message as message
set outcome = null, accepted_at = null
where message.message_id = any(%(ids)s) and message.outcome = 'set_aside';
