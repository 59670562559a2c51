-- The messages of an inquiry, as ciphertext, oldest first.
select message.inquiry_message_id, mail.mail_id, message.answer_key, message.received_at, message.size, message.is_truncated, message.is_known_address,
    party.address, party.subject, party.body, first.made_by, mail.state::text as mail_state, state.label as mail_label,
    sent_on.mail_id as forward_id, sent_on.state::text as forward_state, sent_on.label as forward_label
from mail.inquiry_message as message
join mail.inquiry_message_party as party on party.inquiry_message_id = message.inquiry_message_id
left join lateral (
    select sent.mail_id, sent.state from mail.mail as sent
    where sent.inquiry_message_id = message.inquiry_message_id and sent.mail_event = 'reply'
    order by sent.mail_id desc limit 1
) as mail on true
left join mail.mail as first on first.inquiry_message_id = message.inquiry_message_id and first.mail_event = 'reply' and first.again_no = 0
left join mail.mail_state as state on state.state = mail.state
left join lateral (
    select sent.mail_id, sent.state, known.label
    from mail.mail as sent
    join mail.mail_state as known on known.state = sent.state
    where sent.inquiry_message_id = message.inquiry_message_id and sent.mail_event = 'forward'
    order by sent.mail_id desc limit 1
) as sent_on on true
where message.inquiry_id = :inquiry_id
order by message.received_at, message.inquiry_message_id
