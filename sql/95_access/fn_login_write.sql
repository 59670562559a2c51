create or replace function access.login_write(p_login text, p_staff_role text, p_verifier text)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    -- Belongs to daicho_keeper. Only the verifier comes here: no log of the server can hold the password.
    if p_login !~ '^daicho_login_[a-z0-9_]+$' or p_verifier !~ '^SCRAM-SHA-256[$][0-9]{4,6}:[A-Za-z0-9+/=]{16,}[$][A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$' then
        raise exception 'ログイン % は作れません。 | The login % cannot be made.', p_login, p_login using errcode = 'DC403', hint = '「人とログイン」から作ります。 | Make it on the page People.';
    end if;
    if not exists (select from pg_catalog.pg_roles as role where role.rolname = p_login) then
        execute format('create role %I', p_login);
    end if;
    execute format('alter role %I login inherit password %L', p_login, p_verifier);
    perform access.login_follow(p_login, p_staff_role);
end;
$$;
comment on function access.login_write(text, text, text) is
    'SQL ログインを書く。なければ作り、パスワードを替える。 | Write an SQL login. Makes it when it is not there, and replaces its password by this SCRAM verifier.';
