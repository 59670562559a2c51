create or replace function stock.as_of(p_sku_id bigint, p_at timestamptz)
    returns table (warehouse_id bigint, on_hand bigint, reserved bigint, available bigint)
    language sql
    stable
    set search_path = ''
as $$
    select entry.warehouse_id, sum(entry.on_hand_change), sum(entry.reserved_change),
        sum(entry.on_hand_change - entry.reserved_change)
    from stock.stock_entry as entry
    where entry.sku_id = p_sku_id and entry.entered_at <= p_at
    group by entry.warehouse_id
    order by entry.warehouse_id
$$;
comment on function stock.as_of(bigint, timestamptz) is
    'その時の在庫。SKU の、倉庫ごとの実在庫・引当・販売可能数。 | Stock as of. A SKU''s on hand, reserved and available by warehouse at that instant.';
