select activity.pid
from pg_catalog.pg_stat_activity as activity
where activity.datname = current_database() and activity.usename like '%%worker'
order by activity.backend_start
limit 1;
