-- Every relation of the schemas with its columns and constraints, one row each.
with relation as (
    select class.oid, namespace.nspname, class.relname, class.relkind, class.reltuples, class.relrowsecurity
    from pg_catalog.pg_class as class
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
    where namespace.nspname = any(:schemas) and class.relkind in ('r', 'p', 'v', 'm') and not class.relispartition
), columns as (
    select attribute.attrelid,
        json_agg(json_build_object(
            'name', attribute.attname,
            'type', case when type.typtype = 'd' then format_type(type.typbasetype, type.typtypmod)
                else format_type(attribute.atttypid, attribute.atttypmod) end,
            'domain', case when type.typtype = 'd' then type.typname end,
            'nullable', not (attribute.attnotnull or type.typnotnull),
            'has_default', attribute.atthasdef or attribute.attidentity <> '' or type.typdefault is not null,
            'generated', attribute.attgenerated <> '' or attribute.attidentity = 'a',
            'comment', col_description(attribute.attrelid, attribute.attnum)
        ) order by attribute.attnum) as columns
    from pg_catalog.pg_attribute as attribute
    join relation on relation.oid = attribute.attrelid
    join pg_catalog.pg_type as type on type.oid = attribute.atttypid
    where attribute.attnum > 0 and not attribute.attisdropped
    group by attribute.attrelid
), constraints as (
    select constraint_.conrelid,
        json_agg(json_build_object(
            'name', constraint_.conname,
            'kind', constraint_.contype,
            'columns', (
                select array_agg(attribute.attname order by place)
                from unnest(constraint_.conkey) with ordinality as key (number, place)
                join pg_catalog.pg_attribute as attribute
                    on attribute.attrelid = constraint_.conrelid and attribute.attnum = key.number
            ),
            'target', target.nspname || '.' || target.relname,
            'target_columns', (
                select array_agg(attribute.attname order by place)
                from unnest(constraint_.confkey) with ordinality as key (number, place)
                join pg_catalog.pg_attribute as attribute
                    on attribute.attrelid = constraint_.confrelid and attribute.attnum = key.number
            ),
            'definition', case when constraint_.contype = 'c' then pg_get_constraintdef(constraint_.oid) end,
            'comment', obj_description(constraint_.oid, 'pg_constraint')
        ) order by constraint_.conname) as constraints
    from pg_catalog.pg_constraint as constraint_
    join relation on relation.oid = constraint_.conrelid
    left join relation as target on target.oid = constraint_.confrelid
    where constraint_.contype in ('p', 'u', 'f', 'c', 'x')
    group by constraint_.conrelid
)
select relation.oid::bigint as oid, relation.nspname as schema, relation.relname as name, relation.relkind as kind,
    relation.reltuples::bigint as rows, relation.relrowsecurity as row_security,
    obj_description(relation.oid, 'pg_class') as comment, coalesce(columns.columns, '[]') as columns,
    coalesce(constraints.constraints, '[]') as constraints, access.search_columns(relation.oid) as search_columns
from relation
left join columns on columns.attrelid = relation.oid
left join constraints on constraints.conrelid = relation.oid
order by relation.nspname, relation.relname
