create or replace function transit.job_claim(p_job_request_id bigint, p_lease interval)
    returns table (
        job text, arguments jsonb, lease bigint, attempt integer, requested_by bigint, mark jsonb, done integer, is_cancel_wanted boolean,
        asked_as text
    )
    language sql
    security definer
    set search_path = ''
as $$
    update transit.job_request as request
    set lease = nextval('transit.lease_seq'), lease_until = clock_timestamp() + p_lease, attempt = request.attempt + 1,
        started_at = coalesce(request.started_at, clock_timestamp())
    where request.job_request_id = p_job_request_id and request.done_at is null
        and coalesce(request.lease_until, '-infinity') < clock_timestamp()
    returning request.job::text, request.arguments, request.lease, request.attempt, request.requested_by, request.mark, request.done,
        request.cancel_wanted_at is not null, request.asked_as::text
$$;
comment on function transit.job_claim(bigint, interval) is
    'ジョブを引き受ける。ほかが引き受けていれば行はない。 | Claim a job. No row when another has it or it is done.';
