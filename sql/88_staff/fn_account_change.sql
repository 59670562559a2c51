create or replace function staff.account_change(
    p_account_id bigint,
    p_version integer,
    p_display_name text,
    p_staff_role text,
    p_sees_all_shops boolean,
    p_sees_all_warehouses boolean,
    p_shop_ids bigint[],
    p_warehouse_ids bigint[]
)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform staff.account_keepable(p_account_id);
    update staff.account as account
    set display_name = p_display_name, staff_role = p_staff_role, sees_all_shops = p_sees_all_shops,
        sees_all_warehouses = p_sees_all_warehouses, version = account.version + 1
    where account.account_id = p_account_id and account.version = p_version;
    if not found then
        raise exception 'ほかの人がこの担当者を変えました。 | Somebody else changed this account meanwhile.'
            using errcode = 'DC012', hint = '今の内容を見て、もう一度変えます。 | Look at it as it is now, then change it again.';
    end if;
    perform staff.scope_write(p_account_id, p_shop_ids, p_warehouse_ids);
end;
$$;
comment on function staff.account_change(bigint, integer, text, text, boolean, boolean, bigint[], bigint[]) is
    '担当者を変える。名前、役割、見る範囲。 | Change an account. Its name, role and scope, within one''s own.';
