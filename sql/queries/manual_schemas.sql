select namespace.nspname as name, obj_description(namespace.oid, 'pg_namespace') as comment
from pg_namespace as namespace
where namespace.nspname = any(%(schemas)s)
order by array_position(%(schemas)s, namespace.nspname::text)
