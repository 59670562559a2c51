create or replace function access.sees_all_jobs()
    returns boolean
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
begin
    return coalesce((
        select account.sees_all_shops and account.sees_all_warehouses and access.role_in_force() in ('owner', 'manager', 'system')
        from staff.account as account
        where account.account_id = access.account_id()
    ), false);
end;
$$;
comment on function access.sees_all_jobs() is
    '全員のジョブを見る。 | Sees all jobs. Whether who is asking sees what others asked for: owners and managers of everything.';
