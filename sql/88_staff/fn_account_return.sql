create or replace function staff.account_return(p_account_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform staff.account_keepable(p_account_id);
    update staff.account as account
    set ended_at = null, version = account.version + 1
    where account.account_id = p_account_id and account.ended_at is not null;
end;
$$;
comment on function staff.account_return(bigint) is
    '復帰させる。新しいリンクでパスワードを決めるまで入れない。 | Let an account return. Nobody signs in before a new link has set a password.';
