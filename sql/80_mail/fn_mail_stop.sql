create or replace function mail.mail_stop(p_mail_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    update mail.mail as mail
    set state = 'stopped', ended_at = clock_timestamp(), reason = '人が取りやめました。 | A person stopped it.'
    where mail.mail_id = p_mail_id and mail.state = 'due';
    if not found then
        raise exception 'メール % は送信待ちではありません。 | Mail % does not wait to be sent.', p_mail_id, p_mail_id
            using errcode = 'DC010', hint = '一覧を開き直します。 | Open the list again.';
    end if;
end;
$$;
comment on function mail.mail_stop(bigint) is '取りやめる。送信待ちのメールを送らない。 | Stop. A mail that waits is not sent.';
