create or replace function staff.own_view_readers(p_report regclass, p_columns text[])
    returns text[]
    language sql
    stable
    set search_path = ''
as $$
    -- As the report view is granted; of those only who sees every column, because a view is read whole or not at all.
    select coalesce(array_agg(role.rolname::text order by role.rolname), '{}')
    from staff.staff_role as known
    join pg_catalog.pg_roles as role on role.rolname = access.role_name(known.staff_role)
    where known.ended_at is null and has_table_privilege(role.oid, p_report, 'select') and not exists (
        select from staff.own_view_columns(p_report) as found
        where found.shown_as = any(p_columns) and not has_column_privilege(role.oid, found.table_name, found.column_name, 'select')
    )
$$;
comment on function staff.own_view_readers(regclass, text[]) is
    '兄弟のビューを読む役割。 | Roles that read a sibling view. Those of the report view that see each of its own columns.';
