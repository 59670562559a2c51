create or replace function access.row_history(p_table_name text, p_row_key jsonb, p_limit integer)
    returns table (changed_at timestamptz, account_id bigint, login text, action text, change jsonb)
    language sql
    stable
    security definer
    set search_path = ''
as $$
    -- Past the row policies of the log, as access.change_entries: under them no index on the row's key can be used.
    select entry.changed_at, entry.account_id, entry.login, entry.action, entry.change
    from staff.audit_log as entry
    where entry.table_name = p_table_name and entry.row_key = p_row_key
        and (select access.sees_all()) and (
            select coalesce(bool_or(has_table_privilege(role.oid, 'staff.audit_log'::regclass, 'select')), false)
            from pg_catalog.pg_roles as role
            where role.rolname = access.role_name(access.role_in_force())
        )
    order by entry.audit_log_id desc
    limit greatest(0, least(p_limit, 1000))
$$;
comment on function access.row_history(text, jsonb, integer) is
    '一行の履歴。操作ログを読める人にだけ、新しい順に。 | Row history. What the audit log holds of one row, newest first, for those who may read the log.';
