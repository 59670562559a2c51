create or replace function access.change_entries(p_change_no bigint, p_before bigint, p_limit integer)
    returns table (
        audit_log_id bigint, table_name text, action text, row_key jsonb, change jsonb, is_touched_since boolean, changed_at timestamptz
    )
    language sql
    stable
    security definer
    set search_path = ''
as $$
    -- Past the row policies of the log, in this folder: under them no index on the row's key can be used (measured: minutes).
    -- Whose change it is says its first entry: a number that somebody else set takes nothing over.
    select entry.audit_log_id, entry.table_name, entry.action, entry.row_key, entry.change,
        exists (
            select from staff.audit_log as later
            where later.table_name = entry.table_name and later.row_key = entry.row_key and later.audit_log_id > entry.audit_log_id
                and later.change_no is distinct from entry.change_no
        ),
        entry.changed_at
    from staff.audit_log as entry
    where entry.change_no = p_change_no and entry.audit_log_id < coalesce(p_before, 9223372036854775807)
        and entry.account_id = (
            select first.account_id from staff.audit_log as first
            where first.change_no = p_change_no order by first.audit_log_id limit 1
        )
        and (entry.account_id = (select access.account_id()) or (select access.role_in_force()) = 'owner' and (select access.sees_all()))
    order by entry.audit_log_id desc
    limit greatest(0, least(p_limit, 1000))
$$;
comment on function access.change_entries(bigint, bigint, integer) is
    '変更の中身。自分の変更だけ、店主は全員の。新しい順。 | Change entries. Of one''s own change, for the owner of anybody''s; newest first.';
