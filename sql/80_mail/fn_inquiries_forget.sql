create or replace function mail.inquiries_forget(p_inquiry_ids bigint[])
    returns void
    language plpgsql
    set search_path = ''
as $$
begin
    delete from transit.data_key as data_key
    using mail.inquiry as inquiry
    where inquiry.inquiry_id = any(p_inquiry_ids) and data_key.shop_id = inquiry.shop_id
        and data_key.external_no = 'inquiry/' || inquiry.inquiry_id;
    update mail.inquiry_message_party as party
    set address = null, subject = null, body = null, raw = null
    from mail.inquiry_message as message
    where message.inquiry_id = any(p_inquiry_ids) and party.inquiry_message_id = message.inquiry_message_id;
    update mail.inquiry_party as party
    set from_address = null, from_name = null, subject = null
    where party.inquiry_id = any(p_inquiry_ids);
    -- The whole of what answered or was forwarded without an order
    update mail.mail_party as party
    set to_address = null, subject = null, body = null
    from mail.inquiry_message as message
    join mail.mail as sent on sent.inquiry_message_id = message.inquiry_message_id
    where message.inquiry_id = any(p_inquiry_ids) and party.mail_id = sent.mail_id;
end;
$$;
comment on function mail.inquiries_forget(bigint[]) is
    '問い合わせの個人情報を消す。鍵も消すので、控えからも読めない。 | Forget inquiries. Their keys go too, so that no copy of the database can read them.';
