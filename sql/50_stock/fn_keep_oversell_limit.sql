create or replace function stock.keep_oversell_limit()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    if new.is_bundle <> old.is_bundle and (
        exists (select from stock.stock_entry as entry where entry.sku_id = new.sku_id)
        or exists (select from catalog.bundle_component as component where new.sku_id in (component.sku_id, component.bundle_sku_id))
    ) then
        raise exception 'SKU % は在庫か構成があるため、セットと単品を切り替えられません。 | SKU % has stock or parts and cannot change between bundle and single.',
            new.sku_code, new.sku_code
            using errcode = 'DC010', column = 'is_bundle', schema = 'catalog', table = 'sku',
            hint = '新しい SKU を作ります。 | Make a new SKU.';
    end if;
    if new.oversell_limit <> old.oversell_limit then
        -- Every warehouse that a shop ships from has a row, so that orders which wait can be given what may now be promised.
        insert into stock.stock_balance as balance (sku_id, warehouse_id, oversell_limit)
        select distinct new.sku_id, shop.warehouse_id, new.oversell_limit
        from channel.shop as shop
        where not new.is_bundle
        order by 2
        on conflict (sku_id, warehouse_id) do nothing;
        update stock.stock_balance as balance
        set oversell_limit = new.oversell_limit
        where balance.sku_id = new.sku_id;
        insert into transit.sku_changed (sku_id) values (new.sku_id)
        on conflict (sku_id) do update set changed_at = excluded.changed_at, is_served = false;
    end if;
    return null;
end;
$$;
comment on function stock.keep_oversell_limit() is
    '超過販売の上限を残高へ写す。 | Keep oversell limit. Copies a SKU''s limit to its balances, and guards what a bundle is.';
