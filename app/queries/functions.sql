-- Functions that staff could be offered, the comments of schemas and of domain constraints.
select function.oid::bigint as oid, 'function' as what, namespace.nspname as schema, function.proname as name,
    obj_description(function.oid, 'pg_proc') as comment, format_type(function.prorettype, null) as returns,
    function.proretset as returns_set,
    (
        select json_agg(json_build_object(
            'name', coalesce(function.proargnames[place], ''),
            'type', format_type(argument, null),
            'has_default', place > function.pronargs - function.pronargdefaults
        ) order by place)
        from unnest(function.proargtypes) with ordinality as argument (argument, place)
    ) as arguments,
    (
        select json_agg(json_build_object(
            'name', coalesce(function.proargnames[place], ''),
            'type', format_type(result, null),
            'has_default', false
        ) order by place)
        from unnest(function.proallargtypes) with ordinality as result (result, place)
        where function.proargmodes[place] in ('o', 't')
    ) as results
from pg_catalog.pg_proc as function
join pg_catalog.pg_namespace as namespace on namespace.oid = function.pronamespace
where namespace.nspname = any(:schemas) and function.prokind = 'f' and function.prorettype <> 'trigger'::regtype
union all
select namespace.oid::bigint, 'schema', namespace.nspname, namespace.nspname,
    obj_description(namespace.oid, 'pg_namespace'), null, false, null, null
from pg_catalog.pg_namespace as namespace
where namespace.nspname = any(:schemas)
union all
select constraint_.oid::bigint, 'domain', namespace.nspname, constraint_.conname,
    obj_description(constraint_.oid, 'pg_constraint'), null, false, null, null
from pg_catalog.pg_constraint as constraint_
join pg_catalog.pg_namespace as namespace on namespace.oid = constraint_.connamespace
where namespace.nspname = any(:schemas) and constraint_.contypid <> 0
