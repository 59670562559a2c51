update transit.schedule as schedule
set every = interval '5 seconds'
where schedule.schedule_code = 'pull_orders';
