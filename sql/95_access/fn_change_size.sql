create or replace function access.change_size(p_change_no bigint)
    returns integer
    language sql
    stable
    security definer
    set search_path = ''
as $$
    -- As change_entries, without looking at each row's later history: that was measured at minutes for a large change.
    select count(*)::integer
    from staff.audit_log as entry
    where entry.change_no = p_change_no
        and entry.account_id = (
            select first.account_id from staff.audit_log as first
            where first.change_no = p_change_no order by first.audit_log_id limit 1
        )
        and (entry.account_id = (select access.account_id()) or (select access.role_in_force()) = 'owner' and (select access.sees_all()))
$$;
comment on function access.change_size(bigint) is '変更の行数。自分の変更、店主は全員の。 | Change size. How many rows of one''s own change, for the owner of anybody''s.';
