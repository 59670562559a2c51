create or replace function staff.account_keepable(p_account_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    if not exists (select from staff.account as account where account.account_id = p_account_id and account.staff_role <> 'system') then
        raise exception '担当者 % がいません。 | There is no account %.', p_account_id, p_account_id using errcode = 'DC404', hint = '「人とログイン」から選びます。 | Choose from the page People.';
    end if;
    if not coalesce(access.may_keep(p_account_id), false) then
        raise exception 'この人には、あなたにない権限か範囲があります。 | This person holds rights or a scope that you do not.'
            using errcode = 'DC403', hint = '店主に頼みます。 | Ask the owner.';
    end if;
end;
$$;
comment on function staff.account_keepable(bigint) is
    '世話してよいか確かめる。 | Check an account. Refuses one that is not there, or that holds more than who is asking.';
