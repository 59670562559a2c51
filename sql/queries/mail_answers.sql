select mail.mail_id, message.answer_key, message.inquiry_id, party.address, party.subject, party.body, party.data_key_id,
    channel.mail_rules, shop.shop_name,
    array(
        select coalesce(other.message_no, sent.message_no)
        from mail.inquiry_message as other
        left join mail.mail as sent on sent.inquiry_message_id = other.inquiry_message_id and sent.mail_event = 'reply'
        where other.inquiry_id = message.inquiry_id and other.inquiry_message_id < message.inquiry_message_id
            and coalesce(other.message_no, sent.message_no) is not null
        order by other.answer_key is null, other.inquiry_message_id
    ) as answers
from mail.mail as mail
join mail.inquiry_message as message on message.inquiry_message_id = mail.inquiry_message_id
join mail.inquiry_message_party as party on party.inquiry_message_id = message.inquiry_message_id
join channel.shop as shop on shop.shop_id = message.shop_id
join channel.channel as channel on channel.channel_code = shop.channel_code
where mail.mail_id = any(%(ids)s) and mail.mail_event = 'reply';
