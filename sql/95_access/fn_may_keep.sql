create or replace function access.may_keep(p_account_id bigint)
    returns boolean
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
declare
    v_account staff.account;
    v_me staff.account;
begin
    select * into v_account from staff.account as account where account.account_id = p_account_id;
    select * into v_me from staff.account as account where account.account_id = access.account_id();
    return v_account.account_id is not null and v_me.account_id is not null
        and v_account.sees_all_shops <= v_me.sees_all_shops
        and v_account.sees_all_warehouses <= v_me.sees_all_warehouses
        and access.role_within(v_account.staff_role, access.role_in_force())
        and not exists (
            select from staff.account_shop as scope
            where scope.account_id = p_account_id and scope.shop_id <> all(access.shop_ids())
        )
        and not exists (
            select from staff.account_warehouse as scope
            where scope.account_id = p_account_id and scope.warehouse_id <> all(access.warehouse_ids())
        );
end;
$$;
comment on function access.may_keep(bigint) is
    '世話してよい担当者。役割も範囲も自分を超えない。 | May keep. An account whose role and scope are within those of who is asking.';
