create or replace function staff.own_columns_now(p_table_name text)
    returns table (own_column_id bigint, name text, readers text[], writers text[], is_removed boolean)
    language sql
    stable
    set search_path = ''
as $$
    select own_column.own_column_id, attribute.attname::text, own_column.readers, own_column.writers, own_column.removed_at is not null
    from staff.own_column as own_column
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = staff.own_relation(p_table_name) and not attribute.attisdropped
        and attribute.attname = case when own_column.removed_at is null then own_column.column_name
            else 'x_removed_' || own_column.own_column_id end
    where own_column.table_name = p_table_name
$$;
comment on function staff.own_columns_now(text) is '表にある独自の列。 | Own columns as they stand in a table.';
