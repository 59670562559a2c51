select namespace.nspname as schema_name, class.relname as name, class.relkind = 'v' as is_view,
    obj_description(class.oid, 'pg_class') as comment,
    (
        select string_agg(pg_get_expr(policy.polqual, policy.polrelid), ' ' order by policy.polname)
        from pg_policy as policy
        where policy.polrelid = class.oid
    ) as policy
from pg_class as class
join pg_namespace as namespace on namespace.oid = class.relnamespace
where namespace.nspname = any(%(schemas)s) and class.relkind in ('r', 'p', 'v', 'm')
order by array_position(%(schemas)s, namespace.nspname::text), class.relkind = 'v', class.relname
