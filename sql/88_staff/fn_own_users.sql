create or replace function staff.own_users(p_relation text, p_column text default null)
    returns text
    language sql
    stable
    set search_path = ''
as $$
    select string_agg(distinct format('%s.%s', class.relnamespace::regnamespace, class.relname), ', ')
    from pg_catalog.pg_depend as depends
    join pg_catalog.pg_rewrite as rewrite on rewrite.oid = depends.objid and depends.classid = 'pg_rewrite'::regclass
    join pg_catalog.pg_class as class on class.oid = rewrite.ev_class and class.oid <> depends.refobjid
    left join pg_catalog.pg_attribute as attribute on attribute.attrelid = depends.refobjid and attribute.attnum = depends.refobjsubid
    where depends.refclassid = 'pg_class'::regclass and depends.refobjid = to_regclass(p_relation)
        and (p_column is null or attribute.attname = p_column)
$$;
comment on function staff.own_users(text, text) is
    '使っているビュー。表または列を使うビューの名前。 | Views that use it. Their names, of a relation or of one of its columns.';
