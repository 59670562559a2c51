select mailbox.forward_to, message.inquiry_id, message.inquiry_message_id, message.received_at, message.is_truncated, party.address, party.subject,
    party.body, party.raw, party.data_key_id, shop.shop_name, shop.shop_code, sales_order.order_no, sales_order.external_order_no,
    coalesce(sender.locale, case when shop.currency_code = 'JPY' then 'ja' else 'en' end) as locale,
    array(
        select earlier.message_no
        from mail.inquiry_message as other
        join mail.mail as earlier on earlier.inquiry_message_id = other.inquiry_message_id and earlier.mail_event = 'forward'
        where other.inquiry_id = message.inquiry_id and earlier.message_no is not null and earlier.mail_id < mail.mail_id
        order by earlier.mail_id desc
        limit 20
    ) as earlier
from mail.mail as mail
join mail.inquiry_message as message on message.inquiry_message_id = mail.inquiry_message_id
join mail.inquiry as inquiry on inquiry.inquiry_id = message.inquiry_id
join mail.inquiry_message_party as party on party.inquiry_message_id = message.inquiry_message_id
join mail.mailbox as mailbox on mailbox.shop_id = mail.shop_id and mailbox.forward_to is not null
join channel.shop as shop on shop.shop_id = mail.shop_id
left join document.sender as sender on sender.shop_id = mail.shop_id
left join sales.sales_order as sales_order on sales_order.sales_order_id = inquiry.sales_order_id
where mail.mail_id = %(mail_id)s;
