create or replace function base.today()
    returns date
    language sql
    stable
    set search_path = ''
as $$
    select (now() at time zone base.setting_text('time_zone'))::date
$$;
comment on function base.today() is '今日。店の時間帯の日付。 | Today. The day in the shop''s time zone.';
