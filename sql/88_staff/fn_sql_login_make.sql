create or replace function staff.sql_login_make(p_account_id bigint, p_verifier text)
    returns text
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform staff.account_keepable(p_account_id);
    return staff.sql_login_write(p_account_id, p_verifier);
end;
$$;
comment on function staff.sql_login_make(bigint, text) is
    'SQL ログインを作る。役割の権限だけを持つ。 | Make an SQL login. It holds the rights of the account''s role and nothing else; asked again, it gets another password.';
