create or replace function transit.job_cancelled(p_job_request_id bigint, p_lease bigint, p_answer jsonb)
    returns boolean
    language sql
    security definer
    set search_path = ''
as $$
    with ended as (
        update transit.job_request as request
        set done_at = clock_timestamp(), cancelled_at = clock_timestamp(), cancel_wanted_at = coalesce(request.cancel_wanted_at, clock_timestamp()),
            answer = p_answer, lease = null, lease_until = null, step = null
        where request.job_request_id = p_job_request_id and request.lease = p_lease
        returning 1
    )
    select exists (select from ended)
$$;
comment on function transit.job_cancelled(bigint, bigint, jsonb) is
    'ジョブを途中で終える。済んだことを答えに書く。 | Job cancelled. Ends it halfway; the answer says what was done.';
