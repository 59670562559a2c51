create or replace function staff.own_view_make(p_name text, p_report regclass, p_columns text[], p_is_strict boolean)
    returns void
    language plpgsql
    set search_path = ''
as $$
declare
    v_view regclass := to_regclass(format('own.%I', p_name));
    v_select text;
    v_text text;
    v_mark text;
    v_comments text;
    v_role text;
begin
    with wanted as (
        select found.shown_as, format('%I.%I as %I', found.alias, found.column_name, found.shown_as) as expression, 2 as place,
            row_number() over () as number, col_description(found.table_name::regclass, attribute.attnum) as comment
        from staff.own_view_columns(p_report) as found
        join pg_catalog.pg_attribute as attribute on attribute.attrelid = found.table_name::regclass and attribute.attname = found.column_name
        where found.shown_as = any(p_columns)
        union all
        select attribute.attname, format('shown.%I', attribute.attname), 1, attribute.attnum, col_description(p_report, attribute.attnum)
        from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = p_report and attribute.attnum > 0 and not attribute.attisdropped
    )
    -- In the order that is there, so that a view of the shop's own on top of it can stay
    select string_agg(wanted.expression, ', ' order by coalesce(now.attnum, 10000), wanted.place, wanted.number),
        string_agg(format('comment on column own.%I.%I is %L', p_name, wanted.shown_as, wanted.comment), '; ')
    into v_select, v_comments
    from wanted
    left join pg_catalog.pg_attribute as now on now.attrelid = v_view and now.attname = wanted.shown_as;
    select format('select %s from %s as shown', v_select, p_report) || string_agg(distinct format(
        ' left join %s as %I on %s', found.table_name, found.alias,
        (select string_agg(format('%I.%I = shown.%I', found.alias, key, key), ' and ') from unnest(found.key) as key)
    ), '')
    into v_text
    from staff.own_view_columns(p_report) as found
    where found.shown_as = any(p_columns);
    v_mark := format('@sibling(%s)', md5(v_text || v_comments || staff.own_view_readers(p_report, p_columns)::text));
    if obj_description(v_view, 'pg_class') like '%' || v_mark || '%' then
        return;
    end if;
    begin
        execute format('create or replace view own.%I with (security_invoker = true) as %s', p_name, v_text);
    exception
        when invalid_table_definition then
            if not staff.own_view_drop(p_name, p_is_strict) then
                return;
            end if;
            execute format('create view own.%I with (security_invoker = true) as %s', p_name, v_text);
    end;
    execute v_comments;
    execute format('comment on view own.%I is %L', p_name, format('%s %s', obj_description(p_report, 'pg_class'), v_mark));
    for v_role in
        select distinct role.rolname
        from pg_catalog.pg_class as class
        cross join lateral pg_catalog.aclexplode(class.relacl) as acl
        join pg_catalog.pg_roles as role on role.oid = acl.grantee
        where class.oid = format('own.%I', p_name)::regclass and acl.grantee <> class.relowner
    loop
        execute format('revoke all on own.%I from %I', p_name, v_role);
    end loop;
    foreach v_role in array staff.own_view_readers(p_report, p_columns) loop
        execute format('grant select on own.%I to %I', p_name, v_role);
    end loop;
end;
$$;
comment on function staff.own_view_make(text, regclass, text[], boolean) is
    '集計ビューの兄弟を作る。変わらなければ何もしない。 | Make a sibling of a report view. Does nothing when it would be the same.';
