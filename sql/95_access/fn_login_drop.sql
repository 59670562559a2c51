create or replace function access.login_drop(p_login text)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    if p_login !~ '^daicho_login_[a-z0-9_]+$' or not exists (select from pg_catalog.pg_roles as role where role.rolname = p_login) then
        return;
    end if;
    -- Whoever comes in while this is not committed holds a login that then has no rights at all.
    execute format('alter role %I nologin', p_login);
    execute format('grant %I to current_user with inherit true', p_login);
    perform pg_catalog.pg_terminate_backend(activity.pid, 1000)
    from pg_catalog.pg_stat_activity as activity
    where activity.usename = p_login;
    execute format('drop role %I', p_login);
end;
$$;
comment on function access.login_drop(text) is
    'SQL ログインをなくす。開いている接続も切る。 | Drop an SQL login, and end its open connections.';
