-- The same job for the same shop, running now under another lease.
select request.job_request_id
from transit.job_request as request
where request.done_at is null and request.job = %(job)s and request.job_request_id <> %(job_request_id)s
    and request.arguments ->> 'shop_id' = %(shop_id)s::bigint::text and request.lease_until > clock_timestamp()
    and request.lease < (
        select own.lease from transit.job_request as own where own.job_request_id = %(job_request_id)s
    );
