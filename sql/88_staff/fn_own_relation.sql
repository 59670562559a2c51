create or replace function staff.own_relation(p_table_name text)
    returns regclass
    language sql
    stable
    set search_path = ''
as $$
    select to_regclass(coalesce((
        select 'own.removed_' || own_table.own_table_id
        from staff.own_table as own_table
        where own_table.table_name = p_table_name and own_table.removed_at is not null
    ), p_table_name))
$$;
comment on function staff.own_relation(text) is '表を指す。外した表は隠した名前で。 | Find a table. A removed one under its hidden name.';
