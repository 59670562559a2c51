create or replace function staff.account_invite(
    p_login_name text,
    p_display_name text,
    p_staff_role text,
    p_sees_all_shops boolean,
    p_sees_all_warehouses boolean,
    p_shop_ids bigint[],
    p_warehouse_ids bigint[],
    p_password text
)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_user_id integer;
    v_account_id bigint;
begin
    if p_staff_role = 'system' then
        raise exception '役割「システム」は自動の仕事だけのものです。 | The role "System" belongs to what runs by itself.'
            using errcode = 'DC010', column = 'staff_role', hint = 'ほかの役割を選びます。 | Choose another role.';
    end if;
    insert into staff.ab_user (first_name, last_name, username, password, email)
    values (p_display_name, '', p_login_name, p_password, p_login_name || '@localhost')
    returning id into v_user_id;
    insert into staff.account (login_name, display_name, staff_role, sees_all_shops, sees_all_warehouses, user_id)
    values (p_login_name, p_display_name, p_staff_role, p_sees_all_shops, p_sees_all_warehouses, v_user_id)
    returning account_id into v_account_id;
    perform staff.scope_write(v_account_id, p_shop_ids, p_warehouse_ids);
    return v_account_id;
end;
$$;
comment on function staff.account_invite(text, text, text, boolean, boolean, bigint[], bigint[], text) is
    '担当者を招く。パスワードは招待リンクで本人が決める。 | Invite a person. They set their password by a link; until then nobody can sign in.';
