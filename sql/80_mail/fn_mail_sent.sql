create or replace function mail.mail_sent(p_mail_id bigint, p_message_no text)
    returns boolean
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_before text;
begin
    select mail.state into v_before from mail.mail as mail where mail.mail_id = p_mail_id for no key update;
    update mail.mail as mail
    set state = 'sent', ended_at = clock_timestamp(), lease = null, lease_until = null, reason = null
    where mail.mail_id = p_mail_id and mail.message_no = p_message_no and mail.state in ('handing', 'unknown');
    if found and v_before = 'unknown' then
        -- The worker was only late: it knows that the server took it.
        update transit.inbox as inbox
        set closed_at = now(), closed_by = access.account_id()
        where inbox.inbox_reason = 'mail_unknown' and inbox.subject = 'mail ' || p_mail_id and inbox.closed_at is null;
    end if;
    return found;
end;
$$;
comment on function mail.mail_sent(bigint, text) is '送信済みにする。サーバーが受け取ったと答えた。 | Sent. The server said that it has it.';
