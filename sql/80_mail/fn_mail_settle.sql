create or replace function mail.mail_settle(p_mail_id bigint, p_went boolean)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_mail mail.mail;
begin
    select mail.* into v_mail from mail.mail as mail where mail.mail_id = p_mail_id for no key update;
    if v_mail.mail_id is null then
        raise exception 'メール % は見つかりません。 | Mail % is not there.', p_mail_id, p_mail_id
            using errcode = 'DC404', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    if v_mail.state <> 'unknown' then
        raise exception 'メール % は結果不明ではありません。 | Mail % is not unknown.', p_mail_id, p_mail_id
            using errcode = 'DC010', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    if p_went then
        update mail.mail as mail set state = 'sent', reason = '届いたことを人が確かめました。 | A person saw that it went.' where mail.mail_id = p_mail_id;
    else
        update mail.mail as mail set state = 'stopped', reason = '届いていないので送り直しました。 | It had not gone; it was sent again.' where mail.mail_id = p_mail_id;
        perform mail.mail_again(p_mail_id);
    end if;
    update transit.inbox as inbox
    set closed_at = now(), closed_by = access.account_id()
    where inbox.inbox_reason = 'mail_unknown' and inbox.subject = 'mail ' || p_mail_id and inbox.closed_at is null;
end;
$$;
comment on function mail.mail_settle(bigint, boolean) is
    '結果不明を決める。届いていたか、もう一度送るか。 | Settle. Whether an unknown mail went; if not, it is sent again.';
