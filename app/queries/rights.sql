-- What one database role may do with each relation and function, by grants alone.
select class.oid::bigint as oid, 'relation' as what,
    has_table_privilege(:role, class.oid, 'delete') as may,
    array(select attname::text from pg_catalog.pg_attribute where attrelid = class.oid and attnum > 0
        and not attisdropped and has_column_privilege(:role, class.oid, attnum, 'select')) as may_read,
    array(select attname::text from pg_catalog.pg_attribute where attrelid = class.oid and attnum > 0
        and not attisdropped and has_column_privilege(:role, class.oid, attnum, 'insert')) as may_insert,
    array(select attname::text from pg_catalog.pg_attribute where attrelid = class.oid and attnum > 0
        and not attisdropped and has_column_privilege(:role, class.oid, attnum, 'update')) as may_update
from pg_catalog.pg_class as class
join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
where namespace.nspname = any(:schemas) and class.relkind in ('r', 'p', 'v', 'm') and not class.relispartition
    and has_schema_privilege(:role, namespace.oid, 'usage')
union all
select function.oid::bigint, 'function', has_function_privilege(:role, function.oid, 'execute'), null, null, null
from pg_catalog.pg_proc as function
join pg_catalog.pg_namespace as namespace on namespace.oid = function.pronamespace
where namespace.nspname = any(:schemas) and function.prokind = 'f' and function.prorettype <> 'trigger'::regtype
    and has_schema_privilege(:role, namespace.oid, 'usage')
