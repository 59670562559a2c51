select request.job_request_id, request.lane::text as lane
from transit.job_request as request
where request.done_at is null and request.due_at <= clock_timestamp() and coalesce(request.lease_until, '-infinity') < clock_timestamp()
order by request.due_at, request.job_request_id
limit %(limit)s;
