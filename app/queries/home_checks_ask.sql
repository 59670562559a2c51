select transit.job_ask('slow', 'run_checks')
