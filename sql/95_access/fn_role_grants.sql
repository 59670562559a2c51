create or replace function access.role_grants(p_staff_role text)
    returns table (object_name text, verb text, columns text[])
    language sql
    stable
    security definer
    set search_path = ''
as $$
    with role as (
        select known.oid from pg_catalog.pg_roles as known where known.rolname = access.role_name(p_staff_role)
    ), house as (
        select namespace.oid, namespace.nspname
        from pg_catalog.pg_namespace as namespace
        where namespace.nspname in ('base', 'catalog', 'channel', 'customer', 'sales', 'stock', 'shipping', 'mail', 'document', 'transit', 'staff', 'report', 'access')
    ), whole as (
        select class.oid, lower(acl.privilege_type) as verb
        from pg_catalog.pg_class as class
        cross join lateral pg_catalog.aclexplode(class.relacl) as acl
        join role on role.oid = acl.grantee
        where class.relkind in ('r', 'p', 'v', 'm')
    ), part as (
        select attribute.attrelid as oid, lower(acl.privilege_type) as verb, attribute.attnum, attribute.attname::text as name
        from pg_catalog.pg_attribute as attribute
        cross join lateral pg_catalog.aclexplode(attribute.attacl) as acl
        join role on role.oid = acl.grantee
        -- A shop's own columns are given by their rows (staff.own_column), not by a role's.
        where not attribute.attisdropped and attribute.attname not like 'x\_%'
            and not exists (select from whole where whole.oid = attribute.attrelid and whole.verb = lower(acl.privilege_type))
    )
    select format('%s.%s', house.nspname, class.relname), held.verb, held.columns
    from (
        select whole.oid, whole.verb, '{}'::text[] as columns from whole
        union all
        -- Where an own column is hidden from somebody, the whole table is granted by column.
        select part.oid, part.verb, case when count(*) = (
            select count(*) filter (where attribute.attname not like 'x\_%')
            from pg_catalog.pg_attribute as attribute
            where attribute.attrelid = part.oid and attribute.attnum > 0 and not attribute.attisdropped
            having bool_or(attribute.attname like 'x\_%')
        ) then '{}' else array_agg(part.name order by part.attnum) end
        from part
        group by part.oid, part.verb
    ) as held
    join pg_catalog.pg_class as class on class.oid = held.oid
    join house on house.oid = class.relnamespace
    where held.verb in ('select', 'insert', 'update', 'delete')
    union all
    select distinct format('%s.%s', house.nspname, function.proname), 'execute', '{}'::text[]
    from pg_catalog.pg_proc as function
    join house on house.oid = function.pronamespace
    cross join lateral pg_catalog.aclexplode(function.proacl) as acl
    join role on role.oid = acl.grantee
$$;
comment on function access.role_grants(text) is
    '役割の権限。全員に共通の分は除く。 | Rights of a role. Without those that everybody who works here has.';
