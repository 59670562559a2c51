create or replace function staff.own_apply()
    returns void
    language plpgsql
    security definer
    set search_path = ''
    set lock_timeout = '10s'
as $$
declare
    v_name text;
begin
    perform staff.own_begin();
    for v_name in select own_table.table_name from staff.own_table as own_table order by 1 loop
        perform staff.own_table_grant(v_name);
    end loop;
    for v_name in
        select distinct own_column.table_name from staff.own_column as own_column where own_column.table_name not like 'own.%' order by 1
    loop
        perform staff.own_grant(v_name);
    end loop;
    perform staff.own_views_keep(false);
end;
$$;
comment on function staff.own_apply() is
    '独自の権限とビューを配り直す。更新のたびと、SQL で列を加えたあとに。 | Apply own rights and views again. After each upgrade, and after adding a column by SQL.';
