create or replace function access.roles_apply()
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_staff_role text;
    v_count integer := 0;
begin
    for v_staff_role in
        select role.staff_role from staff.staff_role as role where role.is_own and role.ended_at is null order by role.staff_role
    loop
        perform access.role_apply(v_staff_role);
        v_count := v_count + 1;
    end loop;
    return v_count;
end;
$$;
comment on function access.roles_apply() is
    '自店の役割をすべて当て直す。読み込みの最後に呼ばれる。 | Apply all of the shop''s own roles. Called at the end of each load; returns how many there are.';
