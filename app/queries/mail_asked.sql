-- What became of a job that the reader asked for.
select request.done_at is not null as is_done, request.answer, request.error
from transit.job_request as request
where request.job_request_id = :number and request.requested_by = (select access.account_id())
