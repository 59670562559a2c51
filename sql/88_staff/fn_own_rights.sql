create or replace function staff.own_rights(p_table_name text)
    returns table (grantee text, verb text, is_wide boolean, is_whole boolean, hidden text[], shown text[])
    language sql
    stable
    set search_path = ''
as $$
    with host as (
        select class.oid, class.relacl, class.relowner
        from pg_catalog.pg_class as class
        where class.oid = staff.own_relation(p_table_name)
    ), own_column as (
        select column_now.name, column_now.readers, column_now.writers, column_now.is_removed
        from staff.own_columns_now(p_table_name) as column_now
    ), held as (
        select acl.grantee, lower(acl.privilege_type) as verb, null::text as name
        from host cross join lateral pg_catalog.aclexplode(host.relacl) as acl
        union all
        select acl.grantee, lower(acl.privilege_type), attribute.attname
        from host
        join pg_catalog.pg_attribute as attribute on attribute.attrelid = host.oid and not attribute.attisdropped
        cross join lateral pg_catalog.aclexplode(attribute.attacl) as acl
    ), named as (
        select distinct role.oid as grantee, verb.verb, null::text as name
        from own_column
        cross join lateral (
            select 'select' as verb, unnest(own_column.readers) as code
            union all select 'update', unnest(own_column.writers)
            union all select 'insert', unnest(own_column.writers)
        ) as verb
        join pg_catalog.pg_roles as role on role.rolname = access.role_name(verb.code)
    ), wide as (
        -- Who holds every column of ours that is not an own one holds the table, however it was granted.
        select held.grantee, held.verb, bool_or(held.name is null) as is_whole,
            bool_or(held.name is null) or count(distinct held.name) filter (
                where held.name !~ '^x_' and held.name not in (select own_column.name from own_column)
            ) = (
                select count(*)
                from pg_catalog.pg_attribute as attribute
                where attribute.attrelid = host.oid and attribute.attnum > 0 and not attribute.attisdropped and attribute.attname !~ '^x_'
                    and attribute.attname not in (select own_column.name from own_column)
            ) as is_wide
        from held cross join host
        group by held.grantee, held.verb, host.oid
    ), asked as (
        select grantee, verb from held union select grantee, verb from named
    )
    select role.rolname::text, asked.verb, coalesce(wide.is_wide, false), coalesce(wide.is_whole, false),
        coalesce(array_agg(own_column.name) filter (where own_column.name is not null and not may.may), '{}'),
        coalesce(array_agg(own_column.name) filter (where own_column.name is not null and may.may), '{}')
    from asked
    cross join host
    join pg_catalog.pg_roles as role on role.oid = asked.grantee
    left join wide on wide.grantee = asked.grantee and wide.verb = asked.verb
    left join own_column on true
    cross join lateral (
        select case
            when own_column.is_removed then false
            when asked.verb = 'select' then own_column.readers is null or role.rolname = any(
                select access.role_name(code) from unnest(own_column.readers) as code)
            when asked.verb = 'insert' and not exists (
                select from pg_catalog.pg_attribute as attribute
                where attribute.attrelid = host.oid and attribute.attnum > 0 and not attribute.attisdropped
                    and attribute.attname not in (select other.name from own_column as other)
                    and has_column_privilege(role.oid, host.oid, attribute.attnum, 'insert')
            ) then false
            else role.rolname = any(select access.role_name(code) from unnest(own_column.writers) as code)
        end as may
    ) as may
    where asked.verb in ('select', 'insert', 'update') and asked.grantee <> host.relowner
        -- What runs by itself sees and keeps every column.
        and role.rolname not in ('daicho_function', 'daicho_worker')
    group by role.rolname, asked.verb, wide.is_wide, wide.is_whole
$$;
comment on function staff.own_rights(text) is
    '独自の列の権限。誰に何を見せ、何を隠すか。 | Rights to own columns. What each grantee is shown and what is hidden.';
