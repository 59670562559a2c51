create or replace function mail.mailing_stop(p_mailing_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    update mail.mailing as mailing
    set stopped_at = now(), stopped_by = access.account_id()
    where mailing.mailing_id = p_mailing_id and mailing.stopped_at is null
        and exists (select from mail.mail as mail where mail.mailing_id = p_mailing_id);
    if not found then
        raise exception '一斉送信 % は見つからないか、止まっています。 | Mailing % is not there or stopped already.', p_mailing_id, p_mailing_id
            using errcode = 'DC010', hint = '一覧を開き直します。 | Open the list again.';
    end if;
end;
$$;
comment on function mail.mailing_stop(bigint) is '一斉送信を止める。まだ渡していないメールは待つ。 | Stop a mailing. What was not handed over yet waits.';
