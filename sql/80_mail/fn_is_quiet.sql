create or replace function mail.is_quiet(p_shop_id bigint)
    returns boolean
    language sql
    stable
    set search_path = ''
as $$
    select coalesce((
        select extract(isodow from here.now)::smallint = any(account.quiet_weekdays)
            or account.quiet_from is not null and case when account.quiet_from <= account.quiet_until
                then here.now::time >= account.quiet_from and here.now::time < account.quiet_until
                else here.now::time >= account.quiet_from or here.now::time < account.quiet_until end
        from mail.mail_account as account
        join channel.shop as shop on shop.shop_id = account.shop_id
        cross join lateral (select clock_timestamp() at time zone shop.time_zone as now) as here
        where account.shop_id = p_shop_id
    ), false)
$$;
comment on function mail.is_quiet(bigint) is '送らない時間か。店の時間帯で。 | Whether it is a shop''s quiet time now, in its time zone.';
