create or replace function staff.own_view_columns(p_view regclass)
    returns table (table_name text, alias text, column_name text, shown_as text, key text[], is_open boolean, readers text[])
    language sql
    stable
    set search_path = ''
as $$
    with recursive under as (
        select p_view::oid as oid
        union
        select depend.refobjid
        from under
        join pg_catalog.pg_rewrite as rewrite on rewrite.ev_class = under.oid
        join pg_catalog.pg_depend as depend on depend.classid = 'pg_catalog.pg_rewrite'::regclass and depend.objid = rewrite.oid
            and depend.refclassid = 'pg_catalog.pg_class'::regclass
    ), host as (
        -- Only a table whose whole key the view shows: one row joins one row.
        select class.oid, class.relname, array_agg(attribute.attname::text order by attribute.attnum) as key
        from under
        join pg_catalog.pg_class as class on class.oid = under.oid and class.relkind in ('r', 'p')
        join pg_catalog.pg_index as index on index.indrelid = class.oid and index.indisprimary
        join pg_catalog.pg_attribute as attribute on attribute.attrelid = class.oid and attribute.attnum = any(index.indkey)
        group by class.oid, class.relname
        having bool_and(exists (
            select from pg_catalog.pg_attribute as shown
            where shown.attrelid = p_view and shown.attname = attribute.attname and shown.attnum > 0 and not shown.attisdropped
        ))
    ), own_column as (
        select host.oid, host.relname, host.key, attribute.attname::text as name,
            row_number() over (partition by attribute.attname order by coalesce(known.own_column_id, 0), host.relname) as place
        from host
        join pg_catalog.pg_attribute as attribute on attribute.attrelid = host.oid and attribute.attname like 'x\_%'
            and attribute.attname not like 'x\_removed\_%' and attribute.attnum > 0 and not attribute.attisdropped
        left join staff.own_column as known on known.table_name = host.oid::regclass::text and known.column_name = attribute.attname
    ), reader as (
        select role.oid, role.rolname
        from staff.staff_role as known
        join pg_catalog.pg_roles as role on role.rolname = access.role_name(known.staff_role)
        where known.ended_at is null and has_table_privilege(role.oid, p_view, 'select')
    )
    select own_column.oid::regclass::text, own_column.relname::text, own_column.name,
        case own_column.place when 1 then own_column.name else left(format('x_%s_%s', own_column.relname, substr(own_column.name, 3)), 63) end,
        own_column.key, coalesce(bool_and(may.may), true), coalesce(array_agg(reader.rolname::text) filter (where may.may), '{}')
    from own_column
    left join reader on has_any_column_privilege(reader.oid, own_column.oid, 'select')
    left join lateral (select has_column_privilege(reader.oid, own_column.oid, own_column.name, 'select') as may) as may on reader.oid is not null
    group by own_column.oid, own_column.relname, own_column.name, own_column.place, own_column.key
    order by own_column.oid, own_column.name
$$;
comment on function staff.own_view_columns(regclass) is
    '集計ビューの下の表にある独自の列。全員に開いているか、誰が見るか。 | Own columns beneath a report view. Whether all its readers see them, else who does.';
