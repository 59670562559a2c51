create or replace function access.account_id()
    returns bigint
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
begin
    -- plpgsql, because a function that reads staff.account must not be inlined into its caller's rights.
    if session_user in ('daicho_web', 'daicho_worker') then
        return (
            select account.account_id from staff.account as account
            where account.account_id = nullif(current_setting('daicho.account_id', true), '')::bigint and account.ended_at is null
        );
    end if;
    return (
        select account.account_id from staff.account as account
        where account.sql_login = session_user and account.ended_at is null
    );
end;
$$;
comment on function access.account_id() is
    '操作者。画面と作業係のログインだけが名乗れ、ほかはログインの持ち主。 | Account. Who is asking: stated by the web and worker logins alone, else whose login it is.';
