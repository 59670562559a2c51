create or replace function staff.own_column_remove(p_own_column_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
    set lock_timeout = '3s'
as $$
declare
    v_own staff.own_column;
begin
    perform staff.own_begin();
    v_own := staff.own_column_of(p_own_column_id, false);
    execute format('alter table %s rename column %I to %I', staff.own_host(v_own.table_name), v_own.column_name, 'x_removed_' || p_own_column_id);
    update staff.own_column as own_column
    set removed_at = now(), removed_by = access.account_id(), version = own_column.version + 1
    where own_column.own_column_id = p_own_column_id;
    perform staff.own_shape(p_own_column_id);
    -- The views first: nobody could read one that still names it.
    perform staff.own_views_keep(true);
    perform staff.own_grant(v_own.table_name);
end;
$$;
comment on function staff.own_column_remove(bigint) is
    '独自の列を外す。隠すだけで、値は残る。 | Remove an own column. It is hidden; its values stay and can be brought back.';
