create or replace function mail.mailing_resume(p_mailing_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    update mail.mailing as mailing
    set stopped_at = null, stopped_by = null
    where mailing.mailing_id = p_mailing_id and mailing.stopped_at is not null
        and exists (select from mail.mail as mail where mail.mailing_id = p_mailing_id);
    if not found then
        raise exception '一斉送信 % は見つからないか、止まっていません。 | Mailing % is not there or not stopped.', p_mailing_id, p_mailing_id
            using errcode = 'DC010', hint = '一覧を開き直します。 | Open the list again.';
    end if;
end;
$$;
comment on function mail.mailing_resume(bigint) is '一斉送信を再開する。残りだけを送る。 | Resume a mailing. Only what is left is sent.';
