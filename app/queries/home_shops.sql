-- How the connection of each shop is, those in trouble first.
select health.shop_id, health.shop_name, health.paused_at, health.pause_reason, health.failing_since, health.failures, health.last_error,
    health.pushes_due, health.read_at
from report.shop_health as health
order by health.paused_at is null and health.failing_since is null, health.shop_code
limit 40
