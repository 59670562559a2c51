create or replace function staff.account_end(p_account_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform staff.account_keepable(p_account_id);
    update staff.account as account
    set ended_at = now(), version = account.version + 1
    where account.account_id = p_account_id and account.ended_at is null;
end;
$$;
comment on function staff.account_end(bigint) is
    '退職にする。入室・トークン・SQL ログインをすぐ終える。記録は残る。 | End an account. Sessions, tokens and SQL login end at once; its history stays.';
