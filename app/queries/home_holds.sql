-- Open holds that need a person, by reason: the most first.
select hold_reason as reason, label, release as hint, holds as items, oldest_at, holds_today as today, holds_recent as recent, holds_old as old
from report.hold_count
where needs_person
order by holds desc, hold_reason
limit 30
