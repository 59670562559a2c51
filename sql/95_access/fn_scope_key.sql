create or replace function access.scope_key(p_account_id bigint)
    returns text
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
begin
    -- Who shares a role and scope with whom is for the program that counts; people ask about themselves.
    if p_account_id is distinct from access.account_id() and access.role_in_force() is distinct from 'system' then
        return null;
    end if;
    return (
        select concat_ws(' ', account.staff_role,
            case when account.sees_all_shops then '*' else md5(coalesce((
                select string_agg(scope.shop_id::text, ',' order by scope.shop_id) from staff.account_shop as scope
                where scope.account_id = account.account_id
            ), '')) end,
            case when account.sees_all_warehouses then '*' else md5(coalesce((
                select string_agg(scope.warehouse_id::text, ',' order by scope.warehouse_id) from staff.account_warehouse as scope
                where scope.account_id = account.account_id
            ), '')) end)
        from staff.account as account
        where account.account_id = p_account_id and account.ended_at is null
    );
end;
$$;
comment on function access.scope_key(bigint) is
    '範囲の鍵。役割、店舗、倉庫が同じ人は同じ鍵を持つ。自分の分だけ。 | Scope key. People of one role, with the same shops and warehouses, have the same. Of oneself alone.';
