create or replace function transit.shops_due(p_kind text)
    returns setof bigint
    language sql
    security definer
    set search_path = ''
as $$
    select shop.shop_id
    from channel.shop as shop
    join channel.channel as channel on channel.channel_code = shop.channel_code and p_kind = any(channel.capabilities)
    left join transit.shop_gate as gate on gate.shop_id = shop.shop_id
    where shop.paused_at is null and coalesce(gate.open_at, '-infinity') <= clock_timestamp()
        and (select transit.outgoing_is_on(p_kind))
        and exists (
            select from transit.push as push
            where push.shop_id = shop.shop_id and push.kind = p_kind and push.is_due and not push.is_refused
                and push.due_at <= clock_timestamp() and coalesce(push.lease_until, '-infinity') < clock_timestamp()
        )
    order by coalesce(gate.served_at, '-infinity')
$$;
comment on function transit.shops_due(text) is
    '送信待ちの店舗。長く待った順。 | Shops due. Those with something to be told, who waited longest first.';
