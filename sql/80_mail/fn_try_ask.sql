create or replace function mail.try_ask(p_job text, p_arguments jsonb, p_hour_max integer)
    returns bigint
    language plpgsql
    set search_path = ''
as $$
declare
    v_job_request_id bigint;
begin
    -- Two presses at once are counted one after the other
    perform pg_advisory_xact_lock(hashtextextended('mail.try_ask ' || p_job || ' ' || access.account_id(), 0));
    if (
        select count(*) from transit.job_request as request
        where request.requested_by = (select access.account_id()) and request.job = p_job
            and request.requested_at > clock_timestamp() - interval '1 hour'
    ) >= p_hour_max then
        raise exception '一時間に % 回まで試せます。 | It can be tried % times an hour.', p_hour_max, p_hour_max
            using errcode = 'DC010', hint = 'しばらく待ちます。 | Wait a while.';
    end if;
    perform pg_notify('daicho_bell', '');
    insert into transit.job_request (lane, job, arguments, requested_by)
    values ('now', p_job, p_arguments, access.account_id())
    returning job_request_id into v_job_request_id;
    return v_job_request_id;
end;
$$;
comment on function mail.try_ask(text, jsonb, integer) is
    '試しを頼む。一時間の回数まで。番号を返す。 | Ask for a trial, so many times an hour at most; returns the number of the job.';
