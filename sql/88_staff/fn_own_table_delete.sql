create or replace function staff.own_table_delete(p_own_table_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
    set lock_timeout = '3s'
as $$
declare
    v_own staff.own_table;
begin
    perform staff.own_begin();
    v_own := staff.own_table_of(p_own_table_id, true);
    begin
        execute format('drop table own.%I', 'removed_' || p_own_table_id);
    exception
        when dependent_objects_still_exist then
            raise exception '表「%」をビューなど（%）が使っています。 | A view or the like (%) uses the table "%".', v_own.table_name,
                coalesce(staff.own_users('own.removed_' || p_own_table_id), '—'),
                coalesce(staff.own_users('own.removed_' || p_own_table_id), '—'), v_own.table_name
                using errcode = 'DC010', hint = '先にそのビューを変えます。 | Change that view first.';
    end;
    delete from staff.own_column as own_column where own_column.table_name = v_own.table_name;
    delete from staff.own_table as own_table where own_table.own_table_id = p_own_table_id;
end;
$$;
comment on function staff.own_table_delete(bigint) is
    '外した表を完全に消す。中身は戻らない。 | Delete a removed table for good. What it holds does not come back.';
