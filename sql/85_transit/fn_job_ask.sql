create or replace function transit.job_ask(p_lane text, p_job text, p_arguments jsonb default '{}')
    returns bigint
    language sql
    security definer
    set search_path = ''
as $$
    -- Rung here and not by a trigger: whoever asks waits for an answer; the schedule's rows are found by the sweep.
    select pg_catalog.pg_notify('daicho_bell', '');
    insert into transit.job_request (lane, job, arguments, requested_by)
    values (p_lane, p_job, p_arguments, access.account_id())
    returning job_request_id
$$;
comment on function transit.job_ask(text, text, jsonb) is '仕事を頼む。番号を返す。 | Ask for a job. Returns its number.';
