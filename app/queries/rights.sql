-- What one database role may do with each relation and function, by grants alone. A view is read with its
-- reader's rights: it can be read when everything under it can.
with recursive relation as (
    select class.oid
    from pg_catalog.pg_class as class
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
    where namespace.nspname = any(:schemas) and class.relkind in ('r', 'p', 'v', 'm') and not class.relispartition
        and has_schema_privilege(:role, namespace.oid, 'usage')
), direct as (
    select distinct rewrite.ev_class as view_oid, depend.refobjid as under_oid
    from pg_catalog.pg_rewrite as rewrite
    join pg_catalog.pg_class as class on class.oid = rewrite.ev_class and class.relkind = 'v'
        and class.reloptions @> array['security_invoker=true']
    join relation on relation.oid = rewrite.ev_class
    join pg_catalog.pg_depend as depend on depend.classid = 'pg_rewrite'::regclass and depend.objid = rewrite.oid
        and depend.refclassid = 'pg_class'::regclass and depend.refobjid <> rewrite.ev_class
    join pg_catalog.pg_class as under on under.oid = depend.refobjid and under.relkind in ('r', 'p', 'v', 'm')
), under as (
    select direct.view_oid, direct.under_oid from direct
    union
    select under.view_oid, direct.under_oid from under join direct on direct.view_oid = under.under_oid
), closed as (
    select distinct under.view_oid from under where not has_any_column_privilege(:role, under.under_oid, 'select')
)
select relation.oid::bigint as oid, 'relation' as what,
    has_table_privilege(:role, relation.oid, 'delete') as may,
    case when relation.oid in (select closed.view_oid from closed) then '{}'
        else array(select attname::text from pg_catalog.pg_attribute where attrelid = relation.oid and attnum > 0
            and not attisdropped and has_column_privilege(:role, relation.oid, attnum, 'select')) end as may_read,
    array(select attname::text from pg_catalog.pg_attribute where attrelid = relation.oid and attnum > 0
        and not attisdropped and has_column_privilege(:role, relation.oid, attnum, 'insert')) as may_insert,
    array(select attname::text from pg_catalog.pg_attribute where attrelid = relation.oid and attnum > 0
        and not attisdropped and has_column_privilege(:role, relation.oid, attnum, 'update')) as may_update
from relation
union all
select function.oid::bigint, 'function', has_function_privilege(:role, function.oid, 'execute'), null, null, null
from pg_catalog.pg_proc as function
join pg_catalog.pg_namespace as namespace on namespace.oid = function.pronamespace
where namespace.nspname = any(:schemas) and function.prokind = 'f' and function.prorettype <> 'trigger'::regtype
    and has_schema_privilege(:role, namespace.oid, 'usage')
