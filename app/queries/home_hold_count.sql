-- Open holds by reason, the most first.
select hold_reason, label, holds, oldest_at from report.hold_count order by holds desc, hold_reason limit 20
