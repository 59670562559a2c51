create or replace view report.check_inquiry with (security_invoker = true) as
select 'inquiry ' || inquiry.inquiry_id as subject, found.fault
from mail.inquiry as inquiry
left join mail.inquiry_party as party on party.inquiry_id = inquiry.inquiry_id
left join sales.sales_order as sales_order on sales_order.sales_order_id = inquiry.sales_order_id
left join lateral (
    select count(*) as messages, max(message.received_at) as last_at, bool_or(message.shop_id <> inquiry.shop_id) as is_elsewhere,
        (array_agg(message.answer_key is not null order by message.inquiry_message_id desc))[1] as is_answer_last
    from mail.inquiry_message as message
    where message.inquiry_id = inquiry.inquiry_id
) as thread on true
cross join lateral (
    values
        ('メールがない | No mail in it', thread.messages = 0),
        ('個人情報の行がない | Its row of personal data is missing', party.inquiry_id is null),
        ('返信済みなのに最後が返信ではない | Answered, and the last mail is no answer', inquiry.state = 'answered' and not thread.is_answer_last),
        ('最後のメールの日時が違う | The time of its last mail is another', inquiry.last_at <> thread.last_at),
        ('店舗の違うメール | A mail of another shop in it', thread.is_elsewhere),
        ('店舗の違う受注 | Linked to an order of another shop', sales_order.shop_id <> inquiry.shop_id)
) as found (fault, is_so)
where found.is_so
union all
select 'inquiry message ' || message.inquiry_message_id, found.fault
from mail.inquiry_message as message
left join mail.inquiry_message_party as party on party.inquiry_message_id = message.inquiry_message_id
cross join lateral (
    values
        ('個人情報の行がない | Its row of personal data is missing', party.inquiry_message_id is null),
        ('本文がない | Its text is missing', party.body is null and (party.data_key_id is null or party.address is not null)),
        ('返信のメールがない | No mail carries the answer', message.answer_key is not null and not exists (
            select from mail.mail as sent where sent.inquiry_message_id = message.inquiry_message_id and sent.mail_event = 'reply'))
) as found (fault, is_so)
where found.is_so
union all
select 'inquiry message ' || wrong, '鍵が問い合わせのものではない | Its text is not under the key of its inquiry'
from mail.inquiry_keys_wrong() as wrong
union all
select 'mail ' || sent.mail_id, found.fault
from mail.mail as sent
left join mail.inquiry_message as message on message.inquiry_message_id = sent.inquiry_message_id
cross join lateral (
    values
        ('問い合わせに属さない返信か転送 | An answer or a forwarded mail of no inquiry', sent.inquiry_message_id is null and sent.mail_event in ('reply', 'forward')),
        ('返信でも転送でもないのに問い合わせに属する | Of an inquiry, and neither an answer nor forwarded',
            sent.inquiry_message_id is not null and sent.mail_event not in ('reply', 'forward')),
        ('店舗の違う問い合わせ | Of an inquiry of another shop', message.shop_id <> sent.shop_id),
        ('来たメールの返信か、返信の転送 | What came as an answer, or an answer forwarded', (sent.mail_event = 'reply') <> (message.answer_key is not null))
) as found (fault, is_so)
where (sent.inquiry_message_id is not null or sent.mail_event in ('reply', 'forward')) and found.is_so;
comment on view report.check_inquiry is
    '問い合わせの検査。状態、日時、受注、鍵、返信と転送が合わないもの。空であること。 @key(subject,fault) | Inquiry check. State, times, orders, keys, answers and what was forwarded; must be empty. @key(subject,fault)';
comment on column report.check_inquiry.subject is '対象。 | Subject.';
comment on column report.check_inquiry.fault is '誤り。 | Fault.';
