-- Checks, those with findings first.
select check_name, findings, ran_at from report.check_result order by findings = 0, check_name limit 40
