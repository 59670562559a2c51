create or replace view report.inbox_count with (security_invoker = true) as
select reason.inbox_reason::text as inbox_reason, reason.label::text as label, reason.hint::text as hint, count(*) as items,
    min(inbox.noted_at) as oldest_at
from transit.inbox as inbox
join transit.inbox_reason as reason on reason.inbox_reason = inbox.inbox_reason
where inbox.is_open
group by reason.inbox_reason;
comment on view report.inbox_count is
    '理由別の要対応の数。 @key(inbox_reason) | Open inbox items by reason. @key(inbox_reason)';
comment on column report.inbox_count.inbox_reason is 'コード。 | Code. Stable for ever.';
comment on column report.inbox_count.label is '名称。 | Name.';
comment on column report.inbox_count.hint is 'すること。 | What to do.';
comment on column report.inbox_count.items is '要対応の数。 | Items. Open ones.';
comment on column report.inbox_count.oldest_at is '最も古いもの。 | Oldest at. When the oldest was noted.';
