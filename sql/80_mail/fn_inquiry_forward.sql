create or replace function mail.inquiry_forward(p_inquiry_message_id bigint, p_senders text[], p_is_forwarded boolean)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_message record;
    v_count bigint;
    v_of_sender bigint;
    v_mail_id bigint;
    -- Two machines that answer each other come to an end, and spam leaves room for the mails of orders
    c_sender_most constant integer := 30;
    c_shop_most constant integer := 600;
begin
    select message.shop_id, inquiry.sales_order_id, party.address, lower(mailbox.forward_to) as forward_to,
        array[lower(mailbox.forward_to), lower(account.from_address), lower(account.reply_to)] as own, coalesce(account.is_on, false) as goes
    into v_message
    from mail.inquiry_message as message
    join mail.inquiry as inquiry on inquiry.inquiry_id = message.inquiry_id
    join mail.inquiry_message_party as party on party.inquiry_message_id = message.inquiry_message_id
    join mail.mailbox as mailbox on mailbox.shop_id = message.shop_id and mailbox.forward_to is not null
    left join mail.mail_account as account on account.shop_id = message.shop_id
    where message.inquiry_message_id = p_inquiry_message_id and message.answer_key is null;
    -- What the desk or we ourselves wrote, and what was forwarded once, goes round no more. What a form of
    -- the shop's own pages sends in its name says in Reply-To who wrote it: that is a customer's
    if v_message.forward_to is null or p_is_forwarded or v_message.forward_to = any(p_senders)
        or lower(v_message.address) = any(v_message.own) then
        return null;
    end if;
    select count(*), count(*) filter (where party.address is not distinct from v_message.address)
    into v_count, v_of_sender
    from mail.mail as forwarded
    join mail.inquiry_message_party as party on party.inquiry_message_id = forwarded.inquiry_message_id
    where forwarded.shop_id = v_message.shop_id and forwarded.mail_event = 'forward' and forwarded.made_at > now() - interval '1 hour';
    if v_count >= c_shop_most or v_of_sender >= c_sender_most then
        perform transit.inbox_note('mail_forward', v_message.shop_id, null, null, null, null,
            format('一時間に転送できる数（一人から %s 通、全部で %s 通）を超えました。 | More came in an hour than is forwarded (%s of one sender, %s in all).',
                c_sender_most, c_shop_most, c_sender_most, c_shop_most));
        return null;
    end if;
    insert into mail.mail (shop_id, sales_order_id, inquiry_message_id, mail_event, template_code, keeps_quiet)
    values (v_message.shop_id, v_message.sales_order_id, p_inquiry_message_id, 'forward', 'forward', false)
    on conflict (inquiry_message_id, mail_event, again_no) where inquiry_message_id is not null do nothing
    returning mail.mail_id into v_mail_id;
    -- A server that fails says so itself
    if v_mail_id is not null and not v_message.goes then
        perform transit.inbox_note('mail_forward_waits', v_message.shop_id, null, null, null, null,
            '店舗のメール設定がないか、切られています。 | The shop has no mail account, or it is switched off.');
    end if;
    return v_mail_id;
end;
$$;
comment on function mail.inquiry_forward(bigint, text[], boolean) is
    '来たメールを窓口へ転送する予定にする。一通に一度。転送先がなければ、自分たちのメールなら、多すぎれば空。 | Make a mail that came due to be forwarded to the help desk, once. Null where there is none, where it is our own, or where there are too many.';
