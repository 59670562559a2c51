create or replace function stock.keep_balance()
    returns trigger
    language plpgsql
    set search_path = ''
as $$
declare
    v_wanted bigint;
    v_locked bigint;
begin
    select count(*) into v_wanted from (select distinct entry.sku_id, entry.warehouse_id from new_entry as entry) as pair;
    perform 1 from stock.stock_balance as balance
    where (balance.sku_id, balance.warehouse_id) in (select entry.sku_id, entry.warehouse_id from new_entry as entry)
    order by balance.sku_id, balance.warehouse_id
    for no key update;
    get diagnostics v_locked = row_count;
    if v_locked < v_wanted then
        insert into stock.stock_balance (sku_id, warehouse_id, oversell_limit)
        select distinct entry.sku_id, entry.warehouse_id, sku.oversell_limit
        from new_entry as entry
        join catalog.sku as sku on sku.sku_id = entry.sku_id
        order by 1, 2
        on conflict do nothing;
        perform 1 from stock.stock_balance as balance
        where (balance.sku_id, balance.warehouse_id) in (select entry.sku_id, entry.warehouse_id from new_entry as entry)
        order by balance.sku_id, balance.warehouse_id
        for no key update;
    end if;
    update stock.stock_balance as balance
    set on_hand = balance.on_hand + change.on_hand, reserved = balance.reserved + change.reserved,
        version = balance.version + change.entries
    from (
        select entry.sku_id, entry.warehouse_id, sum(entry.on_hand_change)::integer as on_hand,
            sum(entry.reserved_change)::integer as reserved, count(*) as entries
        from new_entry as entry
        group by entry.sku_id, entry.warehouse_id
    ) as change
    where balance.sku_id = change.sku_id and balance.warehouse_id = change.warehouse_id;
    return null;
end;
$$;
comment on function stock.keep_balance() is
    '残高を保つ。台帳に加わった行を SKU 順に残高へ足す。 | Keep balance. Adds the new ledger rows to the balances, locked by SKU.';
