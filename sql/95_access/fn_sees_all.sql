create or replace function access.sees_all()
    returns boolean
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
begin
    return coalesce((
        select account.sees_all_shops and account.sees_all_warehouses
        from staff.account as account
        where account.account_id = access.account_id()
    ), false);
end;
$$;
comment on function access.sees_all() is '全店舗と全倉庫を見る。 | Sees all. Whether who is asking sees every shop and warehouse.';
