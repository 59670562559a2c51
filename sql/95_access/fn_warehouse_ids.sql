create or replace function access.warehouse_ids()
    returns bigint[]
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
declare
    v_account_id bigint := access.account_id();
begin
    return (
        select coalesce(array_agg(warehouse.warehouse_id), '{}')
        from stock.warehouse as warehouse
        where exists (
            select from staff.account as account
            where account.account_id = v_account_id and (
                account.sees_all_warehouses
                or exists (
                    select from staff.account_warehouse as scope
                    where scope.account_id = v_account_id and scope.warehouse_id = warehouse.warehouse_id
                )
            )
        )
    );
end;
$$;
comment on function access.warehouse_ids() is '見てよい倉庫。 | Warehouses that who is asking may see.';
