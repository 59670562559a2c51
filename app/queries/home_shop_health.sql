-- Shops, those in trouble first.
select shop_id, shop_name, paused_at, pause_reason, failing_since, pushes_due from report.shop_health
order by paused_at is null and failing_since is null, shop_code limit 30
