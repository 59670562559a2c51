create or replace function transit.job_failed(p_job_request_id bigint, p_lease bigint, p_error text, p_again_after interval)
    returns void
    language sql
    security definer
    set search_path = ''
as $$
    update transit.job_request as request
    set lease = null, lease_until = null, error = p_error,
        due_at = case when p_again_after is null then request.due_at else clock_timestamp() + p_again_after end,
        done_at = case when p_again_after is null then clock_timestamp() end
    where request.job_request_id = p_job_request_id and request.lease = p_lease
$$;
comment on function transit.job_failed(bigint, bigint, text, interval) is
    'ジョブが失敗した。間隔があれば後でもう一度、なければ終わり。 | Job failed. Again after the interval, or over when there is none.';
