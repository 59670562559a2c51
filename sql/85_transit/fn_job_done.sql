create or replace function transit.job_done(
    p_job_request_id bigint, p_lease bigint, p_answer jsonb, p_file_name text default null, p_stored_as text default null
)
    returns boolean
    language sql
    security definer
    set search_path = ''
as $$
    with done as (
        update transit.job_request as request
        set done_at = clock_timestamp(), answer = p_answer, lease = null, lease_until = null, step = null, error = null,
            file_name = p_file_name, stored_as = p_stored_as
        where request.job_request_id = p_job_request_id and request.lease = p_lease
        returning 1
    )
    select exists (select from done)
$$;
comment on function transit.job_done(bigint, bigint, jsonb, text, text) is
    'ジョブを終える。答えとファイルを書く。担当が替わっていれば false。 | Job done. Writes its answer and file; false when another has it by now.';
