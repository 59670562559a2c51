create or replace function transit.note_change()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    -- Always an update: "do nothing" would let a dispatcher that is deleting the row swallow this change.
    insert into transit.sku_changed as changed (sku_id)
    select distinct new_row.sku_id
    from new_balance as new_row
    join old_balance as old_row on old_row.sku_id = new_row.sku_id and old_row.warehouse_id = new_row.warehouse_id
    where new_row.available <> old_row.available or new_row.oversell_limit <> old_row.oversell_limit
        -- Beyond the shelf it matters who holds the pieces, even when their number stays the same.
        or new_row.available < 0
    order by 1
    on conflict (sku_id) do update set changed_at = excluded.changed_at, is_served = false;
    return null;
end;
$$;
comment on function transit.note_change() is
    '変化を記す。販売可能数が変わった SKU を送信待ちにする。 | Note a change. Marks SKUs whose available changed.';
