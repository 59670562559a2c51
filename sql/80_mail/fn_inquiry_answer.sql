create or replace function mail.inquiry_answer(p_inquiry_id bigint, p_answer_key uuid, p_template_code text, p_subject text, p_body bytea)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_inquiry mail.inquiry := mail.inquiry_of(p_inquiry_id);
    v_mail_id bigint;
    v_message_id bigint;
    v_written_at timestamptz;
    v_key_id bigint;
    v_address text;
begin
    select min(sent.mail_id) into v_mail_id
    from mail.inquiry_message as message
    join mail.mail as sent on sent.inquiry_message_id = message.inquiry_message_id and sent.mail_event = 'reply'
    where message.answer_key = p_answer_key and message.inquiry_id = p_inquiry_id;
    if v_mail_id is not null then
        return v_mail_id;
    end if;
    select party.from_address into v_address from mail.inquiry_party as party where party.inquiry_id = p_inquiry_id;
    select key.data_key_id into v_key_id from mail.inquiry_key(p_inquiry_id) as key;
    if v_address is null or v_key_id is null then
        raise exception 'この問い合わせには返信先がありません。 | This inquiry has no address to answer to.'
            using errcode = 'DC010', hint = '差出人のないメールか、消去されたお客様です。 | The mail had no sender, or the customer was forgotten.';
    end if;
    insert into mail.inquiry_message (inquiry_id, shop_id, answer_key)
    values (p_inquiry_id, v_inquiry.shop_id, p_answer_key)
    returning inquiry_message_id, received_at into v_message_id, v_written_at;
    insert into mail.mail (shop_id, sales_order_id, inquiry_message_id, mail_event, template_code, made_by, keeps_quiet)
    values (v_inquiry.shop_id, v_inquiry.sales_order_id, v_message_id, 'reply', p_template_code, access.account_id(), false)
    returning mail.mail_id into v_mail_id;
    insert into mail.inquiry_message_party (inquiry_message_id, data_key_id, address, subject, body)
    values (v_message_id, v_key_id, v_address, p_subject, p_body);
    update mail.inquiry as inquiry
    set state = 'answered', last_at = greatest(inquiry.last_at, v_written_at), account_id = coalesce(inquiry.account_id, access.account_id())
    where inquiry.inquiry_id = p_inquiry_id;
    return v_mail_id;
end;
$$;
comment on function mail.inquiry_answer(bigint, uuid, text, text, bytea) is
    '返信する。書いた文を暗号文で残し、メールを予定する。同じ鍵なら一通だけ。メールの番号を返す。 | Answer. Keeps what was written, encrypted, and makes its mail due; one only for each key. Returns the mail''s number.';
