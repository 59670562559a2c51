create or replace function transit.work_cancel(p_job_request_id bigint)
    returns boolean
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_ended boolean;
begin
    -- One that no worker holds ends here; a worker sees the wish at its next step.
    update transit.job_request as request
    set cancel_wanted_at = coalesce(request.cancel_wanted_at, clock_timestamp()),
        cancelled_at = case when coalesce(request.lease_until, '-infinity') < clock_timestamp() then clock_timestamp() end,
        done_at = case when coalesce(request.lease_until, '-infinity') < clock_timestamp() then clock_timestamp() end,
        lease = case when request.lease_until >= clock_timestamp() then request.lease end,
        lease_until = case when request.lease_until >= clock_timestamp() then request.lease_until end
    where request.job_request_id = p_job_request_id and request.done_at is null and request.label is not null
        and (request.requested_by = (select access.account_id()) or (select access.sees_all_jobs()))
    returning request.done_at is not null into v_ended;
    if not found then
        raise exception 'ジョブ % は見つからないか、もう終わっています。 | Job % is not there or has ended.', p_job_request_id, p_job_request_id
            using errcode = 'DC404', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    return v_ended;
end;
$$;
comment on function transit.work_cancel(bigint) is
    'ジョブを取り消す。済んだ分は残る。もう終わったなら true。 | Cancel work. What was done stays; true when it has ended by that.';
