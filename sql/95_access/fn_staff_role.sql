create or replace function access.staff_role()
    returns text
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
begin
    return (select account.staff_role from staff.account as account where account.account_id = access.account_id());
end;
$$;
comment on function access.staff_role() is '操作者の役割。 | Staff role. Of who is asking.';
