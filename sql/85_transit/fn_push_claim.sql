create or replace function transit.push_claim(p_shop_id bigint, p_kind text, p_limit integer, p_lease interval)
    returns table (subject_id bigint, claimed_version bigint, lease bigint, attempt integer)
    language plpgsql
    security definer
    set search_path = ''
as $$
#variable_conflict use_column
declare
    v_lease bigint := nextval('transit.lease_seq');
begin
    insert into transit.shop_gate as gate (shop_id, served_at)
    values (p_shop_id, clock_timestamp())
    on conflict (shop_id) do update set served_at = excluded.served_at;
    return query
    -- Materialized: as a plain subquery the limit was taken anew for each row of some plans, and a whole shop was claimed at once.
    with due as materialized (
        select due.subject_id
        from transit.push as due
        where due.shop_id = p_shop_id and due.kind = p_kind and due.is_due and not due.is_refused and due.due_at <= clock_timestamp()
            and coalesce(due.lease_until, '-infinity') < clock_timestamp()
            and exists (
                select from channel.shop as shop
                left join transit.shop_gate as gate on gate.shop_id = shop.shop_id
                where shop.shop_id = p_shop_id and shop.paused_at is null and coalesce(gate.open_at, '-infinity') <= clock_timestamp()
            )
            and (select transit.outgoing_is_on(p_kind))
        order by due.subject_id
        limit p_limit
        for update skip locked
    )
    update transit.push as push
    set lease = v_lease, lease_until = clock_timestamp() + p_lease, claimed_version = push.wanted_version, attempt = push.attempt + 1,
        -- Whoever let the lease run out may still be sending an old level: say it once more when that cannot be any longer.
        is_echo = push.is_echo or push.lease is not null
    from due
    where push.kind = p_kind and push.subject_id = due.subject_id
    returning push.subject_id, push.claimed_version, push.lease, push.attempt;
end;
$$;
comment on function transit.push_claim(bigint, text, integer, interval) is
    '送信を引き受ける。店舗の送信待ちを期限付きで受け取る。 | Claim pushes. Takes a shop''s due rows under a numbered lease, at most p_limit.';
