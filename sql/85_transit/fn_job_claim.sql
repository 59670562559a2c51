create or replace function transit.job_claim(p_job_request_id bigint, p_lease interval)
    returns table (job text, arguments jsonb, lease bigint, attempt integer)
    language sql
    security definer
    set search_path = ''
as $$
    update transit.job_request as request
    set lease = nextval('transit.lease_seq'), lease_until = clock_timestamp() + p_lease, attempt = request.attempt + 1
    where request.job_request_id = p_job_request_id and request.done_at is null
        and coalesce(request.lease_until, '-infinity') < clock_timestamp()
    returning request.job::text, request.arguments, request.lease, request.attempt
$$;
comment on function transit.job_claim(bigint, interval) is
    '仕事を引き受ける。ほかが引き受けていれば行はない。 | Claim a job. No row when another has it or it is done.';
