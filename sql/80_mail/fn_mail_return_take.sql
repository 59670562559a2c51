create or replace function mail.mail_return_take(
    p_shop_id bigint, p_message_no text, p_return_kind text, p_mail_id bigint, p_address_key uuid, p_status text, p_said text
)
    returns boolean
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_mail mail.mail;
    v_before text;
    v_return_id bigint;
    v_reason text := concat_ws(' ', nullif(p_status, ''), nullif(p_said, ''));
begin
    insert into mail.mail_return (shop_id, mail_id, return_kind, message_no, status, said)
    values (p_shop_id, (select known.mail_id from mail.mail as known where known.mail_id = p_mail_id and known.shop_id = p_shop_id), p_return_kind,
        p_message_no, p_status, p_said)
    on conflict (shop_id, message_no) do nothing
    returning mail_return_id into v_return_id;
    if v_return_id is null then
        return false;
    end if;
    if p_return_kind = 'auto' then
        return true;
    end if;
    select mail.* into v_mail from mail.mail as mail where mail.mail_id = p_mail_id and mail.shop_id = p_shop_id for no key update;
    if v_mail.mail_id is null then
        perform transit.inbox_note('mail_bounced', p_shop_id, null, null, null, 'return ' || v_return_id, nullif(v_reason, ''));
        return true;
    end if;
    v_before := v_mail.state;
    if p_return_kind = 'soft' then
        update mail.mail as mail
        set reason = format('届くのが遅れています（%s）。 | It is delayed on its way (%s).', translate(v_reason, '|', '/'), translate(v_reason, '|', '/'))
        where mail.mail_id = p_mail_id and mail.state in ('sent', 'unknown');
        return true;
    end if;
    if p_return_kind = 'hard' then
        update mail.mail as mail
        set state = 'bounced', ended_at = coalesce(mail.ended_at, clock_timestamp()), lease = null, lease_until = null,
            reason = format('届かずに戻りました（%s）。 | It came back (%s).', translate(v_reason, '|', '/'), translate(v_reason, '|', '/'))
        where mail.mail_id = p_mail_id and mail.state in ('handing', 'sent', 'unknown');
        if v_before = 'unknown' then
            update transit.inbox as inbox
            set closed_at = now(), closed_by = access.account_id()
            where inbox.inbox_reason = 'mail_unknown' and inbox.subject = 'mail ' || p_mail_id and inbox.closed_at is null;
        end if;
    end if;
    -- A help desk is none of our buyers
    if v_mail.mail_event = 'forward' then
        perform transit.inbox_note('mail_bounced', p_shop_id, null, v_mail.sales_order_id, null, 'mail ' || p_mail_id, nullif(v_reason, ''));
        return true;
    end if;
    if p_address_key is not null then
        perform mail.address_dead(p_address_key, case when p_return_kind = 'complaint' then 'complaint' else 'bounce' end, p_mail_id, v_reason);
    end if;
    if p_return_kind = 'complaint' then
        -- Who complains wants no advertising either
        update mail.consent as consent
        set withdrawn_at = now(), withdrawn_how = '苦情の知らせ | complaint'
        from sales.sales_order as sales_order
        where sales_order.sales_order_id = v_mail.sales_order_id and consent.customer_id = sales_order.customer_id and consent.shop_id = p_shop_id
            and consent.withdrawn_at is null;
    end if;
    perform transit.inbox_note('mail_bounced', p_shop_id, null, v_mail.sales_order_id, null, 'mail ' || p_mail_id, nullif(v_reason, ''));
    return true;
end;
$$;
comment on function mail.mail_return_take(bigint, text, text, bigint, uuid, text, text) is
    '戻ってきた知らせを取り込む。届かないメールに印を付け、宛先を記し、要対応へ。同じ知らせは何もしない。 | Take a return in: marks the mail, notes the address, tells the inbox. The same return again does nothing.';
