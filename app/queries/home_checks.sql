-- The last run of each check, those with findings first, and whether they are being run.
select result.check_name, result.findings, result.ran_at, result.duration_ms, result.changed_at,
    exists (
        select from transit.job_request as request
        where request.job = 'run_checks' and request.done_at is null
        and (request.lease_until >= clock_timestamp() or request.requested_at > clock_timestamp() - interval '2 minutes')
    ) as is_running
from report.check_result as result
order by result.findings = 0, result.check_name
limit 100
