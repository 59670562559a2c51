create or replace function staff.scope_write(p_account_id bigint, p_shop_ids bigint[], p_warehouse_ids bigint[])
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    -- One's own shops and warehouses alone: what else the account has is not seen here, and stays.
    delete from staff.account_shop as scope
    where scope.account_id = p_account_id and scope.shop_id = any(access.shop_ids()) and scope.shop_id <> all(coalesce(p_shop_ids, '{}'));
    delete from staff.account_warehouse as scope
    where scope.account_id = p_account_id and scope.warehouse_id = any(access.warehouse_ids())
        and scope.warehouse_id <> all(coalesce(p_warehouse_ids, '{}'));
    insert into staff.account_shop (account_id, shop_id) select p_account_id, shop_id from unnest(p_shop_ids) as shop_id
    on conflict do nothing;
    insert into staff.account_warehouse (account_id, warehouse_id) select p_account_id, warehouse_id from unnest(p_warehouse_ids) as warehouse_id
    on conflict do nothing;
end;
$$;
comment on function staff.scope_write(bigint, bigint[], bigint[]) is
    '見る範囲を書く。 | Write a scope. The shops and warehouses of an account; others than one''s own are refused.';
