create or replace function staff.own_column_restore(p_own_column_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
    set lock_timeout = '3s'
as $$
declare
    v_own staff.own_column;
    v_table regclass;
    v_default text;
begin
    perform staff.own_begin();
    v_own := staff.own_column_of(p_own_column_id, true);
    v_table := staff.own_host(v_own.table_name);
    v_default := staff.own_default(v_own.kind, staff.own_type(v_own.kind, v_own.reference_table), v_own.default_text);
    execute format('alter table %s rename column %I to %I', v_table, 'x_removed_' || p_own_column_id, v_own.column_name);
    -- Rows that came meanwhile have none; what it pointed to may be gone.
    if v_own.is_required then
        execute format('update %s set %I = %s where %I is null', v_table, v_own.column_name, coalesce(v_default, 'null'), v_own.column_name);
    end if;
    if v_own.kind = 'reference' then
        execute format('update %s as host set %I = null where host.%I is not null and not exists (select from %s as target where target.%I = host.%I)',
            v_table, v_own.column_name, v_own.column_name, to_regclass(v_own.reference_table), staff.own_key(v_own.reference_table), v_own.column_name);
    end if;
    update staff.own_column as own_column
    set removed_at = null, removed_by = null, version = own_column.version + 1
    where own_column.own_column_id = p_own_column_id;
    perform staff.own_shape(p_own_column_id);
    perform staff.own_grant(v_own.table_name);
    perform staff.own_views_keep(true);
end;
$$;
comment on function staff.own_column_restore(bigint) is '外した列を戻す。値とともに。 | Bring back a removed column. With its values.';
