-- The inbox by reason: the most first.
select inbox_reason as reason, label, hint, items, oldest_at, items_today as today, items_recent as recent, items_old as old
from report.inbox_count
order by items desc, inbox_reason
limit 30
