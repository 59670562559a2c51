-- Rights on whole relations carry no columns; those on some columns name them in the order of the table.
select namespace.nspname as schema_name, class.relname as name, role.rolname as role, verb.verb,
    case when has_table_privilege(role.oid, class.oid, verb.verb) then array[]::text[]
        else array_agg(attribute.attname::text order by attribute.attnum)
            filter (where has_column_privilege(role.oid, class.oid, attribute.attnum, case verb.verb when 'delete' then 'select' else verb.verb end))
    end as columns
from pg_class as class
join pg_namespace as namespace on namespace.oid = class.relnamespace
join pg_attribute as attribute on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped
cross join pg_roles as role
cross join unnest(array['select', 'insert', 'update', 'delete']) as verb (verb)
where namespace.nspname = any(%(schemas)s) and class.relkind in ('r', 'p', 'v', 'm') and role.rolname = any(%(roles)s)
    and (
        has_table_privilege(role.oid, class.oid, verb.verb)
        or verb.verb <> 'delete' and has_any_column_privilege(role.oid, class.oid, case verb.verb when 'delete' then 'select' else verb.verb end)
    )
group by namespace.nspname, class.oid, class.relname, role.oid, role.rolname, verb.verb
