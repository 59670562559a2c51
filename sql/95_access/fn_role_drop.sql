create or replace function access.role_drop(p_staff_role text)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_role text := access.role_name(p_staff_role);
begin
    if p_staff_role !~ '^own_[a-z][a-z0-9_]{0,29}$' or not exists (select from pg_catalog.pg_roles as role where role.rolname = v_role) then
        return;
    end if;
    begin
        execute format('drop role %I', v_role);
    exception when dependent_objects_still_exist then
        -- A copy of the database on the same server still names it: here nobody can take it any more.
        execute format('revoke %I from daicho_web, daicho_worker', v_role);
    end;
end;
$$;
comment on function access.role_drop(text) is
    '自店の役割をデータベースから外す。 | Drop the database role of the shop''s own role, once its rights have been taken back.';
