create or replace function staff.own_key(p_table_name text)
    returns text
    language sql
    stable
    set search_path = ''
as $$
    select attribute.attname::text
    from pg_catalog.pg_index as index
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = index.indrelid and attribute.attnum = index.indkey[0]
    where index.indrelid = to_regclass(p_table_name) and index.indisprimary and index.indnkeyatts = 1
$$;
comment on function staff.own_key(text) is '表の鍵。一列のものだけ。 | Key of a table. Of one column, or null.';
