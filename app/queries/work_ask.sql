select transit.work_ask(:job, :label, cast(:arguments as jsonb)) as job_request_id
