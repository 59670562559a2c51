create or replace function transit.changes_dispatch(p_limit integer)
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_sku_ids bigint[];
begin
    -- Only what waiting_dispatch has served: who waits comes before the shops.
    with due as materialized (
        select waiting.sku_id from transit.sku_changed as waiting
        where waiting.is_served
        order by waiting.changed_at
        limit p_limit
        for update skip locked
    ), taken as (
        delete from transit.sku_changed as changed
        using due
        where changed.sku_id = due.sku_id
        returning changed.sku_id
    )
    select array_agg(taken.sku_id) into v_sku_ids from taken;
    if v_sku_ids is null then
        return 0;
    end if;
    insert into transit.push as push (shop_id, listing_id, kind)
    select listing.shop_id, listing.listing_id, 'stock'
    from channel.listing as listing
    where listing.is_published and listing.sku_id in (
        select unnest(v_sku_ids)
        union
        select component.bundle_sku_id from catalog.bundle_component as component where component.sku_id = any(v_sku_ids)
    )
    order by listing.listing_id
    -- Counted here, not taken from a balance: a bundle has many balances and the greatest of them may stand still.
    on conflict (kind, subject_id) do update set wanted_version = push.wanted_version + 1;
    return cardinality(v_sku_ids);
end;
$$;
comment on function transit.changes_dispatch(integer) is
    '変化を配る。変わった SKU の出品を送信待ちにし、SKU の数を返す。 | Dispatch changes. Makes the listings of changed SKUs due; returns the number of SKUs.';
