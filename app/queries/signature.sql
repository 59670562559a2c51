-- One text that changes when anything changes that screens are made of: relations, columns, defaults, keys,
-- comments, functions, grants, row security and role memberships. Cheap enough to be asked every second.
with relation as (
    select class.oid, class.relname, class.relkind, class.relnamespace, class.relrowsecurity, class.relacl
    from pg_catalog.pg_class as class
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
    where namespace.nspname = any(:schemas) and class.relkind in ('r', 'p', 'v', 'm')
)
select md5(string_agg(fact, ',' order by fact))
from (
    select concat_ws('.', oid, relname, relkind, relnamespace, relrowsecurity, md5(relacl::text)) as fact from relation
    union all
    select concat_ws('.', 'column', attribute.attrelid, attribute.attnum, attribute.xmin)
    from pg_catalog.pg_attribute as attribute
    join relation on relation.oid = attribute.attrelid
    where attribute.attnum > 0
    union all
    select concat_ws('.', 'default', attrdef.adrelid, attrdef.adnum, attrdef.xmin)
    from pg_catalog.pg_attrdef as attrdef
    join relation on relation.oid = attrdef.adrelid
    union all
    select concat_ws('.', 'constraint', constraint_.oid, constraint_.xmin)
    from pg_catalog.pg_constraint as constraint_
    join pg_catalog.pg_namespace as namespace on namespace.oid = constraint_.connamespace
    where namespace.nspname = any(:schemas)
    union all
    select concat_ws('.', 'function', function.oid, function.xmin)
    from pg_catalog.pg_proc as function
    join pg_catalog.pg_namespace as namespace on namespace.oid = function.pronamespace
    where namespace.nspname = any(:schemas)
    union all
    select concat_ws('.', 'schema', namespace.oid, namespace.nspname, md5(namespace.nspacl::text))
    from pg_catalog.pg_namespace as namespace
    where namespace.nspname = any(:schemas)
    union all
    select concat_ws('.', 'comment', count(*), sum(hashtext(description.xmin::text)))
    from pg_catalog.pg_description as description
    where description.objoid >= 16384
    union all
    select concat_ws('.', 'member', member.roleid, member.member) from pg_catalog.pg_auth_members as member
    where member.roleid >= 16384
) as facts
