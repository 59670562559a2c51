create or replace view report.inbox_count with (security_invoker = true) as
select reason.inbox_reason::text as inbox_reason, reason.label::text as label, reason.hint::text as hint, count(*) as items,
    min(inbox.noted_at) as oldest_at, count(*) filter (where age.days <= 0) as items_today,
    count(*) filter (where age.days between 1 and 2) as items_recent, count(*) filter (where age.days >= 3) as items_old
from transit.inbox as inbox
join transit.inbox_reason as reason on reason.inbox_reason = inbox.inbox_reason
cross join (select base.today() as today, base.setting_text('time_zone') as time_zone offset 0) as clock
cross join lateral (select clock.today - (inbox.noted_at at time zone clock.time_zone)::date as days) as age
where inbox.is_open
group by reason.inbox_reason;
comment on view report.inbox_count is
    '理由別の要対応の数。 @key(inbox_reason) | Open inbox items by reason. @key(inbox_reason)';
comment on column report.inbox_count.inbox_reason is 'コード。 | Code. Stable for ever.';
comment on column report.inbox_count.label is '名称。 | Name.';
comment on column report.inbox_count.hint is 'すること。 | What to do.';
comment on column report.inbox_count.items is '要対応の数。 | Items. Open ones.';
comment on column report.inbox_count.oldest_at is '最も古いもの。 | Oldest at. When the oldest was noted.';
comment on column report.inbox_count.items_today is '今日からのもの。 | Noted today.';
comment on column report.inbox_count.items_recent is '一日か二日たったもの。 | One or two days old.';
comment on column report.inbox_count.items_old is '三日以上たったもの。 | Three or more days old.';
