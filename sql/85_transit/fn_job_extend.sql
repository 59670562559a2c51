create or replace function transit.job_extend(p_job_request_id bigint, p_lease bigint, p_for interval)
    returns boolean
    language sql
    security definer
    set search_path = ''
as $$
    with extended as (
        update transit.job_request as request
        set lease_until = clock_timestamp() + p_for
        where request.job_request_id = p_job_request_id and request.lease = p_lease
        returning 1
    )
    select exists (select from extended)
$$;
comment on function transit.job_extend(bigint, bigint, interval) is
    'ジョブの担当期限を延ばす。担当が替わっていれば false。 | Extend a job''s lease. False when another has it by now.';
