create or replace function staff.own_loss(p_own_table_id bigint, p_own_column_id bigint)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_column staff.own_column;
    v_table staff.own_table;
    v_count bigint;
begin
    if p_own_column_id is not null then
        v_column := staff.own_column_of(p_own_column_id, true);
        execute format('select count(%I) from %s', 'x_removed_' || p_own_column_id, staff.own_relation(v_column.table_name)) into v_count;
    else
        v_table := staff.own_table_of(p_own_table_id, true);
        execute format('select count(*) from %s', staff.own_relation(v_table.table_name)) into v_count;
    end if;
    return v_count;
end;
$$;
comment on function staff.own_loss(bigint, bigint) is
    '完全に消すと失う数。外した表の行、または外した列の値。 | What deleting would lose. Rows of a removed table, or values of a removed column.';
