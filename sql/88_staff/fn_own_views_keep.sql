create or replace function staff.own_views_keep(p_is_strict boolean)
    returns void
    language plpgsql
    set search_path = ''
as $$
declare
    v_report record;
    v_column record;
    v_open text[];
    v_kept text[] := '{}';
    v_name text;
begin
    for v_report in
        select class.oid::regclass as report, class.relname::text as name
        from pg_catalog.pg_class as class
        where class.relnamespace = 'report'::regnamespace and class.relkind = 'v' and class.relname not like 'check\_%'
        order by class.relname
    loop
        select array_agg(found.shown_as) into v_open from staff.own_view_columns(v_report.report) as found where found.is_open;
        if v_open is not null and staff.own_view_is_free(v_report.name) then
            perform staff.own_view_make(v_report.name, v_report.report, v_open, p_is_strict);
            v_kept := v_kept || v_report.name;
        end if;
        -- A column that some of the view's readers may not see has a sibling of its own: with it they could read nothing of this one.
        for v_column in
            select found.shown_as from staff.own_view_columns(v_report.report) as found where not found.is_open and cardinality(found.readers) > 0
        loop
            v_name := left(format('%s_%s', v_report.name, v_column.shown_as), 63);
            if staff.own_view_is_free(v_name) then
                perform staff.own_view_make(v_name, v_report.report, array[v_column.shown_as], p_is_strict);
                v_kept := v_kept || v_name;
            end if;
        end loop;
    end loop;
    for v_name in
        select class.relname
        from pg_catalog.pg_class as class
        where class.relnamespace = 'own'::regnamespace and class.relkind = 'v' and class.relname <> all(v_kept)
            and obj_description(class.oid, 'pg_class') like '%@sibling(%'
    loop
        perform staff.own_view_drop(v_name, p_is_strict);
    end loop;
end;
$$;
comment on function staff.own_views_keep(boolean) is
    '集計ビューの兄弟を整える。独自の列が変わるたびに。 | Keep the siblings of report views. Whenever an own column changes.';
