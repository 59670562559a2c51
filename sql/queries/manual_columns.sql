select namespace.nspname as schema_name, class.relname as relation, attribute.attname as name,
    format_type(attribute.atttypid, attribute.atttypmod) as type, attribute.attnotnull as is_required,
    col_description(class.oid, attribute.attnum) as comment,
    (
        select target.oid::regclass::text
        from pg_constraint as con
        join pg_class as target on target.oid = con.confrelid
        where con.conrelid = class.oid and con.contype = 'f' and con.conkey = array[attribute.attnum]
    ) as refers_to,
    exists (
        select from pg_index as index where index.indrelid = class.oid and index.indisprimary and attribute.attnum = any(index.indkey)
    ) as is_key
from pg_class as class
join pg_namespace as namespace on namespace.oid = class.relnamespace
join pg_attribute as attribute on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped
where namespace.nspname = any(%(schemas)s) and class.relkind in ('r', 'p', 'v', 'm')
order by class.oid, attribute.attnum
