select namespace.nspname as schema_name, function.proname as name, pg_get_function_identity_arguments(function.oid) as arguments,
    pg_get_function_result(function.oid) as result, function.prosecdef as is_definer, function.prorettype = 'trigger'::regtype as is_trigger,
    obj_description(function.oid, 'pg_proc') as comment,
    array(
        select role.rolname::text from pg_roles as role
        where role.rolname = any(%(roles)s) and has_function_privilege(role.oid, function.oid, 'execute')
        order by role.rolname
    ) as roles
from pg_proc as function
join pg_namespace as namespace on namespace.oid = function.pronamespace
where namespace.nspname = any(%(schemas)s)
order by array_position(%(schemas)s, namespace.nspname::text), function.proname, 3
