-- A message as it came, as ciphertext.
select message.inquiry_message_id, party.raw
from mail.inquiry_message as message
join mail.inquiry_message_party as party on party.inquiry_message_id = message.inquiry_message_id
where message.inquiry_id = :inquiry_id and message.inquiry_message_id = :inquiry_message_id and party.raw is not null
