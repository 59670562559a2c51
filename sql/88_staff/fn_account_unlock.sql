create or replace function staff.account_unlock(p_account_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform staff.account_keepable(p_account_id);
    update staff.ab_user as login
    set locked_until = null, fail_login_count = 0
    from staff.account as account
    where account.account_id = p_account_id and login.id = account.user_id;
end;
$$;
comment on function staff.account_unlock(bigint) is '入れるようにする。失敗が続いて閉じたログインを開く。 | Unlock. Opens a login that failures in a row had closed.';
