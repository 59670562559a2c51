select request.lane::text as lane from transit.job_request as request where request.job_request_id = %(job_request_id)s;
