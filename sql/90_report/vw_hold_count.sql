create or replace view report.hold_count with (security_invoker = true) as
select reason.hold_reason::text as hold_reason, reason.label::text as label, reason.needs_person, count(*) as holds,
    min(hold.placed_at) as oldest_at, reason.release::text as release,
    count(*) filter (where age.days <= 0) as holds_today, count(*) filter (where age.days between 1 and 2) as holds_recent,
    count(*) filter (where age.days >= 3) as holds_old
from sales.hold as hold
join sales.hold_reason as reason on reason.hold_reason = hold.hold_reason
cross join (select base.today() as today, base.setting_text('time_zone') as time_zone offset 0) as clock
cross join lateral (select clock.today - (hold.placed_at at time zone clock.time_zone)::date as days) as age
where hold.is_open
group by reason.hold_reason;
comment on view report.hold_count is
    '理由別の保留数。 @key(hold_reason) | Open holds by reason. @key(hold_reason)';
comment on column report.hold_count.hold_reason is 'コード。 | Code. Stable for ever.';
comment on column report.hold_count.label is '名称。 | Name.';
comment on column report.hold_count.needs_person is '人が決める。いいえなら条件が満ちれば自動で解ける。 | Needs a person. Else it is released by itself.';
comment on column report.hold_count.holds is '保留の数。 | Holds. Open ones.';
comment on column report.hold_count.oldest_at is '最も古い保留。 | Oldest at. When the oldest was placed.';
comment on column report.hold_count.release is '解除の条件。 | Release. What would release it.';
comment on column report.hold_count.holds_today is '今日からの保留。 | Holds placed today.';
comment on column report.hold_count.holds_recent is '一日か二日たった保留。 | Holds one or two days old.';
comment on column report.hold_count.holds_old is '三日以上たった保留。 | Holds three or more days old.';
