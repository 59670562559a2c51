create or replace function staff.sql_login_write(p_account_id bigint, p_verifier text)
    returns text
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_account staff.account;
    v_login text;
begin
    select * into v_account from staff.account as account where account.account_id = p_account_id for update;
    if v_account.staff_role = 'system' then
        raise exception '% は Daicho 自身のアカウントで、SQL ログインは持てません。 | % is Daicho''s own account and has no SQL login.',
            v_account.login_name, v_account.login_name
            using errcode = 'DC010', hint = '人のログイン名を指定します。 | Name the login of a person.';
    end if;
    if v_account.ended_at is not null or v_account.staff_role is null then
        raise exception '担当者 % は在籍していません。 | The account % has ended.',
            coalesce(v_account.login_name, p_account_id::text), coalesce(v_account.login_name, p_account_id::text)
            using errcode = 'DC404', hint = '先に「人とログイン」で招きます。 | Invite the person first, on the page People.';
    end if;
    v_login := v_account.sql_login;
    if v_login is null then
        v_login := left('daicho_login_' || regexp_replace(v_account.login_name, '[^a-z0-9]', '_', 'g'), 50);
        if exists (select from pg_catalog.pg_roles as role where role.rolname = v_login) then
            v_login := v_login || '_' || p_account_id;
        end if;
        if exists (select from pg_catalog.pg_roles as role where role.rolname = v_login) then
            raise exception 'ログイン % は別の担当者のものです。 | The login % is somebody else''s.', v_login, v_login
                using errcode = 'DC010', hint = 'データベースの管理者に頼みます。 | Ask who looks after the database server.';
        end if;
        update staff.account as account set sql_login = v_login where account.account_id = p_account_id;
    end if;
    perform access.login_write(v_login, v_account.staff_role, p_verifier);
    return v_login;
end;
$$;
comment on function staff.sql_login_write(bigint, text) is
    'SQL ログインを書く。あればパスワードを替える。 | Write an account''s SQL login. Made, or given another password; returns its name.';
