-- What people asked for, newest first: a person's own, of owners and managers everybody's. The row policy decides.
select request.job_request_id, request.job::text as job, request.label, request.requested_at, request.requested_by, request.started_at, request.done_at,
    request.step, request.done, request.of_all, request.answer, request.error, request.file_name, request.stored_as,
    case
        when request.cancelled_at is not null then 'cancelled'
        when request.error is not null and request.done_at is not null then 'failed'
        when request.done_at is not null then 'done'
        when request.cancel_wanted_at is not null then 'stopping'
        when request.lease_until >= clock_timestamp() then 'running'
        else 'waiting'
    end as state,
    request.done_at > clock_timestamp() - interval '1 day' and (request.error is not null or request.cancelled_at is not null) as may_retry,
    import.file_import_id
from transit.job_request as request
left join transit.file_import as import on import.job_request_id = request.job_request_id
where request.label is not null and (:number = 0 or request.job_request_id = :number)
    and (cast(:since as timestamptz) is null or request.done_at is null or request.done_at >= cast(:since as timestamptz))
    and (not :own or request.requested_by = (select access.account_id()))
order by request.job_request_id desc
limit :most
