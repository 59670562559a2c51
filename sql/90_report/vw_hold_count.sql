create or replace view report.hold_count with (security_invoker = true) as
select reason.hold_reason::text as hold_reason, reason.label::text as label, reason.needs_person, count(*) as holds,
    min(hold.placed_at) as oldest_at
from sales.hold as hold
join sales.hold_reason as reason on reason.hold_reason = hold.hold_reason
where hold.is_open
group by reason.hold_reason;
comment on view report.hold_count is
    '理由別の保留数。 @key(hold_reason) | Open holds by reason. @key(hold_reason)';
comment on column report.hold_count.hold_reason is 'コード。 | Code. Stable for ever.';
comment on column report.hold_count.label is '名称。 | Name.';
comment on column report.hold_count.needs_person is '人が決める。いいえなら条件が満ちれば自動で解ける。 | Needs a person. Else it is released by itself.';
comment on column report.hold_count.holds is '保留の数。 | Holds. Open ones.';
comment on column report.hold_count.oldest_at is '最も古い保留。 | Oldest at. When the oldest was placed.';
