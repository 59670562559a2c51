create or replace function mail.mail_again(p_mail_id bigint)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_mail mail.mail;
    v_new_id bigint;
    v_again_no integer;
    v_is_waiting boolean;
begin
    select mail.* into v_mail from mail.mail as mail where mail.mail_id = p_mail_id for no key update;
    if v_mail.mail_id is null then
        raise exception 'メール % は見つかりません。 | Mail % is not there.', p_mail_id, p_mail_id
            using errcode = 'DC404', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    if v_mail.state in ('due', 'claimed', 'handing', 'unknown') then
        raise exception 'メール % はまだ終わっていません。 | Mail % has not ended yet.', p_mail_id, p_mail_id
            using errcode = 'DC010', hint = '終わるのを待つか、結果不明なら先に決めます。 | Wait for its end, or settle it where it is unknown.';
    end if;
    select coalesce(max(other.again_no), 0), bool_or(other.state in ('due', 'claimed', 'handing', 'unknown'))
    into v_again_no, v_is_waiting
    from mail.mail as other
    where other.mail_event = v_mail.mail_event and case
        when v_mail.inquiry_message_id is null
            then other.sales_order_id = v_mail.sales_order_id and other.template_code = v_mail.template_code and other.inquiry_message_id is null
        else other.inquiry_message_id = v_mail.inquiry_message_id
    end;
    if v_is_waiting then
        raise exception 'メール % はもう一通が待っています。 | Another one of mail % is waiting.', p_mail_id, p_mail_id
            using errcode = 'DC010', hint = '受注のメールの一覧を見ます。 | See the mails of the order.';
    end if;
    -- Asked for by a person: neither its rule nor quiet hours hold it back any more.
    insert into mail.mail (shop_id, sales_order_id, inquiry_message_id, mail_event, template_code, mail_template_id, made_by, again_no, keeps_quiet)
    values (v_mail.shop_id, v_mail.sales_order_id, v_mail.inquiry_message_id, v_mail.mail_event, v_mail.template_code, v_mail.mail_template_id,
        access.account_id(), v_again_no + 1, false)
    returning mail_id into v_new_id;
    update transit.inbox as inbox
    set closed_at = now(), closed_by = access.account_id()
    where inbox.inbox_reason in ('mail_refused', 'mail_bounced') and inbox.subject = 'mail ' || p_mail_id and inbox.closed_at is null;
    return v_new_id;
end;
$$;
comment on function mail.mail_again(bigint) is 'もう一度送る。新しい一通を予定し、その番号を返す。要対応からは外れる。 | Send again. Makes another one due and returns its number; what the inbox said of it is done.';
