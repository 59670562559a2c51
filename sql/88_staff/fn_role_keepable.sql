create or replace function staff.role_keepable(p_staff_role text, p_version integer)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_role staff.staff_role;
begin
    select * into v_role from staff.staff_role as role where role.staff_role = p_staff_role and role.is_own and role.ended_at is null for update;
    if not found then
        raise exception '自店の役割 % はありません。 | The shop has no role of its own named %.', p_staff_role, p_staff_role
            using errcode = 'DC404', hint = 'はじめからある役割は変えられません。写しを作ります。 | Roles that came with Daicho stay as they are: make a copy.';
    end if;
    if p_staff_role = any(array[access.staff_role(), access.role_in_force()]) then
        raise exception '自分の役割は変えられません。 | Nobody changes their own role.'
            using errcode = 'DC403', hint = 'ほかの人に頼みます。 | Ask somebody else.';
    end if;
    if not coalesce(access.role_within(p_staff_role, access.role_in_force()), false) then
        raise exception 'この役割には、あなたにない権限があります。 | This role holds what you do not.'
            using errcode = 'DC403', hint = '店主に頼みます。 | Ask the owner.';
    end if;
    if v_role.version <> p_version then
        raise exception 'ほかの人がこの役割を変えました。 | Somebody else changed this role meanwhile.'
            using errcode = 'DC012', hint = '今の内容を見て、もう一度変えます。 | Look at it as it is now, then change it again.';
    end if;
end;
$$;
comment on function staff.role_keepable(text, integer) is
    '役割を変えてよいか確かめる。 | Check a role. Refuses one that is not the shop''s own, one''s own, one that holds more, or one that changed meanwhile.';
