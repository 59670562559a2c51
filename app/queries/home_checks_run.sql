select run.check_name, run.findings from staff.checks_run() as run
