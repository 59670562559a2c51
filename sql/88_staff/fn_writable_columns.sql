create or replace function staff.writable_columns(p_table regclass, p_change jsonb, p_right text)
    returns text[]
    language sql
    stable
    set search_path = ''
as $$
    select coalesce(array_agg(attribute.attname::text order by attribute.attnum), '{}')
    from pg_catalog.pg_attribute as attribute
    where attribute.attrelid = p_table and attribute.attnum > 0 and not attribute.attisdropped and attribute.attgenerated = ''
        and jsonb_typeof(p_change -> attribute.attname) = 'object'
        and pg_catalog.has_column_privilege(p_table, attribute.attnum, p_right)
$$;
comment on function staff.writable_columns(regclass, jsonb, text) is
    '戻せる列。変更のうち、自分に許された列。 | Writable columns. Those of a change that whoever asks may write.';
