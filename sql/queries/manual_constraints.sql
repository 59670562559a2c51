select namespace.nspname as schema_name, coalesce(class.relname, type.typname) as relation, con.conname as name,
    obj_description(con.oid, 'pg_constraint') as comment
from pg_constraint as con
join pg_namespace as namespace on namespace.oid = con.connamespace
left join pg_class as class on class.oid = con.conrelid
left join pg_type as type on type.oid = con.contypid
where namespace.nspname = any(%(schemas)s) and con.contype in ('c', 'u', 'x')
order by 1, 2, 3
