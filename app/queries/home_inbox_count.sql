-- Open inbox rows by reason, the most first.
select inbox_reason, label, items, oldest_at from report.inbox_count order by items desc, inbox_reason limit 20
