create or replace function transit.job_done(p_job_request_id bigint, p_lease bigint, p_answer jsonb)
    returns boolean
    language sql
    security definer
    set search_path = ''
as $$
    with done as (
        update transit.job_request as request
        set done_at = clock_timestamp(), answer = p_answer, lease = null, lease_until = null
        where request.job_request_id = p_job_request_id and request.lease = p_lease
        returning 1
    )
    select exists (select from done)
$$;
comment on function transit.job_done(bigint, bigint, jsonb) is '仕事を終える。答えを書く。 | Job done. Writes its answer.';
