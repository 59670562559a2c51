create or replace function transit.schedule_tick()
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_count integer;
begin
    insert into transit.schedule_run (schedule_code, shop_id)
    select schedule.schedule_code, coalesce(shop.shop_id, 0)
    from transit.schedule as schedule
    left join channel.shop as shop on schedule.per_shop
    left join channel.channel as channel on channel.channel_code = shop.channel_code
    where schedule.is_on and (not schedule.per_shop or shop.shop_id is not null
            and (schedule.capability is null or schedule.capability = any(channel.capabilities)))
        and not exists (
            select from transit.schedule_run as run
            where run.schedule_code = schedule.schedule_code and run.shop_id = coalesce(shop.shop_id, 0)
        )
    on conflict do nothing;
    -- One request for each run that is due; a run whose last request is still open waits for it.
    with due as (
        select run.schedule_code, run.shop_id, schedule.job, schedule.lane, schedule.every
        from transit.schedule_run as run
        join transit.schedule as schedule on schedule.schedule_code = run.schedule_code and schedule.is_on
        left join channel.shop as shop on shop.shop_id = run.shop_id
        left join transit.shop_gate as gate on gate.shop_id = run.shop_id
        where run.next_at <= clock_timestamp() and (run.shop_id = 0 or shop.paused_at is null)
            and coalesce(gate.open_at, '-infinity') <= clock_timestamp()
            and not exists (
                select from transit.job_request as request
                where request.done_at is null and request.job = schedule.job
                    and coalesce((request.arguments ->> 'shop_id')::bigint, 0) = run.shop_id
            )
        for update of run skip locked
    ), asked as (
        insert into transit.job_request (lane, job, arguments, requested_by)
        select due.lane, due.job, case when due.shop_id = 0 then '{}'::jsonb else jsonb_build_object('shop_id', due.shop_id) end,
            access.account_id()
        from due
        returning 1
    ), moved as (
        update transit.schedule_run as run
        set last_at = clock_timestamp(), next_at = clock_timestamp() + due.every
        from due
        where run.schedule_code = due.schedule_code and run.shop_id = due.shop_id
    )
    select count(*) into v_count from asked;
    return v_count;
end;
$$;
comment on function transit.schedule_tick() is
    '時刻表を進める。時が来たジョブを頼み、その数を返す。 | Tick. Asks for what is due by the schedule; returns how many.';
