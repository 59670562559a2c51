create or replace function access.role_in_force()
    returns text
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
declare
    v_own text := access.staff_role();
    v_taken text;
begin
    -- The role itself, not a setting that says so: only its members can take one, and people are members of none.
    if v_own is not null and session_user in ('daicho_web', 'daicho_worker') then
        select role.staff_role into v_taken
        from staff.staff_role as role
        where access.role_name(role.staff_role) = current_setting('role');
    end if;
    return coalesce(v_taken, v_own);
end;
$$;
comment on function access.role_in_force() is
    '今の役割。API トークンでは、そのトークンの役割。 | Role in force. The account''s, or the lesser one of its API token.';
