create or replace view report.check_result with (security_invoker = true) as
select check_run.check_name, check_run.findings, check_run.ran_at, check_run.duration_ms, check_run.changed_at
from staff.check_run as check_run;
comment on view report.check_result is
    '検査の結果。 @key(check_name) | Results of the checks. @key(check_name)';
