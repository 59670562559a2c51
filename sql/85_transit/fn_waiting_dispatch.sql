create or replace function transit.waiting_dispatch(p_limit integer)
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_sku_ids bigint[];
    v_changed_ats timestamptz[];
    v_orders integer;
begin
    select array_agg(changed.sku_id), array_agg(changed.changed_at) into v_sku_ids, v_changed_ats
    from (
        select waiting.sku_id, waiting.changed_at from transit.sku_changed as waiting
        where not waiting.is_served
        order by waiting.changed_at
        limit p_limit
    ) as changed;
    if v_sku_ids is null then
        return 0;
    end if;
    v_orders := sales.waiting_reserve(v_sku_ids);
    -- Marked last, as everybody touches these rows last; one that changed meanwhile, by this too, comes round again.
    update transit.sku_changed as changed
    set is_served = true
    where changed.sku_id in (
        select waiting.sku_id from transit.sku_changed as waiting
        join unnest(v_sku_ids, v_changed_ats) as seen (sku_id, changed_at)
            on seen.sku_id = waiting.sku_id and seen.changed_at = waiting.changed_at
        order by waiting.sku_id
        for update of waiting skip locked
    );
    return v_orders;
end;
$$;
comment on function transit.waiting_dispatch(integer) is
    '待つ受注に配る。変わった SKU を待つ明細に先に引き当てる。 | Serve who waits. Reserves for lines that wait for a changed SKU, before the shops are told; returns the number of orders served.';
