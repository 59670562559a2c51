create or replace function mail.account_try(p_shop_id bigint)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_job_request_id bigint;
    c_hour_max constant integer := 30;
begin
    if p_shop_id is null or not p_shop_id = any((select access.shop_ids())::bigint[])
        or not exists (select from mail.mail_account as account where account.shop_id = p_shop_id) then
        raise exception 'この店舗のメール設定はありません。 | This shop has no mail account.'
            using errcode = 'DC404', hint = '「メール設定」の一覧から選びます。 | Choose it from the list of mail accounts.';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('mail.account_try ' || access.account_id(), 0));
    if (
        select count(*) from transit.job_request as request
        where request.requested_by = (select access.account_id()) and request.job = 'try_mail_account'
            and request.requested_at > clock_timestamp() - interval '1 hour'
    ) >= c_hour_max then
        raise exception '接続は一時間に % 回まで試せます。 | A connection is tried % times an hour at most.', c_hour_max, c_hour_max
            using errcode = 'DC010', hint = 'しばらく待ちます。 | Wait a while.';
    end if;
    perform pg_notify('daicho_bell', '');
    insert into transit.job_request (lane, job, arguments, requested_by)
    values ('now', 'try_mail_account', jsonb_build_object('shop_id', p_shop_id), access.account_id())
    returning job_request_id into v_job_request_id;
    return v_job_request_id;
end;
$$;
comment on function mail.account_try(bigint) is
    '接続を試す。つなぎ、認証し、何も送らない。番号を返す。 | Try the connection. Connects and signs in, sends nothing; returns the number of the job.';
