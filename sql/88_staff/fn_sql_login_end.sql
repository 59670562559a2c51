create or replace function staff.sql_login_end(p_account_id bigint)
    returns boolean
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform staff.account_keepable(p_account_id);
    return staff.sql_login_drop(p_account_id);
end;
$$;
comment on function staff.sql_login_end(bigint) is
    'SQL ログインをなくす。開いている接続も切る。 | Take an SQL login away. Its open connections end; false when there was none.';
