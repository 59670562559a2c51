create or replace function transit.work_retry(p_job_request_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform pg_catalog.pg_notify('daicho_bell', '');
    -- From its mark on: what was done is not done again.
    update transit.job_request as request
    set done_at = null, error = null, answer = null, cancel_wanted_at = null, cancelled_at = null, attempt = 0, step = null,
        file_name = null, stored_as = null, started_at = null, due_at = clock_timestamp()
    where request.job_request_id = p_job_request_id and request.label is not null and request.done_at > clock_timestamp() - interval '1 day'
        and (request.error is not null or request.cancelled_at is not null)
        and (request.requested_by = (select access.account_id()) or (select access.sees_all_jobs()));
    if not found then
        raise exception 'ジョブ % は、やり直せる状態ではありません。 | Job % cannot be tried again.', p_job_request_id, p_job_request_id
            using errcode = 'DC010', hint = '失敗か取消から一日のうちだけです。新しく頼みます。 | Only within a day of failing or being cancelled. Ask anew.';
    end if;
end;
$$;
comment on function transit.work_retry(bigint) is
    'ジョブをやり直す。済んだところから続ける。 | Retry work. A failed or cancelled job goes on from where it was.';
