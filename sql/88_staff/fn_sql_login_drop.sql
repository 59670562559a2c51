create or replace function staff.sql_login_drop(p_account_id bigint)
    returns boolean
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_login text;
begin
    select account.sql_login into v_login from staff.account as account where account.account_id = p_account_id for update;
    if v_login is null then
        return false;
    end if;
    update staff.account as account set sql_login = null where account.account_id = p_account_id;
    perform access.login_drop(v_login);
    return true;
end;
$$;
comment on function staff.sql_login_drop(bigint) is
    'SQL ログインを外す。 | Drop an account''s SQL login, without asking who wants it; false when there was none.';
