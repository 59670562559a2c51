-- So many of each lane: what one lane has too much of keeps no other waiting.
select request.job_request_id, lane.lane
from unnest(array['now', 'orders', 'push', 'slow', 'long']) with ordinality as lane (lane, place)
cross join lateral (
    select due.job_request_id, due.due_at
    from transit.job_request as due
    where due.lane::text = lane.lane and due.done_at is null and due.due_at <= clock_timestamp()
        and coalesce(due.lease_until, '-infinity') < clock_timestamp()
    order by due.due_at, due.job_request_id
    limit %(limit)s
) as request
order by lane.place, request.due_at, request.job_request_id;
