-- The messages of an inquiry, as ciphertext, oldest first.
select message.inquiry_message_id, message.mail_id, message.answer_key, message.received_at, message.size, message.is_truncated, message.is_known_address,
    party.address, party.subject, party.body, mail.made_by, mail.state::text as mail_state, state.label as mail_label
from mail.inquiry_message as message
join mail.inquiry_message_party as party on party.inquiry_message_id = message.inquiry_message_id
left join mail.mail as mail on mail.mail_id = message.mail_id
left join mail.mail_state as state on state.state = mail.state
where message.inquiry_id = :inquiry_id
order by message.received_at, message.inquiry_message_id
