create or replace function staff.role_second_factor_set(p_staff_role text, p_needed boolean)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    if not coalesce(access.role_within(p_staff_role, access.role_in_force()), false) then
        raise exception 'この役割には、あなたにない権限があります。 | This role holds what you do not.'
            using errcode = 'DC403', hint = '店主に頼みます。 | Ask the owner.';
    end if;
    update staff.staff_role as role set needs_second_factor = p_needed, version = role.version + 1 where role.staff_role = p_staff_role;
end;
$$;
comment on function staff.role_second_factor_set(text, boolean) is
    '二段階認証を求める。この役割の人は、設定するまで何もできない。 | Ask a second factor. Until they have one, people of this role can do nothing else.';
