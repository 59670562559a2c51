create or replace function staff.account_link_end(p_account_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform staff.account_keepable(p_account_id);
    update staff.account_link as link
    set ended_at = now()
    where link.account_id = p_account_id and link.used_at is null and link.ended_at is null;
end;
$$;
comment on function staff.account_link_end(bigint) is 'リンクを取り消す。 | Withdraw links. Those of an account that were not used.';
