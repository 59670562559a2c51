create or replace function staff.own_column_delete(p_own_column_id bigint)
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
    v_own := staff.own_column_of(p_own_column_id, true);
    begin
        execute format('alter table %s drop column %I', staff.own_host(v_own.table_name), 'x_removed_' || p_own_column_id);
    exception
        when dependent_objects_still_exist then
            raise exception '列「%」をビューなど（%）が使っています。 | A view or the like (%) uses the column "%".', v_own.column_name,
                coalesce(staff.own_users(v_own.table_name, 'x_removed_' || p_own_column_id), '—'),
                coalesce(staff.own_users(v_own.table_name, 'x_removed_' || p_own_column_id), '—'), v_own.column_name
                using errcode = 'DC010', hint = '先にそのビューを変えます。 | Change that view first.';
    end;
    delete from staff.own_column as own_column where own_column.own_column_id = p_own_column_id;
    perform staff.own_grant(v_own.table_name);
end;
$$;
comment on function staff.own_column_delete(bigint) is
    '外した列を完全に消す。値は戻らない。 | Delete a removed column for good. Its values do not come back.';
