create or replace function access.login_follow(p_login text, p_staff_role text)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_group text;
begin
    if p_login !~ '^daicho_login_[a-z0-9_]+$' or not exists (select from pg_catalog.pg_roles as role where role.rolname = p_login) then
        return;
    end if;
    for v_group in
        select member.roleid::regrole::text
        from pg_catalog.pg_auth_members as member
        where member.member = p_login::regrole and member.roleid <> access.role_name(p_staff_role)::regrole
    loop
        execute format('revoke %s from %I', v_group, p_login);
    end loop;
    execute format('grant %I to %I with inherit true, set false', access.role_name(p_staff_role), p_login);
end;
$$;
comment on function access.login_follow(text, text) is
    'SQL ログインを役割に合わせる。 | Let an SQL login follow its account''s role: it inherits that one and no other.';
